"""The Connect agent that a member of the Slack workspace is."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from msgspec import Struct
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.messages.button_values import AgentRef
from bot.slack.clients import member_with_email, missing_scope, slack_code
from bot.slack.deadline import check_deadline
from bot.slack.ttl_cache import TtlCache
from core.asking.lookup import Known, Lookup, Member
from core.errors import Unavailable
from core.models import Assigned
from core.ports import Connect, Links, TableReader
from core.search.index import SearchIndex

_PROFILE_SECONDS = 60
# A member counts for so long as the agent that Connect named; a link is read at every question.
_MATCH_SECONDS = 600
# Whoever links the same agent at the same moment is asked for anew.
_LINK_TRIES = 2

# The answers of users.info for a user id that is not of the workspace.
_NOBODY = {"user_not_found", "user_not_visible", "users_not_found"}


class Rival(Struct, frozen=True):
    """A member who is an agent already: by a verified email, or else by their own word."""

    member_id: str
    verified: bool


class _Profile(Struct, frozen=True):
    """The answer of users.info: an email that nobody confirmed is left out."""

    member: Member
    guest: bool
    known: bool = True


class Members:
    """Finds the agent of a member: by email, or else by the member's own link."""

    def __init__(
        self,
        lookup: Lookup,
        reader: TableReader,
        connect: Connect,
        links: Links,
        client: WebClient,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lookup = lookup
        self._reader = reader
        self._connect = connect
        self._links = links
        self._client = client
        self._profiles: TtlCache[str, _Profile] = TtlCache(_PROFILE_SECONDS, monotonic)
        self._groups: TtlCache[str, dict[str, str]] = TtlCache(_PROFILE_SECONDS, monotonic)
        self._emails: TtlCache[str, str] = TtlCache(_PROFILE_SECONDS, monotonic)
        self._matched: TtlCache[str, str] = TtlCache(_MATCH_SECONDS, monotonic)

    def agent_of(self, member_id: str) -> Known | None:
        """Read the member's agent, as `agents_of`."""
        return self.agents_of([member_id]).get(member_id)

    def agents_of(self, member_ids: Sequence[str]) -> dict[str, Known]:
        """Read the agents of up to 30 members with the current numbers, by member.

        One request, and one for the links where somebody may have one. A person of the same name does not
        count. What Connect's email says is verified, and wins over the member's own word.
        """
        ids, links, chosen = [*dict.fromkeys(member_ids)], dict[str, str](), dict[str, Assigned]()

        def choose(index: SearchIndex) -> list[Assigned | None]:
            verified = self._verified(ids, index)
            links.clear()
            if len(verified) < len(ids):
                links.update(self._links.all_linked([each for each in ids if each not in verified]))
            agents = index.agents(links.values())
            linked = {each: agents[agent] for each, agent in links.items() if agent in agents}
            chosen.clear()
            chosen.update(verified | linked)
            return [chosen.get(each) for each in ids]

        known = {}
        for member_id, now in zip(ids, self._lookup.current(choose), strict=True):
            agent_id = chosen[member_id].agent_id if member_id in chosen else links.get(member_id, "")
            # The index of the table lags behind a move: the agent's own row does not.
            entry = now or (self._reader.of_agent(agent_id) if agent_id else None)
            if entry:
                known[member_id] = Known(entry, linked=member_id in links)
                self._keep_match(member_id, known[member_id])
        return known

    def _verified(self, member_ids: Sequence[str], index: SearchIndex) -> dict[str, Assigned]:
        """The agents that Connect says the members to be, as cached, by member."""
        matched = {each: agent for each in member_ids if (agent := self._matched.get(each))}
        agents = index.agents(matched.values())
        verified = {each: agents[agent] for each, agent in matched.items() if agent in agents}
        for each in member_ids:
            if each not in verified and (
                found := self._lookup.member(self.profile(each), index, self._email)
            ):
                verified[each] = found
        return verified

    def _email(self, agent_id: str) -> str:
        """The agent's email, "" where Connect does not say it in time: then nobody is taken for the agent."""
        email = self._emails.get(agent_id)
        if email is None:
            try:
                email = self._emails.put(agent_id, self._connect.email(agent_id))
            except Unavailable:
                return ""
        return email

    def _keep_match(self, member_id: str, known: Known) -> None:
        if known.entry.agent_id and not known.linked and not self._matched.get(member_id):
            self._matched.put(member_id, known.entry.agent_id)

    def become(self, member_id: str, agent: Assigned) -> Rival | None:
        """Link the member to the agent; or another member who is the agent: by a verified email comes first.

        Who said so and counts no more makes room. Raises Unavailable, and SlackApiError, where that can't be
        told now.
        """
        owner = self._owner(agent)
        if owner and owner != member_id:
            return Rival(owner, verified=True)
        for _ in range(_LINK_TRIES):
            others = [each for each in self._links.members(agent.agent_id) if each != member_id]
            if other := next((each for each in others if self._speaks_for(each, agent)), ""):
                return Rival(other, verified=False)
            check_deadline()
            if self._links.link(member_id, agent.agent_id, others):
                return None
        raise Unavailable("Somebody else said so at the same moment. Nothing was kept.")

    def _owner(self, agent: Assigned) -> str:
        """The member with an email of the agent, "" if there is none or this app may not look for emails."""
        emails = (self._connect.email(agent.agent_id), agent.username if "@" in agent.username else "")
        try:
            found = (member_with_email(self._client, email) for email in emails if email)
            return next(filter(None, found), "")
        except SlackApiError as error:
            if missing_scope(error):
                return ""
            raise

    def _speaks_for(self, member_id: str, agent: Assigned) -> bool:
        """Whether the member is still in Slack and still says to be this agent."""
        if (self._client.users_info(user=member_id).get("user") or {}).get("deleted"):
            return False
        known = self.agent_of(member_id)
        return known is not None and known.entry.agent_id == agent.agent_id

    def alike(self, member_id: str) -> list[Assigned]:
        """Agents whose name is like the member's, best first."""
        name = self.profile(member_id).name
        return [match.entry for match in self._lookup.people(name).matches] if name else []

    def profile(self, member_id: str) -> Member:
        """The member's email and name as Slack has them, "" where it has none."""
        return self._profile(member_id).member

    def is_guest(self, member_id: str) -> bool:
        """Whether the member is a guest, or not of the workspace at all. Raises SlackApiError."""
        return self._profile(member_id).guest

    def _profile(self, member_id: str) -> _Profile:
        return self._profiles.get(member_id) or self._profiles.put(member_id, self._ask(member_id))

    def is_known(self, member_id: str) -> bool:
        """Whether Slack knows the member. Raises SlackApiError."""
        return self._profile(member_id).known

    def group_name(self, group_id: str) -> str:
        """The name of a user group, "" where Slack does not say it."""
        return (self._groups.get("") or self._groups.put("", self._ask_groups())).get(group_id, "")

    def current(self, agent: AgentRef) -> Assigned | None:
        """Read an agent's current assignment; one request if the cached extension is still theirs."""
        if not agent.agent_id:
            state = self._lookup.number(agent.extension).state
            return state if isinstance(state, Assigned) else None
        entries = self._lookup.directory().entries
        cached = next((entry for entry in entries if entry.agent_id == agent.agent_id), None)
        if cached:
            (state,) = self._reader.read_consistent([cached.extension]).states
            if isinstance(state, Assigned) and state.agent_id == agent.agent_id:
                return state
        return self._reader.of_agent(agent.agent_id)

    def _ask_groups(self) -> dict[str, str]:
        try:
            groups = self._client.usergroups_list().get("usergroups") or ()
        except (SlackApiError, OSError):
            return {}
        return {str(group["id"]): str(group["name"]) for group in groups}

    def _ask(self, member_id: str) -> _Profile:
        try:
            answer = self._client.users_info(user=member_id)
        except SlackApiError as error:
            if slack_code(error) in _NOBODY:
                return _Profile(Member("", ""), guest=True, known=False)
            raise
        user = answer.get("user") or {}
        profile = user.get("profile") or {}
        name = profile.get("real_name") or user.get("real_name") or ""
        email = "" if user.get("is_email_confirmed") is False else str(profile.get("email") or "")
        guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
        return _Profile(Member(email, str(name)), guest)


class Oneself(Members):
    """The person at a terminal, who is a member by AWS's credentials: `me` is a username or an email."""

    def __init__(self, me: str, lookup: Lookup, reader: TableReader, connect: Connect, links: Links) -> None:
        super().__init__(lookup, reader, connect, links, WebClient())
        self._me = me

    def _ask(self, member_id: str) -> _Profile:  # noqa: ARG002 - it is one person, whatever the id
        return _Profile(Member(self._me, ""), guest=False)
