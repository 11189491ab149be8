"""The Amazon Connect instance, within its quota."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from core.aws.failures import Place, code_of, is_denied, status_of
from core.contacts import Contact
from core.errors import Unavailable
from core.models import Agent, Availability, Presence, iso
from core.ports import UserPage
from core.words.text import clean

if TYPE_CHECKING:
    from types_boto3_connect import ConnectClient

_MISSING = "ResourceNotFoundException"
_VOICE = "VOICE"
_THROTTLED = 429
# Per account, Region and operation, unless AWS raised it: the service quotas page of Amazon Connect.
RATE, BURST = 2.0, 5
# Seconds by which a call may overtake another on its way, and find the place of both not free yet.
MARGIN = 0.02
_LISTED, _SEARCHED = 1000, 500
# Values of the tag `dial-by-name` by which somebody can't be dialled so.
_UNLISTED = ("no", "off", "false")
# Every throttled answer slows the limiter down, so this many in a row mean that Connect has no room at all.
_MOST_THROTTLED = 30
# Who asks about a person waits no longer than for the next place, and not at all for who is available.
_ASKED_SECONDS = 1 / RATE
# So many containers that don't know of each other may answer people at once.
CONTAINERS = 4
_STATUSES, _TYPES = "get_current_user_data", "list_agent_statuses"


class Limiter:
    """Keeps the calls of one operation within the quota, and slower while others use it too.

    botocore's retries only wait after a throttled answer; at two calls a second that makes every run late.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._rate = self._most_rate = self._full = RATE
        self._tokens = self._burst = float(BURST)
        self._at = monotonic()
        self._rested = True
        self._strikes = 0.0
        self._lock = threading.Lock()

    def share(self, among: int) -> None:
        """Keep to the part of one program where so many, who don't know of each other, have one quota."""
        self._rate = self._most_rate = self._full = RATE / among
        self._tokens = self._burst = max(1.0, BURST / among)

    def wait(self, most: float = inf) -> bool:
        """Take a place, waiting for it; False, and none is taken, if that takes more than `most` seconds."""
        with self._lock:
            now = self._monotonic()
            tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
            pause = (1 - tokens) / self._rate
            if pause > most:
                return False
            self._rested = self._rested or tokens == self._burst
            self._tokens, self._at = tokens - 1, now
        if pause > 0:
            self._sleep(pause + MARGIN)
        return True

    def owe(self) -> None:
        """Take a place at once; the calls that follow make up for it."""
        with self._lock:
            self._tokens -= 1

    def throttled(self, *, slower: bool = True) -> None:
        """There was no room: whatever was counted on is gone. When that happens often, others draw on it.

        Unless `slower`, the rate stays what it is: a person waits.
        """
        with self._lock:
            self._tokens = min(self._tokens, 0)
            self._strikes += slower
            if self._strikes >= 2:
                self._rate = max(RATE / 8, self._rate * 0.7)

    def crowded(self) -> None:
        """Others who answer people draw on the quota, too: keep to a part of it until there is a rest."""
        with self._lock:
            self._tokens = min(self._tokens, 0)
            self._rate = self._most_rate = min(RATE / CONTAINERS, self._full / 2)

    def served(self) -> None:
        """There was room: trust the quota a little more again."""
        with self._lock:
            self._strikes = max(0, self._strikes - 0.25)
            self._rate = min(self._most_rate, self._rate + 0.05)
            if self._rested:
                # Connect counts from when the first call arrived, which may be long after it was sent.
                self._at, self._rested, self._most_rate = self._monotonic(), False, self._full


class ConnectInstance:
    """Users of one instance. A throttled call is tried again later, at a lower rate; unless `patient`, once.

    Unless `patient`, a call waits half a second at most for the quota, and one for availability not at all.
    `containers` share the quota for availability.
    `on_denied` is told, in a sentence, that this program has no right to see who is available.
    """

    def __init__(
        self,
        client: ConnectClient,
        instance_id: str,
        limiter: Callable[[], Limiter] = Limiter,
        patient: bool = True,
        on_denied: Callable[[str], None] = lambda _: None,
        containers: int = 1,
    ) -> None:
        self._client = client
        self._instance = instance_id
        self._on_denied = on_denied
        self._patient = patient
        self._seconds = inf if patient else _ASKED_SECONDS
        self._place = Place("The Amazon Connect instance (CONNECT_INSTANCE_ID)", _MISSING)
        asked = ("list_users", "search_users", "describe_user", "describe_contact", _STATUSES, _TYPES)
        self._limiters = {name: limiter() for name in asked}
        self._limiters[_STATUSES].share(containers)
        self._types: dict[str, str] = {}
        # Throttled answers are the limiter's: botocore tries only other failures again.
        client.meta.events.register_first("needs-retry.connect", _throttled, unique_id="limiter")  # type: ignore[arg-type]

    def list_users(self, token: str) -> UserPage:
        """Up to 1,000 agents without names."""
        answer = self._call("list_users", MaxResults=_LISTED, **_next(token))
        agents = tuple(_listed(user) for user in answer.get("UserSummaryList", []))
        return UserPage(agents, answer.get("NextToken", ""))

    def search_users(self, token: str) -> UserPage:
        """Up to 500 agents with names, and the count of all."""
        answer = self._call("search_users", MaxResults=_SEARCHED, **_next(token))
        agents = tuple(_named(user) for user in answer.get("Users", []))
        return UserPage(agents, answer.get("NextToken", ""), answer.get("ApproximateTotalCount"))

    def having(self, word: str) -> tuple[Agent, ...]:
        """Up to 100 agents with the word, as typed or capitalised, in a name or the username."""
        conditions = [
            {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": "CONTAINS"}}
            for field in ("FirstName", "LastName", "Username")
            for value in dict.fromkeys((word, word.capitalize()))
        ]
        answer = self._call("search_users", MaxResults=100, SearchCriteria={"OrConditions": conditions})
        return tuple(_named(user) for user in answer.get("Users", []))

    def describe_user(self, agent_id: str) -> Agent | None:
        """One agent with the name."""
        user = self._describe(agent_id)
        return _named(user) if user else None

    def email(self, agent_id: str) -> str:
        """The agent's email, or the secondary one, which is all that a SAML user may have; "" for none."""
        identity = (self._describe(agent_id) or {}).get("IdentityInfo", {})
        return str(identity.get("Email") or identity.get("SecondaryEmail") or "")

    def _describe(self, agent_id: str) -> dict[str, Any] | None:
        try:
            user: dict[str, Any] = self._call("describe_user", UserId=agent_id)["User"]
        except Unavailable as error:
            if code_of(error.__cause__) == _MISSING:
                return None
            raise
        return user

    def contact(self, contact_id: str) -> Contact | None:
        """One call, while it is or after it was."""
        try:
            found: dict[str, Any] = self._call("describe_contact", ContactId=contact_id)["Contact"]
        except Unavailable as error:
            if code_of(error.__cause__) == _MISSING:
                return None
            raise
        return _contact(found)

    def availability(self, agent_ids: Sequence[str]) -> dict[str, Availability]:
        """The availability of agents now, by id.

        One request, and two more where Connect no longer has one of several agents: it refuses all for one.
        Empty where a person waits and the quota has no room at this moment.
        """
        try:
            return self._statuses(agent_ids, partial(self._call, seconds=inf if self._patient else 0))
        except Unavailable as error:
            if is_denied(error):
                self._on_denied(str(error))
            if code_of(error.__cause__) != _MISSING:
                return {}
        try:
            there = self._there(agent_ids) if len(agent_ids) > 1 else []
            return self._statuses(there, self._at_once) if 0 < len(there) < len(agent_ids) else {}
        except Unavailable:
            return {}

    def _statuses(
        self, agent_ids: Sequence[str], call: Callable[..., dict[str, Any]]
    ) -> dict[str, Availability]:
        filters = {"Agents": [*agent_ids]}
        answer = call(_STATUSES, Filters=filters, MaxResults=len(agent_ids))
        listed = answer.get("UserDataList", [])
        types = self._types_of(listed, call)
        found = {data.get("User", {}).get("Id", ""): availability_of(data, types) for data in listed}
        # Connect lists those who are signed in; on an answer that goes on, the others may be still to come.
        others = () if answer.get("NextToken") else agent_ids
        told = dict.fromkeys(others, Availability(Presence.OFFLINE)) | found
        return {agent_id: each for agent_id, each in told.items() if each}

    def _types_of(
        self, listed: Sequence[dict[str, Any]], call: Callable[..., dict[str, Any]]
    ) -> Mapping[str, str]:
        """The types of the statuses by ARN; read once, and again where somebody is in a new one."""
        if {_status_arn(data) for data in listed} <= {"", *self._types}:
            return self._types
        try:
            statuses = call(_TYPES, MaxResults=1000).get("AgentStatusSummaryList", [])
        except Unavailable as error:
            if is_denied(error):
                self._on_denied(str(error))
            return self._types
        self._types = {each.get("Arn", ""): each.get("Type", "") for each in statuses}
        return self._types

    def _there(self, agent_ids: Sequence[str]) -> list[str]:
        """The given agents that Connect still has, in the same order."""
        conditions = [
            {"StringCondition": {"FieldName": "resourceId", "Value": each, "ComparisonType": "EXACT"}}
            for each in agent_ids
        ]
        criteria = {"OrConditions": conditions}
        answer = self._call("search_users", MaxResults=len(agent_ids), SearchCriteria=criteria)
        found = {user.get("Id") for user in answer.get("Users", [])}
        return [each for each in agent_ids if each in found]

    def _call(self, operation: str, seconds: float | None = None, **parameters: Any) -> dict[str, Any]:
        """Ask within the quota, waiting for a place for `seconds` at most. Raises Unavailable."""
        limiter, longest = self._limiters[operation], self._seconds if seconds is None else seconds
        most, throttled = _MOST_THROTTLED if self._patient else 1, 0
        while limiter.wait(longest):
            try:
                answer = self._send(operation, **parameters)
            except Unavailable as error:
                if status_of(error.__cause__) != _THROTTLED or throttled == most:
                    raise
                throttled += 1
                if longest:
                    limiter.throttled(slower=self._patient)
                else:
                    limiter.crowded()
            else:
                limiter.served()
                return answer
        raise Unavailable(f"{self._place.name} is asked for too much at this moment. Try again in a minute.")

    def _at_once(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Ask without waiting for a place; the calls that follow make up for it. Raises Unavailable."""
        self._limiters[operation].owe()
        return self._send(operation, **parameters)

    def _send(self, operation: str, **parameters: Any) -> dict[str, Any]:
        with self._place:
            answer: dict[str, Any] = getattr(self._client, operation)(InstanceId=self._instance, **parameters)
        return answer


def _status_arn(data: dict[str, Any]) -> str:
    return str(data.get("Status", {}).get("StatusArn", ""))


def availability_of(data: dict[str, Any], types: Mapping[str, str]) -> Availability | None:
    """The availability that a GetCurrentUserData entry tells; None if it can't be told.

    A status stays as it is while its agent handles contacts, and a customer may rename every one: slots and
    the status's type decide.
    """
    status = data.get("Status", {})
    name, began = status.get("StatusName", ""), _moment(status.get("StatusStartTimestamp"))
    most, active, free = (data.get(f"{kind}SlotsByChannel") or {} for kind in ("Max", "Active", "Available"))
    kind = types.get(_status_arn(data))
    if active.get(_VOICE):
        return Availability(Presence.ON_A_CALL, name, _call_began(data))
    if kind == "OFFLINE":
        return Availability(Presence.OFFLINE, name, began)
    if kind == "CUSTOM":
        return Availability(Presence.AWAY, name, began)
    if kind is None:
        return None
    if not most.get(_VOICE, 1):
        return Availability(Presence.NO_CALLS, name, began)
    return Availability(Presence.AVAILABLE if free.get(_VOICE) else Presence.BUSY, name, began)


def _call_began(data: dict[str, Any]) -> str:
    """When the agent's call was put through to them, "" if Connect does not say."""
    calls = [each for each in data.get("Contacts") or [] if each.get("Channel") == _VOICE]
    return min((_moment(each.get("ConnectedToAgentTimestamp")) for each in calls), default="")


def _moment(at: datetime | None) -> str:
    return iso(at) if at else ""


def _throttled(response: tuple[Any, Any] | None, **_: Any) -> bool | None:
    """Answer botocore's `needs-retry`: False for a throttled call, None for what it may decide itself."""
    return False if response and response[0].status_code == _THROTTLED else None


def _contact(found: dict[str, Any]) -> Contact:
    return Contact(
        id=found["Id"],
        agent_id=found.get("AgentInfo", {}).get("Id", ""),
        previous_id=found.get("PreviousContactId", ""),
        caller=found.get("CustomerEndpoint", {}).get("Address", ""),
        queued=found.get("QueueInfo", {}).get("EnqueueTimestamp"),
        ended=found.get("DisconnectTimestamp"),
        attributes=found.get("Attributes") or {},
    )


def _next(token: str) -> dict[str, Any]:
    return {"NextToken": token} if token else {}


def _listed(user: dict[str, Any]) -> Agent:
    modified: datetime | None = user.get("LastModifiedTime")
    # Whole, not cut to the second: it is compared, and two changes can be that close. In UTC: boto3
    # gives it in the zone of the machine.
    text = modified.astimezone(UTC).isoformat() if modified else ""
    return Agent(user["Id"], clean(user["Username"]), user.get("Arn", ""), modified=text)


def _named(user: dict[str, Any]) -> Agent:
    """A user with a name; the username where Connect has no name, so that it counts as read."""
    identity = user.get("IdentityInfo", {})
    first, last = (clean(identity.get(part, "")).strip() for part in ("FirstName", "LastName"))
    username = clean(user["Username"])
    first = first if first or last else username
    tags = {key.casefold(): value for key, value in (user.get("Tags") or {}).items()}
    return Agent(
        user["Id"],
        username,
        user.get("Arn", ""),
        " ".join(part for part in (first, last) if part),
        clean(tags.get("team", "")),
        routing_profile=user.get("RoutingProfileId", ""),
        hierarchy_group=user.get("HierarchyGroupId", ""),
        first_name=first,
        last_name=last,
        unlisted=tags.get("dial-by-name", "").strip().casefold() in _UNLISTED,
    )
