"""Whatever happens, in whatever order, the invariants hold: Hypothesis thinks of what and when."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace
from slack_sdk import WebClient

from bot.slack.admin_words import Orders
from bot.slack.forwarding import Forwarding
from bot.slack.members import Members
from bot.slack.payload import Written
from core.asking.lookup import Lookup
from core.aws.exports_and_links import S3Exports
from core.aws.small_rows import DynamoRunRecords
from core.aws.table import Table
from core.errors import ExtensionsError, LeaseLost, LeaseTaken, Refused, Unavailable, Unsure
from core.models import Agent, ChangeKind, HistoryEntry, Report
from core.numbering.guard import mark_of
from core.numbering.orders import ByHand, Free, Move, Reserve, Swap, Undo, UndoSync, Unreserve
from core.numbering.roster import SEARCH_LAG
from core.numbering.undo import UNDO_HOURS
from core.ports import UserPage
from tests.bot.fakes import FakeLinks
from tests.core.builders import agent, older_pool, policy, rows
from tests.core.disturbances import Hook, Spoilt, failure
from tests.core.fakes import FakeConnect, Site, ending, sound
from tests.core.invariants import (
    Numbers,
    check_export,
    check_holds,
    check_kept,
    check_nobody_released,
    check_one_each,
    check_whole,
    lasting,
)
from tests.core.oracle import alike, leavers_of, undisturbed
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.expressions import Item
from tests.stand_ins.s3 import BUCKET
from tests.stand_ins.wire import Crash, Fault, Kind, Process

pytestmark = pytest.mark.guarantee(1, 2, 3, 4, 5, 9)

USERNAMES = ("ann", "bob", "cem", "dot", "eve", "fay", "gus", "hal", "ida", "jon", "kim", "lou")
# Narrow, so that the pool runs dry now and then.
RANGES = ("10-14", "10-16", "12-15", "10-19", "08-13")
ACTS = ("move", "swap", "reserve", "unreserve", "free", "undo")
WRITES = {"UpdateItem", "TransactWriteItems", "PutObject"}
PASSING: tuple[Kind, ...] = ("throttled", "failing", "dropped", "timeout", "conflict")

Holder = tuple[str, str]

# Names of which one is read as another with a word of the command after it.
NAMES = ("Ace", "Kim Lee", "Kim To", "Kim On", "Kim")
WORDS = ("move kim to {}", "give {} to kim", "kim on {}", "{} kim", "move kim ext {}", "kim to {} please")
# Rows beside the numbering, and what a hand or a later version may have left there.
ODD_ROWS = (
    ("change#{day}", "23:59:59.9#later#00001"),
    ("former", "{day}T23:59:59.9#later#00001"),
    ("sync", "last"),
    ("sync", "counts"),
    ("sync", "failed"),
    ("summary", "until"),
    ("names", "rows"),
)
ODD_TEXTS = ("", "{", "soon", '[{"kind": "lent", "extension": "10"}]', "[7]")
ODD_ATTRIBUTES = ("lines", "report", "place", "text", "days", "written", "rows", "until")

# What may happen between the moment when a person is shown something and the one when they agree to it.
BETWEEN = ("nothing", "join", "leave", "return", "rename", "reserve")

who = st.integers(0, len(USERNAMES) - 1)
numbers = st.integers(0, 11)


class Numbering(RuleBasedStateMachine):
    """People come and go, admins and clocks interfere, runs crash and meet."""

    def __init__(self) -> None:
        super().__init__()
        self.site = Site(FakeConnect(page=3), policy("10-14", max_release_count=2), page_bytes=700)
        self.ids = 0
        self.token = 0
        self.frozen = self.site.clock.now
        self.report: Report | None = None
        self.left: list[Agent] = []
        # Each (extension, user id or username) that an admin left out of an approval: ever, and still.
        self.ever_left_out: set[Holder] = set()
        self.left_out: set[Holder] = set()

    @initialize(older=st.lists(st.sampled_from(USERNAMES), unique=True, max_size=5))
    def adopt(self, older: list[str]) -> None:
        """Some begin with the table of the older project, and its people listed."""
        if older:
            users = {username: str(10 + place) for place, username in enumerate(older)}
            self.site.table.seed(older_pool(map(str, range(10, 20)), **users))
            for username in older:
                self._new_agent(username)

    # What people do

    def _new_agent(self, username: str) -> None:
        self.ids += 1
        self.connect.join(agent(username, f"{username}-{self.ids}", modified=self.site.now))

    @property
    def connect(self) -> FakeConnect:
        return self.site.connect

    def _listed(self, which: int) -> Agent:
        agents = list(self.connect.agents.values())
        return agents[which % len(agents)]

    @rule(which=who)
    def join(self, which: int) -> None:
        username = USERNAMES[which]
        if username not in self._usernames:
            self._new_agent(username)

    @rule(which=who, again=st.booleans(), other_case=st.booleans())
    @precondition(lambda self: self.connect.agents)
    def leave(self, which: int, again: bool, other_case: bool = False) -> None:
        """Leave, or be deleted and made anew under the same username, or one that differs in case only."""
        gone = self._listed(which)
        self.connect.leave(gone.id)
        self.left.append(gone)
        if again:
            username = gone.username.swapcase() if other_case else gone.username
            if username not in self._usernames:
                self._new_agent(username)

    @rule(which=who, username=who)
    @precondition(lambda self: self.connect.agents)
    def take_over_username(self, which: int, username: int) -> None:
        """Be called from now on as somebody else was, who may have left with a number."""
        if USERNAMES[username] not in self._usernames:
            self.site.clock.advance(seconds=1)
            taking = self._listed(which)
            self.connect.join(replace(taking, username=USERNAMES[username], modified=self.site.now))

    @rule(which=who, username=who)
    @precondition(lambda self: self.left)
    def return_under_another_username(self, which: int, username: int) -> None:
        """Come back with the old user id, when others may have the old username."""
        back = self.left.pop(which % len(self.left))
        if back.id not in self.connect.agents and USERNAMES[username] not in self._usernames:
            self.connect.join(replace(back, username=USERNAMES[username], modified=self.site.now))

    @property
    def _usernames(self) -> set[str]:
        return {each.username for each in self.connect.agents.values()}

    @rule(which=who, syncs=st.booleans())
    @precondition(lambda self: self.connect.agents)
    def be_away(self, which: int, syncs: bool) -> None:
        """Be missing from the listing for a while, and come back with the same user id."""
        away = self._listed(which)
        self.connect.leave(away.id)
        if syncs:
            self.sync()
        self.connect.join(away)

    @rule(which=who, name=st.sampled_from(NAMES))
    @precondition(lambda self: self.connect.agents)
    def rename(self, which: int, name: str) -> None:
        self.site.clock.advance(seconds=1)
        self.connect.rename(self._listed(which).id, name, self.site.now)

    @rule(days=st.sampled_from([0.01, 1, 10, 31]))
    def time_passes(self, days: float) -> None:
        self.site.clock.advance(days=days)

    @rule(lag=st.sampled_from([0, 1, 7, None]))
    def table_index_lags(self, lag: int | None) -> None:
        self.site.table.lag(lag)

    @rule()
    def search_index_stands_still(self) -> None:
        self.connect.freeze_search()
        self.frozen = self.site.clock.now

    @rule()
    def search_index_catches_up(self) -> None:
        self.connect.indexed = None

    @rule(text=st.sampled_from(RANGES))
    def change_range(self, text: str) -> None:
        self.site.policy = policy(text, max_release_count=2)

    # What admins do

    @rule(number=numbers, note=st.sampled_from(["fax", "lift"]))
    def reserve(self, number: int, note: str) -> None:
        self._by_admin(lambda: self.site.admin().do(ending(self.site, Reserve(str(10 + number), note)), "U1"))

    @rule(number=numbers)
    def unreserve(self, number: int) -> None:
        self._by_admin(lambda: self.site.admin().do(Unreserve(str(10 + number)), "U1"))

    @rule(which=who, number=numbers)
    @precondition(lambda self: self.connect.agents)
    def move(self, which: int, number: int) -> None:
        moved = self._listed(which)
        self._by_admin(lambda: self.site.admin().do(Move(moved.id, str(10 + number)), "U1"))

    @rule(one=who, other=who)
    @precondition(lambda self: self.connect.agents)
    def swap(self, one: int, other: int) -> None:
        self._by_admin(lambda: self.site.admin().do(Swap(self._listed(one).id, self._listed(other).id), "U1"))

    @rule(number=numbers)
    def free(self, number: int) -> None:
        self._by_admin(lambda: self.site.admin().do(ending(self.site, Free(str(10 + number))), "U1"))

    @rule(start=numbers, count=st.integers(2, 4), note=st.sampled_from(["fax", "lift"]))
    def reserve_several(self, start: int, count: int, note: str) -> None:
        """All or none; a hold that was not agreed to is no other than before."""
        several = [str(10 + start + each) for each in range(count)]
        before = self.site.numbers
        self._by_admin(lambda: self.site.admin().do(Reserve(", ".join(several), note), "U1"))
        after = self.site.numbers
        reserved = {each for each in several if each in after.reserved and each not in before.reserved}
        assert reserved in (set(), set(several))
        assert {each for each, hold in before.held.items() if hold[2] > self.site.now} <= after.held.keys()

    @rule(note=st.sampled_from(["fax", "lift"]))
    def unreserve_by_note(self, note: str) -> None:
        """Exactly those of the note, and no other."""
        before = self.site.numbers
        named = {each for each, said in before.reserved.items() if said == note}
        self._by_admin(lambda: self.site.admin().do(Unreserve(note=note), "U1"))
        gone = before.reserved.keys() - self.site.numbers.reserved.keys()
        assert gone in (set(), named)

    @rule(back=st.integers(0, 3), by_hand=st.booleans())
    def undo(self, back: int, by_hand: bool) -> None:
        """Take back one of the last runs, or the newest, and then again: that changes nothing more."""
        entries = self._recent()
        runs = [*dict.fromkeys(entry.run_id for entry in entries)]
        run = runs[-back] if 0 < back <= len(runs) else ""
        touched = {number for entry in entries for number in (entry.extension, entry.moved_from)}
        before = self.site.numbers
        self._by_admin(lambda: self._undo(run, by_hand))
        after = self.site.numbers
        for extension, who in before.assigned.items():
            assert extension in touched or after.assigned.get(extension) == who
        again = self.site.numbers
        self._by_admin(lambda: self._undo(run, by_hand))
        assert alike(self.site.numbers) == alike(again), "an undo acted twice"

    def _recent(self) -> list[HistoryEntry]:
        since = self.site.clock.now - UNDO_HOURS
        return [*self.site.reader().history(since, self.site.clock.now)]

    def _undo(self, run: str, by_hand: bool) -> object:
        return self.site.admin().do(Undo(run) if by_hand else UndoSync(), "U1")

    def _by_admin(self, act: Callable[[], object]) -> None:
        before = self.site.numbers
        try:
            act()
        except (Refused, LeaseTaken):
            assert alike(self.site.numbers) == alike(before)

    @rule(words=st.sampled_from(WORDS), number=numbers)
    def say_what_several_may_be(self, words: str, number: int) -> None:
        """Of all readings together: one person is moved, or nobody."""
        self.site.table.settle()
        self.sync()
        before = self.site.numbers
        kims = {before.assigned[each][0] for each, name in before.names.items() if name.startswith("Kim")}
        try:
            order = self._orders().of(Written(words.format(10 + number)), "U1")
        except Refused:
            return
        if isinstance(order, Move):
            assert {order.agent} == kims
            self._by_admin(lambda: self.site.admin().do(order, "U1"))
        others = {each for each in before.assigned.items() if each[1][0] not in kims}
        assert others <= set(self.site.numbers.assigned.items())

    def _orders(self) -> Orders:
        site = self.site
        files = S3Exports(site.bucket.client(), BUCKET, 15)
        lookup = Lookup(site.reader(), files, site.policy.range)
        members = Members(lookup, site.reader(), self.connect, FakeLinks(), WebClient())
        forwarding = Forwarding(lookup, members, UTC, site.clock)
        records = DynamoRunRecords(Table(site.table.client(), TABLE), site.clock)
        return Orders(lookup, members, site.reader(), records, site.policy.range, site.clock, forwarding)

    @rule(which=who, number=numbers, act=st.sampled_from(ACTS), lost=st.booleans(), silent=st.booleans())
    @precondition(lambda self: self.connect.agents)
    def an_order_is_lost(self, which: int, number: int, act: str, lost: bool, silent: bool) -> None:
        """All tries of its transaction fail, after they were done if `lost`; `silent`: nothing answers then.

        What is told is what happened: done, not done, or that it may have been done.
        """
        self.site.expire_lease()
        order = self._order(act, which, number)
        before = self.site.numbers
        broken = [False]

        def fault(operation: str, _: int) -> Fault | None:
            broken[0] = broken[0] or operation == "TransactWriteItems"
            hit = operation == "TransactWriteItems" or (silent and broken[0])
            return Fault("timeout", lost and operation == "TransactWriteItems") if hit else None

        self.site.table.wire.fault = fault
        told: object = None
        try:
            self.site.admin().do(order, "U1")
        except (Refused, Unavailable) as error:
            told = error
        finally:
            self.site.table.wire.fault = None
        self.site.expire_lease()
        changed = alike(self.site.numbers) != alike(before)
        assert changed <= lost
        if changed:
            assert isinstance(told, Unsure) if silent else told is None
        elif told is None:
            assert not broken[0], "told as done"

    def _order(self, act: str, which: int, number: int) -> ByHand:
        extension, agent_id = str(10 + number), self._listed(which).id
        match act:
            case "move":
                return Move(agent_id, extension)
            case "swap":
                return Swap(agent_id, self._listed(number).id)
            case "reserve":
                return ending(self.site, Reserve(extension, "fax"))
            case "free":
                return ending(self.site, Free(extension))
            case "undo":
                return Undo(whose="U1")
        return Unreserve(extension)

    # Syncs

    @rule(
        row=st.sampled_from(ODD_ROWS),
        attribute=st.sampled_from(ODD_ATTRIBUTES),
        text=st.sampled_from(ODD_TEXTS),
    )
    def a_row_is_odd(self, row: tuple[str, str], attribute: str, text: str) -> None:
        """A sync, its export and its report do what they do without it."""
        pk, sk = (each.format(day=f"{self.site.clock.now:%Y-%m-%d}") for each in row)
        there = next((each for each in self.site.table.items if key_of(each) == (pk, sk)), {})
        self.site.table.seed([{**there, **rows({"pk": pk, "sk": sk, attribute: text})[0]}])
        self.sync()

    @rule(which=who, attribute=st.sampled_from(["display_name", "team", "since", "modified", "readings"]))
    def a_row_of_a_number_is_odd(self, which: int, attribute: str) -> None:
        """A text of an assignment became a number: the next sync heals it."""
        self.sync()
        assigned = sorted(self.site.numbers.assigned)
        if not assigned:
            return
        key = (assigned[which % len(assigned)], "agentID")
        item = next(each for each in self.site.table.items if key_of(each) == key)
        self.site.table.seed([{**item, attribute: {"N": "7"}}])
        self.site.table.settle()
        self.sync()

    @rule(approve=st.booleans(), chosen=st.none() | st.integers(0, 15))
    def sync(self, approve: bool = False, chosen: int | None = None) -> None:
        """A sync that nothing disturbs does exactly what the rules say; a lease in the way runs out first.

        An approval is for those who waited at the last sync: all of them, or those whose bit is in `chosen`.
        """
        shown = self.report if approve and self.report and self.report.approval else None
        approved = shown.approval if shown else ""
        waited = shown.withheld if shown else ()
        some = frozenset(
            each.extension for at, each in enumerate(waited) if chosen is None or chosen >> at & 1
        )
        others = [entry for entry in waited if entry.extension not in some]
        before = self.site.numbers
        try:
            self.report = self._approving(approved, chosen, some, others)
        except LeaseTaken:
            assert self.site.numbers == before
            self.site.expire_lease()
            self.report = self._approving(approved, chosen, some, others)
        if approved:
            self._check_approval(self.report, before, approved, some, others)
        self._check_withheld(self.report, before)
        self._check_done(before, self.report)

    @rule(between=st.sampled_from(BETWEEN), which=who, chosen=st.none() | st.integers(0, 15))
    @precondition(lambda self: len(self.connect.agents) > 3)
    def approve_a_mass_leave(self, between: str, which: int, chosen: int | None) -> None:
        """Three leave at once and wait; something may happen before an admin approves some of them."""
        self.sync()
        for _ in range(3):
            self.leave(which, again=False)
        self.sync()
        self._let_happen(between, which)
        self.sync(approve=True, chosen=chosen)

    def _approving(
        self, approved: str, chosen: int | None, some: frozenset[str], others: list[HistoryEntry]
    ) -> Report:
        marks = frozenset(map(mark_of, others))
        return self.site.run(approved=approved, chosen=None if chosen is None else some, left_out=marks)

    def _check_approval(
        self,
        report: Report,
        before: Numbers,
        approved: str,
        chosen: frozenset[str],
        others: list[HistoryEntry],
    ) -> None:
        """Invariant 9: exactly those who were confirmed are released by it, or nobody where the facts moved.

        Who was left out waits in any case.
        """
        made = {entry.extension for entry in report.changes if entry.confirmed}
        assert len(made) == report.agreed
        assert not made or made == chosen
        assert not made & self.site.numbers.assigned.keys()
        assert report.approval != approved or not chosen
        left_out = {(entry.extension, entry.agent_id or entry.username) for entry in others}
        self.ever_left_out |= left_out
        agreed = {(each, _holder(before, each)) for each in made}
        self.left_out = (self.left_out | left_out) - agreed

    def _check_withheld(self, report: Report, before: Numbers) -> None:
        """Nobody waits without a reason, and nobody whom an admin left out is released unasked."""
        waits = {(entry.extension, _holder(before, entry.extension)) for entry in report.withheld}
        assert waits <= self.ever_left_out or self._too_many(before)
        self.left_out = self._still_gone(before)
        assert self.left_out <= waits

    def _too_many(self, before: Numbers) -> bool:
        """Whether the guard has a reason to withhold the leavers of this listing."""
        earlier = self._released_unasked(before)
        leavers = len(leavers_of(before, self.connect.agents.values())) + earlier
        too_many = leavers > 2 and leavers * 10 > len(before.assigned) + earlier
        return not self._whole() or not self.connect.agents or too_many

    def _released_unasked(self, before: Numbers) -> int:
        """Those without a number whom syncs of the last 24 hours released, and nobody agreed to that."""
        lines = [line for line in self._recent() if line.kind is ChangeKind.RELEASED]
        agreed = {line.agent_id or line.username for line in lines if line.confirmed}
        there = {part.casefold() for who in before.assigned.values() for part in who}
        gone = {
            line.agent_id or line.username
            for line in lines
            if line.agent_id.casefold() not in there and line.username.casefold() not in there
        }
        return len(gone - agreed)

    def _whole(self) -> bool:
        """Whether Connect's own count agrees with the listing."""
        return self.connect.indexed is None or len(self.connect.indexed) == len(self.connect.agents)

    def _check_done(self, before: Numbers, report: Report) -> None:
        after = self.site.numbers
        rules, agents = self.site.policy, self.connect.agents.values()
        withheld = {entry.extension for entry in report.withheld}
        expected = undisturbed(before, agents, rules, self.site.now, withheld, self._whole())
        assert alike(after) == alike(expected)
        check_kept(before, after)
        check_whole(after, rules.range)
        if after.assigned:  # a full directory is not replaced by an empty one
            check_export({key: stored.body for key, stored in self.site.bucket.objects.items()}, after)

    @rule(between=st.sampled_from(BETWEEN), which=who)
    def apply_a_plan(self, between: str, which: int) -> None:
        """That plan and no other is made; where the facts have moved nothing is, and a new one is shown."""
        self.site.expire_lease()
        plan = self.site.run(dry_run=True)
        self._let_happen(between, which)
        before = self.site.numbers
        report = self.site.run(plan=plan.plan)
        if report.dry_run:
            assert between != "nothing"
            assert report.plan != plan.plan
            assert alike(self.site.numbers) == alike(before)
        else:
            assert _lines(report) == _lines(plan)
            assert report.agreed == len(plan.changes)
            self._check_withheld(report, before)
            self._check_done(before, report)

    def _let_happen(self, what: str, which: int) -> None:
        match what:
            case "join":
                self.join(which)
            case "leave" if self.connect.agents:
                self.leave(which, again=False)
            case "return" if self.left and self.left[-1].username not in self._usernames:
                self.connect.join(self.left.pop())
            case "rename" if self.connect.agents:
                self.rename(which, "Ace")
            case "reserve":
                self.reserve(which, "fax")

    @rule(which=who, other=who, how=st.sampled_from(["same", "other", "freed"]))
    @precondition(lambda self: self.connect.agents)
    def another_program_writes(self, which: int, other: int, how: str) -> None:
        """What the older project's sync does to the row of an agent who is listed costs nobody a number."""
        self.sync()
        before = self.site.numbers
        victims = [ext for ext, (agent_id, _) in before.assigned.items() if agent_id in self.connect.agents]
        victims = [extension for extension in victims if extension in self.site.policy.range]
        if not victims:
            return
        extension = sorted(victims)[which % len(victims)]
        username = before.assigned[extension][1] if how == "same" else self._listed(other).username
        if how == "freed":
            self.site.table.remove(extension, "agentID")
            self.site.table.seed(rows({"pk": extension, "sk": "nu"}))
        else:
            self.site.table.seed(rows({"pk": extension, "sk": "agentID", "sk_value": username}))
        self.site.table.settle()
        report = self.site.run()
        self._check_done(before, report)
        assert any("Another program writes" in warning for warning in report.warnings)

    @rule(days=st.sampled_from([-40, -1, 1, 40]), dies=st.booleans())
    def sync_by_another_clock(self, days: int, dies: bool) -> None:
        """A run whose clock is days off, and which may die with the lease, changes nobody's number."""
        self.site.expire_lease()
        before = self.site.numbers
        self.site.clock.advance(days=days)
        with Hook(self.site, 2, lambda _: Fault("crash") if dies else None, WRITES), suppress(Crash):
            self._sync_or_raise(Process())
        check_kept(before, self.site.numbers)
        self.site.clock.advance(days=-days)
        self.site.expire_lease()

    @rule(
        spoilt=st.sampled_from(["cut", "empty", "nothing", "repeat", "fail", "miscount"]),
        nth=st.integers(1, 4),
    )
    def sync_on_bad_listing(self, spoilt: str, nth: int) -> None:
        """Nobody is released who is there; who is listed and has no number gets one all the same."""
        self.site.expire_lease()
        before = self.site.numbers
        listing = Spoilt(spoilt, nth)
        self.connect.requests.clear()
        self.connect.spoil = listing
        try:
            self._sync_or_raise()
        finally:
            self.connect.spoil = sound
        there = set(self.connect.agents)
        after = {agent_id for agent_id, _ in self.site.numbers.assigned.values()}
        gone = {agent_id for agent_id, _ in before.assigned.values()} - after
        assert not gone & there, "a bad listing released somebody"
        if listing.spoiled and self.connect.indexed is None:
            check_nobody_released(before, self.site.numbers)
        self._check_step(before)

    @rule(which=who)
    @precondition(lambda self: self.connect.agents)
    def sync_on_torn_listing(self, which: int) -> None:
        """A user is deleted and made anew while the listing is read, which then has both."""
        old = self._listed(which)
        self.leave(which, again=True)
        self.connect.requests.clear()
        self.connect.spoil = lambda operation, nth, page: (
            UserPage((old, *page.agents), page.token, page.total)
            if (operation, nth) == ("list_users", 1)
            else page
        )
        before = self.site.numbers
        self._sync_or_raise()
        self.connect.spoil = sound
        self._check_step(before)

    def _sync_or_raise(self, process: Process | None = None) -> Report | None:
        """A sync that may end in an error of ours, and in no other."""
        try:
            return self.site.run(process)
        except ExtensionsError:
            return None

    def _check_step(self, before: Numbers) -> None:
        after = self.site.numbers
        check_kept(before, after)
        check_holds(before, after, self.site.now)

    @rule(nth=st.integers(1, 12), after=st.booleans())
    def sync_crashes(self, nth: int, after: bool) -> None:
        """The process is gone at one of its writes; what it wrote is whole, and its lease runs out."""
        before = self.site.numbers
        process = Process()
        with Hook(self.site, nth, lambda _: Fault("crash", after), WRITES):
            try:
                self._sync_or_raise(process)
            except Crash:
                assert process.gone
        self._check_step(before)

    @rule(nth=st.integers(1, 25), kind=st.sampled_from(PASSING), after=st.booleans())
    def sync_with_onefailure(self, nth: int, kind: Kind, after: bool) -> None:
        """One failure that passes is as if it had not been."""
        self.site.expire_lease()
        before = self.site.numbers
        with Hook(self.site, nth, lambda operation: failure(kind, after, operation), set()):
            report = self.site.run()
        assert not any("directory could not be written" in warning for warning in report.warnings)
        self._check_done(before, report)

    @rule(nth=st.integers(1, 25), slow=st.booleans(), joins=st.booleans(), dies=st.booleans())
    def syncs_meet(self, nth: int, slow: bool, joins: bool, dies: bool) -> None:
        """A second run starts between two requests of the first, which may be paused for too long, or die."""
        self.site.expire_lease()
        before = self.site.numbers
        seen: list[Numbers] = []

        def second(_: str) -> Fault | None:
            if slow:
                self.site.expire_lease()
            if joins:
                self.join(nth % len(USERNAMES))
            if self._sync_unless_taken():
                seen.append(self.site.numbers)
            return Fault("crash", after=True) if dies else None

        with Hook(self.site, nth, second, set()), suppress(Crash):
            try:
                self.site.run(Process())
            except LeaseLost:
                assert slow
                assert seen
        if seen:
            assert alike(self.site.numbers) == alike(seen[0]), "a run without its lease wrote something"
        self._check_step(before)

    def _sync_unless_taken(self) -> bool:
        try:
            self.site.run()
        except LeaseTaken:
            return False
        return True

    @invariant()
    def search_index_is_not_later_than_it_may_be(self) -> None:
        if self.site.clock.now - self.frozen > SEARCH_LAG / 2:
            self.connect.indexed = None

    @invariant()
    def left_out_until_they_are_back(self) -> None:
        """Who is listed again, or has no number any more, is nobody whom a sync has to ask about."""
        self.left_out = self._still_gone(self.site.numbers)

    def _still_gone(self, numbers: Numbers) -> set[Holder]:
        """Those left out whom a sync of these numbers would release."""
        there = {agent.id for agent in self.connect.agents.values()}
        names = {agent.username.casefold() for agent in self.connect.agents.values()}
        rows = numbers.assigned
        return {
            (extension, holder)
            for extension, holder in self.left_out
            if (row := rows.get(extension)) and holder == (row[0] or row[1])
            if row[0] not in there and row[1].casefold() not in names
        }

    # What holds at every step

    @invariant()
    def one_each(self) -> None:
        rows = self.site.numbers
        if all(agent_id for agent_id, _ in rows.assigned.values()):
            check_one_each(rows)

    @invariant()
    def tokens_only_grow(self) -> None:
        assert self.site.numbers.token >= self.token
        self.token = self.site.numbers.token

    def teardown(self) -> None:
        """Left alone, it comes to rest: everything is as the rules say, and another sync writes nothing."""
        self.connect.indexed = None
        self.site.table.settle()
        self.site.clock.advance(days=1)
        self.sync()
        for extension, (agent_id, _) in self.site.numbers.assigned.items():
            if agent_id in self.connect.agents:
                assert self.site.numbers.names[extension] == self.connect.agents[agent_id].name
        check_one_each(self.site.numbers)
        self._check_rest()

    def _check_rest(self) -> None:
        rows, written = lasting(self.site.table.items), dict(self.site.bucket.objects)
        self.site.table.wire.reset()
        report = self.site.run()
        assert not report.counts
        assert lasting(self.site.table.items) == rows
        assert self.site.bucket.objects == written
        assert self.site.table.wire.requests["TransactWriteItems"] == 1


def key_of(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _holder(numbers: Numbers, extension: str) -> str:
    """The agent on an extension: by user id, or by username while that is not known."""
    agent_id, username = numbers.assigned[extension]
    return agent_id or username


def _lines(report: Report) -> list[tuple[str, str, str]]:
    return sorted((entry.kind, entry.extension, entry.label) for entry in report.changes)


TestNumbering = Numbering.TestCase
TestNumbering.settings = settings(
    derandomize=True,
    print_blob=True,
    deadline=None,
    max_examples=int(os.environ.get("NUMBERING_EXAMPLES", "60")),
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
)
