"""Questions about the past -> a Message: of a number, a person or a day, in one or two queries each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.messages import history_answers as words
from bot.messages.admin_answers import type_instead
from bot.messages.blocks import Message, name
from core.history import Period, period_in
from core.lookup import Lookup
from core.models import Assigned, ExtensionRange, HistoryEntry
from core.ports import TableReader


@dataclass(frozen=True, slots=True)
class Histories:
    """Answers what was. Every method raises Unavailable when the table can't answer."""

    lookup: Lookup
    reader: TableReader
    extensions: ExtensionRange
    named: Callable[[str], Sequence[Assigned]]

    def of(self, text: str) -> Message:
        """The history of what the words name: a number, a person, a day."""
        now = datetime.now(UTC)
        period, about = period_in(text, now.date())
        about = re.sub(r"^(?:of|for|had|has)\s+", "", about.strip(), flags=re.IGNORECASE)
        number = self.extensions.normalise(about)
        if number and number in self.extensions:
            (state,) = self.reader.read_consistent([number]).states
            return words.history_of_number(number, state, self.reader.history_of_number(number), period)
        if about:
            return self._of_person(about, period, now)
        if period and period.first == period.last:
            return words.history_of_day(period, self._of_day(period), self.lookup.examples())
        return self._instead("Of whom, of which number, or of which day?")

    def of_agent(self, agent_id: str, label: str, period: Period | None = None) -> Message:
        """Tell the history of an agent."""
        now = self.reader.of_agent(agent_id)
        entries = self.reader.history_of_agent(agent_id)
        label = now.label if now else next((each.label for each in reversed(entries)), label)
        return words.history_of_person(label, now, entries, period)

    def _of_person(self, about: str, period: Period | None, now: datetime) -> Message:
        people = [person for person in self.named(about) if person.agent_id]
        if len(people) == 1:
            return self.of_agent(people[0].agent_id, people[0].label, period)
        former = [each for each in self.lookup.former(about, now) if each.agent_id]
        if len(former) == 1 and not people:
            return self.of_agent(former[0].agent_id, former[0].name, period)
        people = people or [
            match.entry for match in self.lookup.people(about).matches if match.entry.agent_id
        ]
        if people:
            return words.whose_history(people[:10], about)
        return self._instead(f"I can't find anybody called “{name(about)}”.")

    def _instead(self, lead: str) -> Message:
        """The questions about the past that can be asked."""
        examples = self.lookup.examples()
        typed = (examples.first, f"{examples.number} in may", f"{datetime.now(UTC):%Y-%m-%d}")
        return type_instead(lead, *(f"/ext-admin history {each}" for each in typed))

    def _of_day(self, period: Period) -> list[HistoryEntry]:
        begin = datetime.combine(period.first, time.min, UTC)
        return [*self.reader.history(begin - timedelta(seconds=1), begin + timedelta(days=1, seconds=-1))]
