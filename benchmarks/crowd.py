"""A crowd after a meeting, in simulated time: `python -m benchmarks.crowd`.

200 different people are asked for within ten seconds, evenly, over four containers that know nothing of each
other and answer one question at a time. Connect has its default quota. An answer takes 50 ms, and 150 ms more
where Connect is asked; both are assumed. No request may be refused for the quota, and each answer is due in a
second, of the three that Slack waits.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Sequence
from functools import partial
from math import inf
from operator import attrgetter

from bot.slack.statuses import Statuses
from core.aws.connect import BURST, CONTAINERS, RATE, ConnectInstance, Limiter
from core.models import Assigned
from sandbox.aws.connect_stand_in import INSTANCE_ID, ConnectStandIn
from sandbox.aws.sample_people import people
from tests.stand_ins.connect import ConnectInProcess

ASKED, SECONDS = 200, 10.0
ANSWER, CONNECT = 0.05, 0.15
DUE = 1.0


class Time:
    """The time of the simulation, in seconds: when the question that is being answered was begun."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


class Container:
    """A container of the Slack function, which answers its questions one after the other."""

    def __init__(
        self, instance: ConnectStandIn, time: Time, questions: Sequence[tuple[float, Assigned]]
    ) -> None:
        self._time = time
        self._questions = deque(questions)
        self._free_at = self._spent = 0.0
        client = ConnectInProcess(instance, latency=CONNECT, sleep=self._wait).client()
        limiter = partial(Limiter, time.monotonic, self._wait)
        connect = ConnectInstance(client, INSTANCE_ID, limiter, patient=False, containers=CONTAINERS)
        self._statuses = Statuses(connect, time.monotonic)

    def _wait(self, seconds: float) -> None:
        self._spent += seconds

    @property
    def next_at(self) -> float:
        """When the next question is begun; never, where there is none."""
        return max(self._questions[0][0], self._free_at) if self._questions else inf

    def answer(self) -> tuple[float, bool]:
        """Answer the next question; the seconds since it was asked, and whether the availability was said."""
        self._time.now, self._spent = self.next_at, ANSWER
        asked_at, agent = self._questions.popleft()
        told = bool(self._statuses.of([agent]))
        self._free_at = self._time.now + self._spent
        return self._free_at - asked_at, told


def crowd() -> tuple[ConnectStandIn, list[tuple[float, bool]]]:
    """Let the crowd ask; the instance, and what became of each question."""
    time = Time()
    instance = ConnectStandIn(people(ASKED), clock=time.monotonic)
    questions = [
        (at * SECONDS / ASKED, Assigned(f"{at:04}", each.id, each.username))
        for at, each in enumerate(instance.people)
    ]
    containers = [Container(instance, time, questions[at::CONTAINERS]) for at in range(CONTAINERS)]
    return instance, [min(containers, key=attrgetter("next_at")).answer() for _ in questions]


def main(argv: Sequence[str] = ()) -> int:
    """Print the figures; 1 when one is missed."""
    if argv:
        raise SystemExit("python -m benchmarks.crowd takes no arguments.")
    instance, answers = crowd()
    asked, refused = instance.requests["GetCurrentUserData"], instance.throttled
    slowest, told = max(seconds for seconds, _ in answers), sum(told for _, told in answers)
    room = BURST + SECONDS * RATE
    ok = not refused and slowest <= DUE
    print(f"{ASKED} different look-ups in {SECONDS:.0f} s over {CONTAINERS} containers (simulated)")
    print(f"asked Connect {asked} times, its quota has room for {room:.0f}; refused {refused}, bound 0")
    print(f"slowest answer {slowest:.2f} s, bound {DUE}; {told} said whether a call would reach the person")
    print("ok" if ok else "MISSED")
    return int(not ok)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
