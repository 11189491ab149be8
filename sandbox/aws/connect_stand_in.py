"""A stand-in for Amazon Connect: its user operations over HTTP on loopback, with pages and a quota.

Any AWS client reaches it through AWS_ENDPOINT_URL_CONNECT.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from sandbox.aws.connect_users import INSTANCE_ARN as INSTANCE_ARN
from sandbox.aws.connect_users import INSTANCE_ID as INSTANCE_ID
from sandbox.aws.connect_users import Instance, Json, Person, Users, utc_now
from sandbox.loopback import Loopback, Reply, Request, aws_error

# The method and path of each operation, as botocore's service model writes them.
OPERATIONS = {
    "ListUsers": ("GET", "/users-summary/{InstanceId}"),
    "SearchUsers": ("POST", "/search-users"),
    "DescribeUser": ("GET", "/users/{InstanceId}/{UserId}"),
    "DescribeContact": ("GET", "/contacts/{InstanceId}/{ContactId}"),
    "GetCurrentUserData": ("POST", "/metrics/userdata/{InstanceId}"),
    "AssociateContactWithUser": ("POST", "/contacts/{InstanceId}/{ContactId}/associate-user"),
    "ListAgentStatuses": ("GET", "/agent-status/{InstanceId}"),
}
# What an operation that lists calls its list, the longest page of it, and what it says of a person.
_FIELDS = {
    "FirstName": attrgetter("first_name"),
    "LastName": attrgetter("last_name"),
    "Username": attrgetter("username"),
    "resourceId": attrgetter("id"),
}
LISTINGS: dict[str, tuple[str, int, Callable[[Person], Json]]] = {
    "ListUsers": ("UserSummaryList", 1000, Person.listed),
    "SearchUsers": ("Users", 500, Person.found),
    "GetCurrentUserData": ("UserDataList", 100, Person.active),
}
PARAMETERS = {"InstanceId", "UserId", "ContactId", "NextToken", "MaxResults", "Filters", "SearchCriteria"}
ROUNDING = 1e-9  # so that a client that waits exactly long enough is let in


class Quota(Struct, frozen=True):
    """Requests a second and the burst, for each operation; `others` is the share that somebody else uses."""

    rate: float = 2.0
    burst: int = 5
    others: float = 0.0


class Refusal(Exception):
    """When a request is answered with an AWS error."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.reply = aws_error(status, code, message)


class ConnectStandIn(Instance, Loopback):
    """A Connect instance, served. Every method may be called from any thread. `quota` None means no quota."""

    def __init__(
        self,
        users: Iterable[Person],
        *,
        quota: Quota | None = Quota(),
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
        port: int = 0,
    ) -> None:
        Instance.__init__(self, users, now=now)
        Loopback.__init__(self, self.answer, port)
        self._quota, self._clock = quota, clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._tokens: dict[str, tuple[str, int]] = {}
        self.reset()

    def reset(self) -> None:
        """Forget the counts and fill the quota's buckets."""
        with self._lock:
            self._buckets.clear()
            self.requests: Counter[str] = Counter()
            self.throttled = 0

    def answer(self, request: Request) -> Reply | None:
        """The answer to one HTTP request."""
        try:
            operation, asked = _read_request(request)
            with self._lock:
                self.admit(operation)
                return Reply(200, json.dumps(self._page_for(operation, asked)))
        except Refusal as refusal:
            return refusal.reply

    def admit(self, operation: str) -> None:
        """Count the request and hold it against the quota. Raises Refusal."""
        self.requests[operation] += 1
        if self._quota and not self._take(operation, self._quota, self._clock()):
            self.throttled += 1
            raise Refusal(429, "TooManyRequestsException", "Too Many Requests")

    def _take(self, operation: str, quota: Quota, now: float) -> bool:
        """Take one from the operation's bucket, which others use too; False if the quota is used up."""
        level, at = self._buckets.get(operation, (quota.burst, now))
        level = min(quota.burst, level + (now - at) * quota.rate * (1 - quota.others) + ROUNDING)
        self._buckets[operation] = (level - (level >= 1), now)
        return level >= 1

    def _page_for(self, operation: str, asked: Json) -> Json:
        if asked.get("InstanceId") not in (INSTANCE_ID, INSTANCE_ARN):
            raise Refusal(404, "ResourceNotFoundException", "The instance does not exist.")
        if operation == "DescribeUser":
            return {"User": self._known(asked["UserId"]).described()}
        if operation == "AssociateContactWithUser":
            if self._known(asked["UserId"]).status == "Offline":
                raise Refusal(400, "InvalidRequestException", "The user is offline.")
            return {}
        if operation == "DescribeContact":
            if asked["ContactId"] not in self.contacts:
                raise Refusal(404, "ResourceNotFoundException", "The contact does not exist.")
            return {"Contact": self.contacts[asked["ContactId"]]}
        if operation == "ListAgentStatuses":
            return {"AgentStatusSummaryList": self.statuses()}
        if operation == "ListUsers":
            return self._page(operation, self._users, asked)
        users = self._searched(asked) if operation == "SearchUsers" else self._active(asked.get("Filters"))
        return {**self._page(operation, users, asked), "ApproximateTotalCount": len(users)}

    def _page(self, operation: str, users: Users, asked: Json) -> Json:
        key, limit, entry = LISTINGS[operation]
        found, following = users.page(self._position(operation, asked), _page_size(asked, limit))
        said: Json = {key: [entry(person) for person in found]}
        return said if following is None else {**said, "NextToken": self._token(operation, following)}

    def _searched(self, asked: Json) -> Users:
        """The users of the index, or those that meet a condition: a part of a name in any case, or an id."""
        if "SearchCriteria" not in asked:
            return self._users
        found: dict[str, Person] = {}
        for criterion in asked["SearchCriteria"].get("OrConditions", [{}]):
            condition = criterion.get("StringCondition", {})
            field = _FIELDS.get(condition.get("FieldName"))
            by_id = condition.get("FieldName") == "resourceId"
            if not field or condition["ComparisonType"] != ("EXACT" if by_id else "CONTAINS"):
                raise Refusal(400, "InvalidRequestException", "Parts of names and ids are searched for here.")
            value = condition["Value"].lower()
            for person in self._users:
                if value == field(person).lower() or (not by_id and value in field(person).lower()):
                    found[person.id] = person
        return Users(found.values())

    def _active(self, filters: Any) -> Users:
        """The agents asked for that are logged in: Connect says nothing of the others."""
        agents = filters.get("Agents") if isinstance(filters, dict) and len(filters) == 1 else None
        if not isinstance(agents, list) or not 1 <= len(agents) <= 100:
            raise Refusal(400, "InvalidParameterException", "Filters takes 1 to 100 Agents, nothing else.")
        found = [self._known(str(agent).rpartition("/")[2]) for agent in agents]
        return Users(
            {person.id: person for person in found if self.types.get(person.status) != "OFFLINE"}.values()
        )

    def _known(self, user_id: str) -> Person:
        person = self._users.get(user_id)
        if person is None:
            raise Refusal(404, "ResourceNotFoundException", "The user does not exist.")
        return person

    def _token(self, operation: str, position: int) -> str:
        token = secrets.token_urlsafe()
        self._tokens[token] = (operation, position)
        return token

    def _position(self, operation: str, asked: Json) -> int:
        """The index at which the page begins. Raises Refusal for a token of another listing, or of none."""
        issued_for, position = self._tokens.get(str(asked.get("NextToken")), ("", 0))
        if "NextToken" in asked and issued_for != operation:
            raise Refusal(400, "InvalidParameterException", "NextToken is not of this listing.")
        return position


def _read_request(request: Request) -> tuple[str, Json]:
    """The operation and its parameters, from path, query and body together. Raises Refusal."""
    url = urlsplit(request.path)
    for operation, (expected, template) in OPERATIONS.items():
        in_path = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), url.path)
        if in_path and request.method == expected:
            asked = {name[:1].upper() + name[1:]: text for name, text in parse_qsl(url.query)}
            asked |= _object(request.body) | {
                name: unquote(text) for name, text in in_path.groupdict().items()
            }
            if unknown := asked.keys() - PARAMETERS:
                raise Refusal(400, "InvalidRequestException", f"Not known here: {sorted(unknown)}.")
            return operation, asked
    raise Refusal(404, "UnknownOperationException", f"{request.method} {url.path} is not known here.")


def _object(body: bytes) -> Json:
    """The object in a request's body, which may be empty. Raises Refusal."""
    with contextlib.suppress(ValueError):
        found = json.loads(body or b"{}")
        if isinstance(found, dict):
            return found
    raise Refusal(400, "InvalidRequestException", "The body is not a JSON object.")


def _page_size(asked: Json, limit: int) -> int:
    """MaxResults, 100 when it is not given. Raises Refusal when it is not 1..limit."""
    given = str(asked.get("MaxResults", 100))
    if not given.isdecimal() or not 1 <= int(given) <= limit:
        raise Refusal(400, "InvalidParameterException", f"MaxResults must be 1 to {limit}.")
    return int(given)
