"""Checks of the Connect instance, and of the way of a call: function, flows, a lookup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from msgspec import Struct

from bot.doctor.findings import Finding, noted, right, unknown, wrong
from bot.doctor.flow_blocks import compare
from bot.doctor.numbering import Numbering, TableRows
from bot.doctor.threads import Later, told
from bot.wiring import now
from core.aws.inspect import ConnectInspector, FlowFacts, ask_call_function, function_name, is_missing
from core.errors import ExtensionsError, Unavailable
from core.models import ExtensionRange, iso
from core.ports import Incident, Incidents

# As serverless.yml names the functions and infra/connect-managed.yml the flows of a stage.
_CALL_FUNCTION = re.compile(r"connect-extensions-(?P<stage>.+)-call")
_FLOWS = ("Extensions {}", "Extensions {} ringing", "Extensions {} transfer")
_SAY_FUNCTION = "Set CALL_FUNCTION to the name of the function that tells Connect whose number it is."
_SAY_FLOWS = "Set CONNECT_FLOWS to the ids of your flows, comma separated, as the console shows them."
_SYNC = "Run a sync: python -m bot sync."
_AVAILABILITY, _DAY = "Availability", timedelta(days=1)
_ALLOW_STATUS = (
    "Allow connect:GetCurrentUserData and connect:ListAgentStatuses for the Slack function, as in "
    "infra/roles.yml: deploy again. "
    "A denial is told for a day."
)
_MOST_TOLD = 5
_PUBLISH = "Publish it in the console's flow designer, or deploy again."


def check_instance(connect: ConnectInspector, room: int) -> Iterator[Finding]:
    """Check that the instance can be reached and has no more users than there are extensions (`room`)."""
    try:
        yield _judge_instance(connect)
    except Unavailable as error:
        do = "Set CONNECT_INSTANCE_ID and AWS_REGION to the instance's, and allow connect:ListUsers."
        yield wrong("Instance", str(error), do) if is_missing(error) else unknown("Instance", str(error), do)
        return
    yield told("Users", lambda: judge_users(connect.count(), room))


def _judge_instance(connect: ConnectInspector) -> Finding:
    """List the users, or where that is denied, look at the instance's status. Raises Unavailable."""
    try:
        connect.list_users()
    except Unavailable as error:
        if is_missing(error):
            raise
        return judge_status(connect.status(), str(error))
    return right("Instance", "Its users can be listed.")


def judge_status(status: str, why_not: str) -> Finding:
    """Judge the instance by its status, when its users can't be listed; `why_not` is a sentence."""
    if status != "ACTIVE":
        return wrong("Instance", f"It is {status}.", "See the console for why, or set another instance.")
    return unknown("Instance", f"It is ACTIVE, but its users can't be listed from here. {why_not}")


def judge_users(count: int | None, room: int) -> Finding:
    """Judge Connect's own count of users against the size of the range."""
    if count is None:
        return unknown("Users", "Connect gives no count.")
    if count > room:
        says = f"{count:,} users, and {room:,} extensions."
        return wrong("Users", says, "Widen EXTENSION_RANGE: it has to hold everybody.")
    return right("Users", f"{count:,}, for {room:,} extensions.")


def check_availability(
    connect: ConnectInspector, incidents: Incidents, rows: Later[TableRows]
) -> Iterator[Finding]:
    """Check that Connect tells answers who is available: by what it denied the bot, and by asking it."""

    def judge() -> Finding:
        denied = incidents.since(Incident.AVAILABILITY_DENIED)
        if denied > iso(now() - _DAY):
            return wrong(_AVAILABILITY, f"Connect refused to tell the bot, at {denied}.", _ALLOW_STATUS)
        example = Numbering.of(rows.result().rows).example()
        if example is None:
            return unknown(_AVAILABILITY, "There is no agent to ask for yet.", _SYNC)
        connect.ask_status(example["agent_id"])
        return right(_AVAILABILITY, "Connect tells it here, and has refused the bot nothing for a day.")

    yield told(_AVAILABILITY, judge)


class CallChecks(Struct, frozen=True):
    """Checks of the way of a call: Connect may call the function, flows are as ours, a lookup works."""

    connect: ConnectInspector
    functions: Any
    rows: Later[TableRows]
    extensions: ExtensionRange
    environ: Mapping[str, str]

    def check(self) -> Iterator[Finding]:
        """Check all of it."""
        associated: list[str] | None = None
        try:
            associated = self.connect.functions()
        except Unavailable as error:
            yield unknown("Association", str(error), "Allow connect:ListLambdaFunctions.")
        function = call_function(self.environ, associated or [])
        if associated is not None:
            yield judge_association(function, associated)
        name = function_name(function)
        yield told("Flows", lambda: self._flows(name))
        yield told("Blocks", lambda: self._blocks(name))
        yield from self._lookups(function)

    @property
    def _ids(self) -> list[str]:
        """The flows that a setting names."""
        return self.environ.get("CONNECT_FLOWS", "").replace(",", " ").split()

    def _blocks(self, function: str) -> Finding:
        named = _CALL_FUNCTION.fullmatch(function)
        ids = self._ids
        if not ids and named:
            wanted = {name.format(named["stage"]) for name in _FLOWS}
            ids = [flow.id for flow in self.connect.flows() if flow.name in wanted]
        return judge_blocks([self.connect.flow(each) for each in ids], own=bool(self._ids))

    def _flows(self, function: str) -> Finding:
        if ids := self._ids:
            return judge_flows([self.connect.flow(each) for each in ids])
        named = _CALL_FUNCTION.fullmatch(function)
        if named is None:
            return unknown("Flows", "Which flows make the numbers ring is not known here.", _SAY_FLOWS)
        return find_flows(named["stage"], self.connect.flows())

    def _lookups(self, function: str) -> Iterator[Finding]:
        name = "Test lookup"
        if not function:
            yield unknown(
                name, "Which function tells Connect whose number it is is not known.", _SAY_FUNCTION
            )
            return
        try:
            numbering = Numbering.of(self.rows.result().rows)
        except ExtensionsError as error:
            yield unknown(name, str(error))
            return
        nobodys = numbering.nobodys(self.extensions)
        yield self._lookup("Unknown number", function, {"extension": nobodys, "found": "false"}, nobodys)
        example = numbering.example()
        if example is None:
            yield unknown(name, "No extension is assigned yet.", _SYNC)
            return
        expected = {"found": "true", "extension": example["pk"], "agent_id": example["agent_id"]}
        yield self._lookup(name, function, expected, example["pk"])

    def _lookup(self, name: str, function: str, expected: Mapping[str, str], extension: str) -> Finding:
        try:
            answer = ask_call_function(self.functions, function, extension)
        except Unavailable as error:
            if is_missing(error):
                return wrong(name, str(error), _SAY_FUNCTION)
            return unknown(name, str(error), "Allow lambda:InvokeFunction on it for who runs the doctor.")
        return judge_lookup(name, answer, expected, extension)


def call_function(environ: Mapping[str, str], associated: list[str]) -> str:
    """Find the call function (name or ARN): as set, beside the sync function, or the only one; else ""."""
    sync = function_name(environ.get("SYNC_FUNCTION", "").strip())
    told_so = environ.get("CALL_FUNCTION", "").strip()
    if told_so or sync.endswith("-sync"):
        return told_so or f"{sync.removesuffix('-sync')}-call"
    alike = [name for name in associated if _CALL_FUNCTION.fullmatch(name)]
    return alike[0] if len(alike) == 1 else ""


def judge_association(function: str, associated: list[str]) -> Finding:
    """Judge whether flows may call the function. `associated` are names of functions."""
    name = "Association"
    if not function:
        return unknown(name, "Which function tells Connect whose number it is is not known.", _SAY_FUNCTION)
    called = function_name(function)
    if called in associated:
        return right(name, f"Connect may call {called}.")
    do = "Deploy with flows: managed, or associate it: aws connect associate-lambda-function."
    return wrong(name, f"{called} is not associated with the instance.", do)


def find_flows(stage: str, flows: list[FlowFacts]) -> Finding:
    """Pick the flows of a stage from all flows of the instance, and judge them."""
    by_name = {flow.name: flow for flow in flows}
    wanted = [name.format(stage) for name in _FLOWS]
    missing = [name for name in wanted if name not in by_name]
    if len(missing) == len(wanted):
        return unknown("Flows", f"None is called '{wanted[0]}'.", _SAY_FLOWS)
    if missing:
        return wrong("Flows", f"There is no '{missing[0]}'.", "Deploy again with flows: managed.")
    return judge_flows([by_name[name] for name in wanted])


def judge_flows(flows: list[FlowFacts]) -> Finding:
    """Judge the flows: only one that is published, and not archived, takes calls."""
    for flow in flows:
        if not flow.published:
            return wrong("Flows", f"'{flow.name}' is not published.", _PUBLISH)
        if not flow.active:
            return wrong("Flows", f"'{flow.name}' is archived.", "Take it out of the archive in the console.")
    return right("Flows", f"Published: {', '.join(flow.name for flow in flows)}.")


def judge_blocks(flows: list[FlowFacts], *, own: bool) -> Finding:
    """Judge the blocks of published flows against ours; `own`: they are flows of the house."""
    try:
        found = {flow.name: compare(flow.kind, flow.content) for flow in flows if flow.content}
    except ImportError:
        return unknown("Blocks", "Our flows are not here to compare with.", "Run it in a checkout of this.")
    compared = {name: each for name, each in found.items() if each}
    if not compared:
        return unknown("Blocks", "No flow's blocks could be read.", "Allow connect:DescribeContactFlow.")
    told = [f"{name}: {each}" for name, flow in compared.items() for each in flow.differences]
    on = sorted({setting for flow in compared.values() for setting in flow.on})
    if not told:
        return right("Blocks", f"As in flows/, with {', '.join(on) or 'every switch off'}.")
    more = f" {len(told) - _MOST_TOLD} more." if len(told) > _MOST_TOLD else ""
    says = f"Not as in flows/. {'. '.join(told[:_MOST_TOLD])}.{more}"
    return noted("Blocks", says) if own else wrong("Blocks", says, "Deploy again: it publishes ours.")


def judge_lookup(
    name: str, answer: Mapping[str, Any], expected: Mapping[str, str], extension: str
) -> Finding:
    """Judge whether the function answers as the table says."""
    if "errorType" in answer:
        do = "See the function's log, and that its settings are those of this table."
        return wrong(name, f"Asked for {extension}, it failed: {answer['errorType']}.", do)
    odd = [key for key, value in expected.items() if answer.get(key) != value]
    if odd:
        says = f"For {extension} its {' and '.join(odd)} is not what the table says."
        return wrong(name, says, "See that the function has this table's name and EXTENSION_RANGE.")
    whose = "the agent of the table" if expected["found"] == "true" else "nobody"
    return right(name, f"{extension} is {whose}.")
