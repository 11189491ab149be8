"""The users of one Connect instance: Connect's records of them, and the changes that people make."""

from __future__ import annotations

import threading
import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

REGION = "us-east-1"
ACCOUNT_ID = "123456789012"
INSTANCE_ID = "11111111-2222-3333-4444-555555555555"
INSTANCE_ARN = f"arn:aws:connect:{REGION}:{ACCOUNT_ID}:instance/{INSTANCE_ID}"
SECURITY_PROFILE_ID = "66666666-7777-8888-9999-000000000000"

CHANNELS = ("VOICE", "CHAT")

Json = dict[str, Any]


class Person(Struct, frozen=True):
    """A Connect user. `team` is a tag; a last name may be ""."""

    id: str
    username: str
    first_name: str
    last_name: str
    email: str
    team: str
    routing_profile_id: str
    modified: datetime
    status: str = "Available"
    # Channels of the contacts that the person handles now.
    handles: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """`Jane Doe`; one word where there is only one."""
        return f"{self.first_name} {self.last_name}".strip()

    def listed(self) -> Json:
        """The user as ListUsers has it: no name."""
        return {
            "Id": self.id,
            "Arn": _arn("agent", self.id),
            "Username": self.username,
            "LastModifiedTime": _epoch(self.modified),
            "LastModifiedRegion": REGION,
        }

    def found(self) -> Json:
        """The user as SearchUsers has it: no email, no time of modification."""
        return {
            "Id": self.id,
            "Arn": _arn("agent", self.id),
            "Username": self.username,
            "IdentityInfo": {"FirstName": self.first_name, "LastName": self.last_name},
            "PhoneConfig": {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 0},
            "RoutingProfileId": self.routing_profile_id,
            "SecurityProfileIds": [SECURITY_PROFILE_ID],
            **({"Tags": {"team": self.team}} if self.team else {}),
        }

    def described(self) -> Json:
        """The user as DescribeUser has it: everything."""
        user = self.found() | self.listed()
        if self.email:
            user["IdentityInfo"]["Email"] = self.email
        return user

    def active(self) -> Json:
        """The user as GetCurrentUserData has it: their status, and one slot for calls and one for chats.

        Somebody who handles one contact has no room for another.
        """
        profile, began = self.routing_profile_id, _epoch(self.modified)
        active = {channel: self.handles.count(channel) for channel in CHANNELS}
        free = dict.fromkeys(CHANNELS, int(not self.handles))
        return {
            "User": {"Id": self.id, "Arn": _arn("agent", self.id)},
            "RoutingProfile": {"Id": profile, "Arn": _arn("routing-profile", profile)},
            "Status": {
                "StatusStartTimestamp": began,
                "StatusArn": status_arn(self.status),
                "StatusName": self.status,
            },
            "AvailableSlotsByChannel": free,
            "MaxSlotsByChannel": dict.fromkeys(CHANNELS, 1),
            "ActiveSlotsByChannel": active,
            "Contacts": [
                {"Channel": channel, "AgentContactState": "CONNECTED", "ConnectedToAgentTimestamp": began}
                for channel in self.handles
            ],
        }


class Users:
    """Users in the order they joined. A position in that order still holds when others leave."""

    def __init__(self, users: Iterable[Person]) -> None:
        self._rows = dict(enumerate(users))
        self._positions = {person.id: position for position, person in self._rows.items()}
        self._end = len(self._rows)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, user_id: str) -> Person | None:
        return self._rows.get(self._positions.get(user_id, -1))

    def put(self, person: Person) -> None:
        position = self._positions.setdefault(person.id, self._end)
        self._end = max(self._end, position + 1)
        self._rows[position] = person

    def remove(self, user_id: str) -> None:
        del self._rows[self._positions.pop(user_id)]

    def page(self, position: int, size: int) -> tuple[list[Person], int | None]:
        """Up to `size` users from the position on, and the position of the next page if there is one."""
        positions = list(self._rows)
        start = bisect_left(positions, position)
        found = [self._rows[each] for each in positions[start : start + size]]
        return found, positions[start + size] if start + size < len(positions) else None


def status_arn(name: str) -> str:
    return _arn("agent-state", str(uuid.uuid5(uuid.NAMESPACE_URL, name)))


def utc_now() -> datetime:
    return datetime.now(UTC)


class Instance:
    """The people of one Connect instance. Every method may be called from any thread.

    `now` is the time that a rename leaves as the user's last modification.
    """

    def __init__(self, users: Iterable[Person], now: Callable[[], datetime] = utc_now) -> None:
        self._lock = threading.RLock()
        self._users = Users(users)
        self._now = now
        # The calls that DescribeContact knows, by id.
        self.contacts: dict[str, Json] = {}
        # The types of statuses by name, which a customer may change; all others are CUSTOM.
        self.types = {"Available": "ROUTABLE", "Offline": "OFFLINE"}

    @property
    def people(self) -> list[Person]:
        """All users, in the order of the listings."""
        with self._lock:
            return list(self._users)

    def find(self, username: str) -> Person:
        """The person with this username, in any case. Raises LookupError."""
        for person in self.people:
            if person.username.lower() == username.lower():
                return person
        raise LookupError(f"Nobody has the username {username}.")

    def join(self, person: Person) -> None:
        """Add a user. Raises ValueError when the id or the username is taken."""
        with self._lock:
            taken = any(person.username.lower() == other.username.lower() for other in self._users)
            if taken or self._users.get(person.id):
                raise ValueError(f"{person.username} or {person.id} is taken.")
            self._users.put(person)

    def leave(self, user_id: str) -> None:
        """Remove a user. Raises KeyError when there is none."""
        with self._lock:
            self._users.remove(user_id)

    def rename(self, user_id: str, first: str, last: str) -> None:
        """Give a user another name, modified now. Raises KeyError when there is no such user."""
        self._alter(user_id, first_name=first, last_name=last, modified=self._now())

    def set_status(self, user_id: str, status: str, handles: tuple[str, ...] = ()) -> None:
        """Change what the user is doing, which Connect does not call a modification."""
        self._alter(user_id, status=status, handles=handles)

    def statuses(self) -> list[Json]:
        """The statuses as ListAgentStatuses has them."""
        names = dict.fromkeys([*self.types, *(person.status for person in self.people)])
        return [
            {"Id": status_arn(name).rpartition("/")[2], "Arn": status_arn(name), "Name": name}
            | {"Type": self.types.get(name, "CUSTOM")}
            for name in names
        ]

    def _alter(self, user_id: str, **changes: Any) -> None:
        with self._lock:
            person = self._users.get(user_id)
            if person is None:
                raise KeyError(user_id)
            self._users.put(replace(person, **changes))


def _arn(kind: str, identifier: str) -> str:
    return f"{INSTANCE_ARN}/{kind}/{identifier}"


def _epoch(moment: datetime) -> float:
    """Seconds with milliseconds, the form of a timestamp in REST-JSON."""
    return round(moment.timestamp(), 3)
