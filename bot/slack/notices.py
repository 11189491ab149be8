"""Notices: direct messages to agents that they did not ask for, about their number and their missed calls."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct
from slack_sdk import WebClient

from bot.messages import notice_text as words
from bot.messages.blocks import Message
from bot.slack.clients import member_with_email, missing_scope, slack_code
from bot.slack.removal import is_removed
from bot.slack.replies import post
from core.models import ChangeKind, HistoryEntry
from core.ports import Connect, Incidents, Links

_log = logging.getLogger(__name__)


class Sent(StrEnum):
    """The fate of a notice."""

    SENT = "sent"
    UNKNOWN = "no Slack member has the agent's email"
    UNWANTED = "the member wants no notices"
    NO_SCOPE = "the app lacks a scope in Slack"
    REMOVED = "the app was removed from Slack"
    FAILED = "Slack or Amazon Connect did not answer"


class Notices(Struct, frozen=True):
    """Sends notices. No failure of Slack, Connect or the table raises: numbers never depend on a notice."""

    client: WebClient
    connect: Connect
    links: Links
    incidents: Incidents

    def send(self, agent_id: str, message: Message) -> Sent:
        """Send a direct message to the member whose verified email is the agent's."""
        try:
            if is_removed(self.incidents, self.client):
                return Sent.REMOVED
            member = self._member(agent_id)
            if not member:
                return Sent.UNKNOWN
            if not self.links.wants_notices(member):
                return Sent.UNWANTED
            post(self.client, member, message)
        except Exception as error:  # noqa: BLE001 - http.client and urllib raise many kinds
            lacking = missing_scope(error)
            _log.warning("A notice could not be sent: %s", lacking or slack_code(error))
            return Sent.NO_SCOPE if lacking else Sent.FAILED
        return Sent.SENT

    def send_all(self, entries: Sequence[HistoryEntry], most: int) -> int:
        """Tell the agents of these changes their numbers and forwards; the number of messages sent.

        With more than `most` agents nobody is told: the daily summary tells the channel of them all.
        """
        told = [each for entry in entries for each in (*_about_number(entry), *_about_calls(entry))]
        if len(told) > most:
            return 0
        return sum(self.send(agent_id, message) is Sent.SENT for agent_id, message in told)

    def _member(self, agent_id: str) -> str:
        """The Slack user id of the agent, "" if there is none."""
        email = self.connect.email(agent_id)
        return member_with_email(self.client, email) if email else ""


def _about_number(entry: HistoryEntry) -> Iterator[tuple[str, Message]]:
    """The notice for an agent who has another number than before, by agent id."""
    if not entry.agent_id:
        return
    if entry.kind in (ChangeKind.ASSIGNED, ChangeKind.RETURNED) and not entry.moved_from:
        yield entry.agent_id, words.new_number(entry.extension)
    elif entry.kind is ChangeKind.MOVED:
        yield entry.agent_id, words.changed_number(entry.extension, entry.moved_from, entry.by)


def _about_calls(entry: HistoryEntry) -> Iterator[tuple[str, Message]]:
    """The notices for those whom a forward concerns, by agent id: the agent's own, and its colleagues'."""
    if entry.kind not in (ChangeKind.FORWARDED, ChangeKind.UNFORWARDED):
        return
    yield entry.agent_id, words.own_calls(entry)
    if entry.other:
        yield entry.other, words.calls_of(entry)
    if entry.former:
        yield entry.former, words.calls_of(entry, over=True)
