"""Questions about the past -> a Message: of a number, a person or a day, in one or two queries each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.messages import history_answers as words
from bot.messages.admin_answers import type_instead
from bot.messages.answer_pages import Asked
from bot.messages.blocks import Message, name
from core.asking.former import FormerNames, words_asked
from core.asking.lookup import Lookup
from core.models import Assigned, ExtensionRange, Free, Held, HistoryEntry
from core.ports import Clock, RunRecords, TableReader
from core.words.periods import DASHES, Period, looks_like_a_day, period_in

_KEPT_DAYS = 400
RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
_PLAN = re.compile(r"plan[0-9a-f]{16}")  # people may be called Planck
# What is written before a user id in the words of a button.
_BY_ID = "id:"


class Histories(Struct, frozen=True):
    """Answers what was. Every method raises Unavailable when the table can't answer."""

    lookup: Lookup
    reader: TableReader
    extensions: ExtensionRange
    named: Callable[[str], Sequence[Assigned]]
    records: RunRecords
    clock: Clock

    def of(self, text: str, page: int = 0) -> Message:
        """The history of the number, person, day or run that the words name."""
        now, text = self.clock(), text.translate(DASHES).rstrip(" ?.!")
        period, about = period_in(text, now.date())
        if period and about and not about.isdecimal() and self.named(text):  # people are called Ayer and Hier
            period, about = None, text
        about = re.sub(r"^(?:(?:of|for|had|has|is|was|on|run)\s+)+", "", about.strip(), flags=re.IGNORECASE)
        asked = Asked(_asking(about, period), page)
        number = self.extensions.normalise(about)
        if number and number in self.extensions:
            (state,) = self.reader.read_consistent([number]).states
            if isinstance(state, Held) and state.over(now):
                state = Free(number)
            entries = self.reader.history_of_number(number, state)
            return words.history_of_number(number, state, entries, period, asked)
        if RUN.fullmatch(about):
            return words.history_of_run(about, self._of_run(about), asked)
        if _PLAN.fullmatch(about):
            return words.changes_of_plan(self.records.all_withheld(about), asked)
        if about.startswith(_BY_ID):
            return self._of_agent(about.removeprefix(_BY_ID), "This agent", period, page)
        if period and looks_like_a_day(about):  # from one day to another, not written as numbers
            return self._no_day(about)
        if about:
            return self._of_person(about, period, now, page)
        if period and period.first == period.last:
            return words.history_of_day(period, self._of_day(period), self.lookup.examples(), asked)
        return self._instead("Of whom, of which number, or of which day?")

    def of_agent(self, agent_id: str, text: str) -> Message:
        """The history of an agent, in the period that the text names."""
        period, _ = period_in(text, self.clock().date())
        return self._of_agent(agent_id, "This agent", period, 0)

    def _of_agent(self, agent_id: str, label: str, period: Period | None, page: int) -> Message:
        return self._told(agent_id, label, self.reader.of_agent(agent_id), period, page)

    def _told(
        self, agent_id: str, label: str, now: Assigned | None, period: Period | None, page: int
    ) -> Message:
        entries = self.reader.history_of_agent(agent_id, now)
        label = now.label if now else next((each.label for each in reversed(entries)), label)
        return words.history_of_person(label, now, entries, period, Asked(_by_id(agent_id, period), page))

    def _of_person(self, about: str, period: Period | None, now: datetime, page: int) -> Message:
        found = {person.agent_id: words.Whose(person, "") for person in self.named(about)}
        found |= {
            agent_id: gone for agent_id, gone in self._gone(about, now).items() if agent_id not in found
        }
        if not any(found):
            found = {
                match.entry.agent_id: words.Whose(match.entry, "")
                for match in self.lookup.people(about).matches
            }
        elif len(found) == 1:
            (whose,) = found.values()
            person = whose.person
            now_is = self.lookup.now_of(person.agent_id, whose.until) if whose.until else person
            return self._told(person.agent_id, person.label, now_is, period, page)
        people = [
            replace(each, words=_by_id(agent_id, period)) for agent_id, each in found.items() if agent_id
        ]
        if people:
            return words.whose_history(people, Asked(_asking(about, period), page))
        if about.isdecimal():
            return self._instead(
                f"{name(about)} is not one of our numbers. They run from {self.extensions.in_words}."
            )
        if looks_like_a_day(about):
            return self._no_day(about)
        return self._instead(f"I can't find anybody called “{name(about)}”.")

    def _gone(self, about: str, now: datetime) -> dict[str, words.Whose]:
        """The people who were called so once, by user id, newest first: all that the history has."""
        since = now - timedelta(days=_KEPT_DAYS)
        losses = FormerNames(self.reader.losses_named(words_asked(about), since)).called(about)
        return {
            loss.agent_id: words.Whose(
                Assigned(loss.extension, loss.agent_id, loss.username, name=loss.before or loss.name),
                "",
                loss.at,
            )
            for loss in losses
            if loss.agent_id
        }

    def _no_day(self, about: str) -> Message:
        how = "Write it as 2026-05-03, or 2026-05-03 to 2026-05-09."
        return self._instead(f"“{name(about)}” is no day that I know. {how}")

    def _instead(self, lead: str) -> Message:
        """The questions about the past that can be asked."""
        examples = self.lookup.examples()
        typed = (examples.first, f"{examples.number} in may", f"{self.clock():%Y-%m-%d}")
        return type_instead(lead, *(f"/ext-admin history {each}" for each in typed))

    def _of_run(self, run_id: str) -> list[HistoryEntry]:
        """The changes of a run; it may have gone on past midnight."""
        day, _ = period_in(f"{run_id[:4]}-{run_id[4:6]}-{run_id[6:8]}", self.clock().date())
        lines = self._of_day(day, days=2) if day else []
        return [line for line in lines if line.run_id == run_id]

    def _of_day(self, period: Period, days: int = 1) -> list[HistoryEntry]:
        begin = datetime.combine(period.first, time.min, UTC)
        return [*self.reader.history(begin - timedelta(seconds=1), begin + timedelta(days=days, seconds=-1))]


def _asking(about: str, period: Period | None) -> str:
    """The words that ask for this history."""
    return " ".join(["history", *([about] if about else []), *([period.words] if period else [])])


def _by_id(agent_id: str, period: Period | None) -> str:
    return _asking(f"{_BY_ID}{agent_id}", period)
