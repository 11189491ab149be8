"""The words of a forward -> an order: for oneself, or by an admin for somebody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, tzinfo

from msgspec import Struct

from bot.messages.button_values import AgentRef
from bot.slack.members import Members
from bot.slack.payload import Written
from core.asking.lookup import Lookup
from core.errors import Refused
from core.models import Assigned, iso
from core.numbering.orders import EndForward, Forward
from core.words.deadlines import deadline, split_deadline

_VERB = re.compile(r"^\s*forward(?:ing)?(?:\s+(?:my\s+)?calls)?(?:\s+to)?(?=\s|$)\s*", re.IGNORECASE)
_OFF = ("off", "stop", "end", "none", "cancel")
_JOINED = re.compile(r"(?<=\s)(?:to|->)(?=\s)", re.IGNORECASE)
_MOST_NAMED = 5


class Forwarding(Struct, frozen=True):
    """Reads forwards. Times are those of `timezone`. Raises Refused, with what to type instead."""

    lookup: Lookup
    members: Members
    timezone: tzinfo
    clock: Callable[[], datetime]

    def of_oneself(self, said: Written, by: str) -> Forward | EndForward:
        """The order of `/ext forward bob until friday`, or `off`."""
        own, words = self.own(by), _VERB.sub("", said.text, count=1)
        if words.strip().casefold().rstrip(".!") in _OFF:
            return EndForward(own.agent_id)
        who, when = split_deadline(f" {words}")
        command = "/ext forward"
        to = _there(self._colleague(who, said.mentions, command, when))
        return Forward(own.agent_id, to.agent_id, self._until(when, f"{command} {who or 'NAME'}"))

    def of_somebody(self, said: Written) -> Forward | EndForward:
        """The order of `/ext-admin forward jane to bob until friday`, or `forward jane off`."""
        words = _VERB.sub("", said.text, count=1).strip()
        first, _, last = words.rpartition(" ")
        if last.casefold().rstrip(".!") in _OFF and first:
            return EndForward(self._person(first, "/ext-admin forward {} off").agent_id)
        names, when = split_deadline(f" {words}")
        pairs = [(names[: at.start()].strip(), names[at.end() :].strip()) for at in _JOINED.finditer(names)]
        if not pairs:
            raise Refused("Say whose calls go to whom: /ext-admin forward NAME to NAME until friday")
        # Somebody may be called Kim To: of several readings the ones count that name somebody twice.
        whole = [pair for pair in pairs if all(self.lookup.exactly(who) for who in pair)] or pairs[:1]
        if len(whole) > 1:
            raise Refused(
                "That may mean several people. Write usernames: /ext-admin forward USERNAME to USERNAME"
            )
        who, to = whole[0]
        agent = self._person(who, f"/ext-admin forward {{}} to {to} {when}")
        other = self._person(to, f"/ext-admin forward {who} to {{}} {when}")
        return Forward(agent.agent_id, other.agent_id, self._until(when, f"/ext-admin forward {who} to {to}"))

    def to(self, colleague: AgentRef, until: str, by: str) -> Forward:
        """The order of the form, for whoever was picked; `until` is an end that `until()` has read."""
        if not colleague.agent_id:
            raise Refused("I don't have their Connect user id yet. An admin runs /ext-sync first.")
        if current := self.members.current(colleague):
            _there(current)
        return Forward(self.own(by).agent_id, colleague.agent_id, until)

    def until(self, when: str) -> str:
        """The end that the form's field says, in ISO 8601."""
        now = self.clock().astimezone(self.timezone)
        if end := deadline(when, now) or deadline(f"for {when}", now):
            return iso(end)
        raise Refused("I can't read that as an end. Write friday, 5 pm or 2 hours.")

    def own(self, by: str) -> Assigned:
        """The agent that a member is, by a verified email: calls are not led away on somebody's own word."""
        known = self.members.agent_of(by)
        if known is None:
            raise Refused("I don't know your number. /ext me says why.")
        if known.linked:
            raise Refused(
                "I know who you are by your own word only. An admin can forward your calls: "
                f"/ext-admin forward {known.entry.username} to NAME until friday"
            )
        return known.entry

    def _colleague(self, who: str, mentions: tuple[str, ...], command: str, when: str) -> Assigned:
        if not mentions:
            if not who:
                raise Refused(f"Say to whom your calls go, and until when: {command} NAME until friday")
            return self._person(who, f"{command} {{}} {when or 'until friday'}")
        known = self.members.agent_of(mentions[0]) if len(mentions) == 1 and not who else None
        if known is None or known.linked:
            raise Refused(
                f"I can't tell which agent that is. Write the username: {command} NAME until friday"
            )
        return known.entry

    def _person(self, who: str, command: str) -> Assigned:
        """The one person whom all of the words name; `command` has a place for the username."""
        named = [*self.lookup.exactly(who)]
        if len(named) == 1 and named[0].agent_id:
            return named[0]
        several = named or [match.entry for match in self.lookup.people(who).matches]
        if not several:
            raise Refused(f"I can't find anybody called {who[:80]}.")
        which = ", ".join(f"{each.label} ({each.username})" for each in several[:_MOST_NAMED])
        raise Refused(f"Which one: {which}? Write the username: {command.format('USERNAME')}")

    def _until(self, when: str, command: str) -> str:
        if not when:
            raise Refused(f"Say until when: {command} until friday")
        until = deadline(when, self.clock().astimezone(self.timezone))
        if until is None:
            raise Refused(f"I can't read “{when[:80]}” as an end. Write, as an example: {command} until 5 pm")
        return iso(until)


def _there(colleague: Assigned) -> Assigned:
    """The colleague, whom Connect lists as far as the last sync knows. Raises Refused."""
    if colleague.release_waits:
        raise Refused(f"{colleague.label} is not in Amazon Connect any more: nobody would take your calls.")
    return colleague
