"""Jobs: work that changes numbers. The Slack side sends one as an event; the sync function runs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from msgspec import Struct, ValidationError, convert, to_builtins
from msgspec.structs import replace

from bot.messages import request_text as request_words
from bot.messages import sync_report as words
from bot.messages.admin_answers import ask_again, ask_holds, ask_undo
from bot.messages.begun import HERE, begun, pressed_by
from bot.messages.blocks import Message
from bot.messages.button_values import read, read_bits
from bot.messages.help import refused
from bot.messages.pressed import Pressed
from bot.messages.request_text import NumberRequest
from bot.slack.clients import is_slacks
from bot.slack.replies import ProgressMessages
from bot.telemetry import emit, logger
from core.errors import ExtensionsError, LeaseTaken, PartlyDone, Refused, Unavailable
from core.models import Assigned, Change, ChangeKind, Failure, HistoryEntry, Report, iso
from core.numbering.orders import (
    Apply,
    Approve,
    ByHand,
    ForgetMembers,
    Free,
    Move,
    Order,
    PlanSync,
    Reserve,
    StartSync,
    Status,
    Syncing,
    Undo,
    UndoSync,
    agreed,
    task_of,
)
from core.once import once
from core.ports import Claims, Clock, Exports, RunRecords
from core.words.number_lists import write_numbers
from core.work import Work

if TYPE_CHECKING:  # the Slack function sends jobs and runs none: it does not load this code
    from core.numbering.admin import Admin
    from core.numbering.guard import Consent
    from core.numbering.sync import Progress, Sync
    from core.status import Status as State

Json = dict[str, Any]

# A job that died can be run again after so long: a sync after the life of its function, a small change
# when Lambda first tries again, which is after a minute.
_SYNC_SECONDS, _ADMIN_SECONDS = 900, 50
# A button stands for so long before nobody is told any more who pressed it first.
_REMEMBERED = timedelta(days=7)


# The places of a button, "" for a command: the answer to it belongs there.
MESSAGE, HOME = "message", "home"


class Unreadable(Refused):
    """When an event does not describe a job of this version; `job` says who asked, and where."""

    def __init__(self, job: Job) -> None:
        super().__init__("That was asked of another version of me. Nothing was done. Ask again, please.")
        self.job = job


class Job(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One order for the sync function, and where to answer.

    `id` names the job: one that comes twice under a name is run and told once. `by` is the Slack user id of
    the requester, "schedule" where no person asked. `response_url` is where the answer goes, "" for nowhere.
    `place` is where the button stood that was pressed for it, and `pressed` the message there, if Slack sent
    it.
    """

    order: Order = StartSync()
    by: str = "schedule"
    response_url: str = ""
    place: str = ""
    pressed: str = ""
    id: str = ""

    @property
    def task(self) -> str:
        """The kind of the order, for logs."""
        return task_of(self.order)

    def to_event(self) -> Json:
        """The job as the event of the sync function: the fields of the order beside its own.

        Approvals travel as syncs, as earlier versions read them.
        """
        own, order = to_builtins(self), to_builtins(self.order)
        own.pop("order", None)
        if isinstance(self.order, Approve | Apply):
            order["task"] = task_of(StartSync)
        return {"job": {**order, "by": self.by, **own}}

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Job:
        """Read an event; one that has no job, such as a schedule's, is a plain sync. Raises Unreadable."""
        given = event.get("job")
        if not isinstance(given, Mapping):
            return cls()
        own = {name: value for name, value in given.items() if name in _OWN}
        order = {"task": task_of(StartSync)} | {each: given[each] for each in given.keys() - own.keys()}
        try:
            job = convert(own, cls)
        except ValidationError as error:
            raise Unreadable(cls()) from error
        if order["task"] == task_of(StartSync) and isinstance(name := order.get("approved"), str):
            order["task"] = task_of(agreed(name))
        try:
            return replace(job, order=convert(order, Order))
        except ValidationError as error:
            raise Unreadable(job) from error


_OWN = {*Job.__struct_fields__} - {"order"}


class JobServices(Struct, frozen=True):
    """The services that jobs use. `sync` and `admin` give a new run each time, with a lease of its own.

    `admin` is given the run's name. `history` has the changes between two moments.

    `notify` tells agents of their new numbers; `forget_members` removes what is kept of people in Slack and
    counts it; `show_home` publishes somebody's Home tab, with the news of a run; `tell_directly` sends a
    direct message. They may raise Unavailable.
    """

    sync: Callable[[], Sync]
    admin: Callable[[str], Admin]
    exports: Exports
    claims: Claims
    clock: Clock
    notify: Callable[[Sequence[HistoryEntry]], object]
    records: RunRecords
    history: Callable[[datetime, datetime], Iterable[HistoryEntry]]
    show_home: Callable[[str, Message | None], object]
    status: Callable[[], State]
    slack_api_url: str = ""
    forget_members: Callable[[], int] = int
    tell_directly: Callable[[str, Message], object] = lambda *_: None


class Result(Struct, frozen=True):
    """The result of a job: as JSON, as a message to the requester, and the changes that were written.

    `outcome` says what came of an approval, for the place where its button stood.
    """

    json: Json
    message: Message
    written: Sequence[HistoryEntry] = ()
    outcome: Message | None = None


def started(job: Job, where: str = HERE) -> Message:
    """The acknowledgement of a job that has just been handed over; the result is told `where`."""
    return pressed_by(job.by) if job.place == MESSAGE else begun(job.order, where, job.place == HOME)


def refuse(error: Unreadable, services: JobServices) -> None:
    """Tell whoever asked for a job that it can't be read."""
    _Requester(error.job, services).tell_refusal(refused(str(error)))


def run_job(job: Job, services: JobServices) -> Json:
    """Run a job, tell the requester the result by `response_url`, and return it as JSON.

    A refusal is a result. Raises any other error, after it was told.
    """
    if not job.id:
        return _run(job, services)
    results: list[Json] = []
    seconds = _SYNC_SECONDS if isinstance(job.order, Syncing) else _ADMIN_SECONDS
    begun: list[Job] = []

    def work() -> None:
        begun.append(job)
        results.append(_run(job, services))

    try:
        once(services.claims, Work.JOB.named(job.id), seconds, work)
    except ExtensionsError as error:
        if not begun:
            _failed(_Requester(job, services), job.id, str(error))
        raise
    return results[0] if results else {"repeated": job.id}


def _run(job: Job, services: JobServices) -> Json:
    from core.numbering.sync import new_run_id

    run_id = new_run_id(services.clock())
    requester = _Requester(job, services)
    try:
        result = _result(services, job, run_id, requester.messages.progress)
    except (LeaseTaken, Refused) as error:
        requester.tell_refused(error)
        return {"run_id": run_id, "refused": str(error)}
    except PartlyDone as error:
        from bot.messages.done import partly_done

        requester.tell_refusal(partly_done(error, job.order, run_id))
        raise
    except ExtensionsError as error:
        _failed(requester, run_id, str(error))
        raise
    except Exception:
        _failed(requester, run_id, "Something went wrong that should not.")
        raise
    if result.json.get("skipped"):
        requester.tell_refusal(result.message)
    else:
        requester.tell(result)
    _notify(services, result.written)
    if result.written and isinstance(job.order, ByHand):
        _export(services, job.by)
    return result.json


def _refusal(error: LeaseTaken | Refused, job: Job) -> Message:
    """The words of a refusal, with what to do instead."""
    from bot.messages.done import undone_already
    from core.numbering.decide import AnotherNumber, AnothersChange, HoldsInTheWay
    from core.numbering.undo import AlreadyUndone

    match error, job.order:
        case LeaseTaken(), _:
            return words.busy(error.holder, error.since)
        case HoldsInTheWay(), (Reserve() | Free()) as order:
            return ask_holds(error.holds, order)
        case AnotherNumber(), Move() as order:
            return ask_again(error.agent, order)
        case AnothersChange(), _:
            return ask_undo(error.first)
        case AlreadyUndone(), _:
            return undone_already(error.by, error.at)
        case _:
            return refused(str(error))


def _failed(requester: _Requester, run_id: str, reason: str) -> None:
    """Keep that a sync failed, and tell it."""
    job, services = requester.job, requester.services
    if isinstance(job.order, Syncing) and not isinstance(job.order, PlanSync):
        with suppress(ExtensionsError):
            services.records.keep_failure(Failure(iso(services.clock()), job.by, run_id, reason))
    requester.tell_refusal(words.failed(reason, run_id))


class _Requester:
    """The one who asked for a job, told where they asked: by command, in a message, or on the Home tab."""

    def __init__(self, job: Job, services: JobServices) -> None:
        self.job, self.services = job, services
        to_slack = is_slacks(job.response_url, services.slack_api_url)
        self.messages = ProgressMessages(job.response_url if to_slack else "", quiet=bool(job.place))
        wish = job.order.request if isinstance(job.order, Move) else ""
        self.request = read(wish, NumberRequest) if wish else None

    def tell(self, result: Result) -> None:
        """Tell the result, in place of the button if one was pressed."""
        if request := self.request:
            decided = request_words.decided(request, self.job.by, approved=True)
            self._fulfilled(request, decided, request_words.told(request, self.job.by, approved=True))
        elif self.job.place == HOME:
            self._show_home(result.outcome)
        elif self.job.pressed and result.outcome:
            self._say(Pressed.read(self.job.pressed).saying(result.outcome), instead=True)
        else:
            self._say(result.message, instead=self.job.place == MESSAGE)

    def tell_refusal(self, said: Message) -> None:
        """Tell that nothing came of it; the message gets its button back."""
        if self.request:
            with suppress(ExtensionsError):
                self.services.claims.drop(self.request.claim)
        if self.job.place == HOME:
            self._show_home(said)
            return
        if self.job.pressed:
            self.messages.tell(Pressed.read(self.job.pressed).unchanged(), instead=True)
        self._say(said, instead=self.job.place == MESSAGE and not self.job.pressed)

    def tell_refused(self, error: LeaseTaken | Refused) -> None:
        """Tell a refusal; a request whose number is the asker's by now is fulfilled."""
        from core.numbering.decide import AnotherNumber, HasItAlready

        match error, self.request:
            case HasItAlready(), NumberRequest() as request:
                self._fulfilled(
                    request, request_words.fulfilled(request), request_words.told_of_success(request)
                )
            case AnotherNumber(), NumberRequest() as request:
                self._ask_again(request, error.agent)
            case _:
                self.tell_refusal(_refusal(error, self.job))

    def _ask_again(self, request: NumberRequest, agent: Assigned) -> None:
        """Ask about the number that the agent has by now, in the place of the buttons."""
        with suppress(ExtensionsError):
            self.services.claims.drop(request.claim)
        again = request_words.asked_again(request, agent)
        shown = Pressed.read(self.job.pressed).saying(again) if self.job.pressed else again
        self._say(shown, instead=True)

    def _say(self, said: Message, instead: bool) -> None:
        """Tell it by `response_url`; in a direct message where Slack does not take it any more."""
        if not self.messages.tell(said, instead) and self.messages.response_url:
            self._say_directly(self.job.by, said)

    def _say_directly(self, member: str, said: Message) -> None:
        try:
            self.services.tell_directly(member, said)
        except Exception as error:  # noqa: BLE001 - Slack's client raises many kinds; the numbers count
            logger().warning("the result could not be told", extra={"error": type(error).__name__})

    def _fulfilled(self, request: NumberRequest, shown: Message, told: Message) -> None:
        """The request is over: its message says so, and so does one to the asker."""
        with suppress(ExtensionsError):
            self.services.claims.done(request.claim)
        self._say(shown, instead=True)
        self._say_directly(request.member, told)

    def _show_home(self, said: Message | None) -> None:
        try:
            self.services.show_home(self.job.by, said)
        except Exception as error:  # noqa: BLE001 - Slack's client raises many kinds; the numbers count
            logger().warning("the Home tab could not be shown", extra={"error": type(error).__name__})


def _notify(services: JobServices, written: Sequence[HistoryEntry]) -> None:
    """Tell agents of their new numbers. A failure is logged: the numbers are what counts."""
    try:
        services.notify(written)
    except Exception as error:  # noqa: BLE001 - Slack's client raises many kinds; the numbers count
        logger().warning("agents could not be told", extra={"error": type(error).__name__})


def _export(services: JobServices, by: str) -> None:
    """Write the directory anew after a change by hand; a run that has the lease by now does so in its turn.

    A failure is logged: the next sync tries again.
    """
    try:
        services.sync().export(by)
    except LeaseTaken:
        pass
    except Exception as error:  # noqa: BLE001 - the change is done and told, whatever becomes of the files
        logger().warning("the directory was not written", extra={"error": type(error).__name__})


def run_sync(services: JobServices, job: Job, run_id: str, progress: Progress) -> Report:
    """Sync, or plan one; a lease that another run holds makes a report that says so."""
    from core.numbering.sync import skipped

    try:
        consent, plan = _consent(services, job.order), isinstance(job.order, PlanSync)
        report = services.sync().run(job.by, run_id, consent, plan, progress)
    except LeaseTaken as error:
        return skipped(error, job.by, run_id, services.clock())
    if report.approval:
        _keep(services, report.approval, report.withheld)
    if report.dry_run and report.changes:
        _keep(services, report.plan, report.changes)
    if not report.dry_run:
        _measure(report)
    return report


def _consent(services: JobServices, order: Order) -> Consent:
    """The consent that an order gives: to a plan, or to releases, all or the chosen ones."""
    from core.numbering.guard import Consent, mark_of

    match order:
        case Apply(plan):
            return Consent(plan=plan)
        case Approve(approved, ""):
            return Consent(approved)
        case Approve(approved, bits):
            left_out, waiting = read_bits(bits), services.records.all_withheld(approved)
            if not waiting:
                raise Refused("The list of those who were chosen is gone. Run `/ext-sync` for a new one.")
            chosen = {entry.extension for number, entry in enumerate(waiting) if number not in left_out}
            others = {mark_of(entry) for number, entry in enumerate(waiting) if number in left_out}
            return Consent(approved, frozenset(chosen), left_out=frozenset(others))
    return Consent()


def _keep(services: JobServices, name: str, changes: Sequence[HistoryEntry]) -> None:
    """Keep all that a person may agree to, so that every name can be read.

    A failure is logged: the next sync tries again.
    """
    try:
        services.records.keep_waiting(name, changes)
    except Unavailable as error:
        logger().warning("a list for an approval could not be kept", extra={"error": type(error).__name__})


def as_json(report: Report) -> Json:
    """The report as the answer of the sync function: the counts of the contract, and more for logs."""
    kinds = (kind for kind in ChangeKind if kind is not ChangeKind.RELEASED)
    answer: Json = {"run_id": report.run_id, "released": report.counts.get(ChangeKind.RELEASED, 0)}
    answer |= {kind.value: report.counts.get(kind, 0) for kind in kinds}
    return answer | {
        "left_over": len(report.left_over),
        "withheld": len(report.withheld),
        "unchanged": report.unchanged,
        "duration_ms": report.duration_ms,
        "exported": report.exported,
        "dry_run": report.dry_run,
        "withheld_because": list(report.withheld_because),
        "warnings": list(report.warnings),
        "skipped": report.skipped,
    }


def _sync(services: JobServices, job: Job, run_id: str, progress: Progress) -> Result:
    report = run_sync(services, job, run_id, progress)
    written = () if report.dry_run else report.changes
    before = _earlier(services, report)
    message = words.result(report, _link(services, report), before)
    # Of a plan all is shown: what was done of it, or the plan as it is now.
    outcome = words.outcome(report, before) if isinstance(job.order, Approve) else None
    return Result(as_json(report), message, written, outcome)


def _earlier(services: JobServices, report: Report) -> list[HistoryEntry]:
    """The changes of the last days under an approval that this run could not act on."""
    if report.skipped or not report.approved or report.agreed:
        return []
    now = services.clock()
    try:
        lines = services.history(now - _REMEMBERED, now)
        return [line for line in lines if line.confirmed == report.approved]
    except Unavailable:
        return []


def _link(services: JobServices, report: Report) -> str:
    """The directory link, "" where there is no directory to link to."""
    if report.skipped or report.dry_run:
        return ""
    try:
        return services.exports.link()
    except (Refused, Unavailable):
        return ""


def _measure(report: Report) -> None:
    pool = report.pool
    emit(
        SyncSucceeded=1,
        SyncDuration=report.duration_ms,
        Assigned=report.counts.get(ChangeKind.ASSIGNED, 0),
        Released=report.counts.get(ChangeKind.RELEASED, 0),
        ReleasesWithheld=len(report.withheld),
        PoolFree=pool.free if pool else 0,
        PoolFreePercent=100 * pool.free / pool.size if pool else 0,
    )
    for name, free in report.free_by_range.items():
        emit(name.rpartition(", ")[2], RangeFree=free)  # a dimension has to be ASCII, and a team may not be


def _result(services: JobServices, job: Job, run_id: str, progress: Progress) -> Result:
    """Carry out an order."""
    match job.order:
        case StartSync() | PlanSync() | Approve() | Apply():
            return _sync(services, job, run_id, progress)
        case Status():
            from bot.messages.status_answer import status

            return Result({"run_id": run_id}, status(services.status()))
        case ForgetMembers():
            return Result({"run_id": run_id, "forgotten": services.forget_members()}, begun(job.order))
        case order:
            return _by_hand(services, order, job.by, run_id)


def _by_hand(services: JobServices, order: ByHand, by: str, run_id: str) -> Result:
    from bot.messages.done import done, undone

    decision = services.admin(run_id).do(order, by)
    at = iso(services.clock())
    lines = [HistoryEntry.of(change, at, by, run_id) for change in decision.changes]
    if isinstance(order, Undo | UndoSync):
        answer: Json = {"undone": _numbers(decision.changes), "left": len(decision.left)}
        return Result({"run_id": run_id, **answer}, undone(decision, run_id), lines)
    kind = decision.changes[0].kind
    answer = {kind.value: _numbers(each for each in decision.changes if each.kind is kind)}
    return Result({"run_id": run_id, **answer}, done(decision, run_id), lines)


def _numbers(changes: Iterable[Change]) -> str:
    return write_numbers(change.extension for change in changes)
