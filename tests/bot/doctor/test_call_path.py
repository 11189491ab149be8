"""Amazon Connect and the way of a call, looked at through real clients."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.doctor.call_path import (
    CallChecks,
    call_function,
    check_availability,
    check_instance,
    find_flows,
)
from bot.doctor.findings import Finding, Verdict
from bot.doctor.numbering import TableRows
from bot.doctor.threads import Later
from core.aws.clients import aws_client
from core.aws.inspect import ConnectInspector, FlowFacts
from core.aws.rows import rows_of
from core.errors import Unavailable
from core.models import ExtensionRange, Free, iso
from core.ports import Incident
from infra import flows as files
from sandbox.aws.lambda_stand_in import Handler, LambdaStandIn
from tests.bot.doctor import CALL, INSTANCE, PEOPLE, REGION, Json, Service, verdicts
from tests.bot.fakes import FakeIncidents

RIGHT, WRONG, UNKNOWN = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN
RANGE = ExtensionRange.parse("7000-7001")
ARN = f"arn:aws:lambda:us-east-1:123456789012:function:{CALL}"
ROWS = TableRows(tuple(row for state in PEOPLE for row in rows_of(state)), moved=False)


def inspector() -> ConnectInspector:
    return ConnectInspector(aws_client("connect", REGION, 2), INSTANCE)


def instance(room: int = 10) -> dict[str, Finding]:
    return {finding.name: finding for finding in check_instance(inspector(), room)}


def test_an_instance_whose_users_can_be_listed_is_right_and_they_are_counted(connect: Service) -> None:
    connect.say(f"/users-summary/{INSTANCE}", {"UserSummaryList": []})
    connect.say("/search-users", {"Users": [], "ApproximateTotalCount": 10})
    assert verdicts(instance().values()) == {"Instance": RIGHT, "Users": RIGHT}
    assert instance()["Users"].says == "10, for 10 extensions."
    assert instance(room=9)["Users"].verdict is WRONG


def test_an_instance_that_is_not_there_is_wrong(connect: Service) -> None:
    connect.refuse(f"/users-summary/{INSTANCE}", "ResourceNotFoundException", 404)
    assert verdicts(instance().values()) == {"Instance": WRONG}


@pytest.mark.parametrize(("status", "verdict"), [("ACTIVE", UNKNOWN), ("CREATION_FAILED", WRONG)])
def test_an_instance_whose_users_may_not_be_listed_is_looked_at(
    connect: Service, status: str, verdict: Verdict
) -> None:
    connect.say(f"/instance/{INSTANCE}", {"Instance": {"InstanceStatus": status}})
    assert instance()["Instance"].verdict is verdict


def test_an_instance_out_of_reach_can_not_be_told() -> None:
    assert verdicts(instance().values()) == {"Instance": UNKNOWN}


def availability(connect: Service, since: str = "") -> Finding:
    connect.say(f"/metrics/userdata/{INSTANCE}", {"UserDataList": []})
    incidents = FakeIncidents({Incident.AVAILABILITY_DENIED: since} if since else {})
    (finding,) = check_availability(inspector(), incidents, Later(lambda: ROWS))
    return finding


def test_availability_is_right_when_connect_tells_it_and_denied_the_bot_nothing(connect: Service) -> None:
    assert availability(connect).verdict is RIGHT


def test_a_denial_of_the_last_day_is_wrong_even_if_the_doctor_itself_may_ask(connect: Service) -> None:
    at = datetime.now(UTC)
    found = availability(connect, since=iso(at - timedelta(hours=23)))
    assert (found.verdict, "connect:GetCurrentUserData" in found.do) == (WRONG, True)
    assert availability(connect, since=iso(at - timedelta(hours=25))).verdict is RIGHT


def test_availability_that_the_doctor_may_not_ask_for_can_not_be_told(connect: Service) -> None:
    (finding,) = check_availability(inspector(), FakeIncidents(), Later(lambda: ROWS))
    assert finding.verdict is UNKNOWN


def calls(rows: TableRows | None = ROWS, **environ: str) -> dict[str, Finding]:
    def read() -> TableRows:
        if rows is None:
            raise Unavailable("The table can't be read.")
        return rows

    functions = aws_client("lambda", REGION, 2)
    checks = CallChecks(inspector(), functions, Later(read), RANGE, environ)
    return {finding.name: finding for finding in checks.check()}


def sound(connect: Service) -> None:
    connect.say("/lambda-functions", {"LambdaFunctions": [ARN]})
    names = ("Extensions dev", "Extensions dev ringing", "Extensions dev transfer", "Another")
    connect.say(f"/contact-flows-summary/{INSTANCE}", {"ContactFlowSummaryList": [*map(published, names)]})


def published(name: str) -> Json:
    return {"Id": name, "Name": name, "ContactFlowStatus": "PUBLISHED", "ContactFlowState": "ACTIVE"}


KINDS = {"inbound": "CONTACT_FLOW", "ringing": "CUSTOMER_QUEUE", "transfer": "QUEUE_TRANSFER"}


def holds(connect: Service, file: str, flow: Json, name: str = "") -> None:
    """Let Connect describe a flow of a deploy."""
    name = name or f"Extensions dev {file}".removesuffix(" inbound")
    described = {"Name": name, "Type": KINDS[file], "Content": json.dumps(flow)}
    connect.say(f"/contact-flows/{INSTANCE}/{name}", {"ContactFlow": described})


def deployed(connect: Service, on: Collection[str] = files.USUAL) -> None:
    """The flows of a deploy with these switches, of which the console has renamed every block."""
    sound(connect)
    for file in KINDS:
        holds(connect, file, renamed(files.read_flow(file, "de", on, {"+4930123456": "fr"})))


def renamed(flow: Json) -> Json:
    text = json.dumps(flow)
    for place, block in enumerate(flow["Actions"]):
        text = text.replace(f'"{block["Identifier"]}"', f'"0000-{place}"')
    found: Json = json.loads(text)
    return found


@pytest.mark.parametrize("on", [(), files.USUAL, files.SWITCHES])
def test_flows_that_are_ours_are_told_with_their_switches_whatever_their_blocks_are_called(
    connect: Service, on: tuple[str, ...]
) -> None:
    deployed(connect, on)
    found = calls(CALL_FUNCTION=CALL)["Blocks"]
    assert (found.verdict, found.says) == (
        RIGHT,
        f"As in flows/, with {', '.join(sorted(on)) or 'every switch off'}.",
    )


def changed(block: str, **differs: Any) -> Json:
    flow = files.read_flow("inbound")
    for each in flow["Actions"]:
        if each["Identifier"] == block:
            each |= differs
    return renamed(flow)


@pytest.mark.parametrize(
    ("flow", "says"),
    [
        (
            changed("find-agent", Type="MessageParticipant"),
            "in the place of 'find-agent' (InvokeLambdaFunction)",
        ),
        (changed("find-agent", Parameters={}), "'find-agent' asks the function for something else"),
        (changed("ring", Transitions={"NextAction": "gone"}), "'ring' has no way for QueueAtCapacity"),
        (changed("ring", Transitions={"NextAction": "gone"}), "'hang-up' is missing"),
        ({}, "its content can't be read"),
    ],
)
def test_a_flow_that_somebody_has_edited_is_wrong_and_what_differs_is_said(
    connect: Service, flow: Json, says: str
) -> None:
    deployed(connect)
    holds(connect, "inbound", flow)
    found = calls(CALL_FUNCTION=CALL)["Blocks"]
    assert (found.verdict, says in found.says) == (WRONG, True), found.says


def test_a_flow_of_the_house_may_differ(connect: Service) -> None:
    holds(connect, "inbound", changed("find-agent", Type="MessageParticipant"), "mine")
    found = calls(CALL_FUNCTION=CALL, CONNECT_FLOWS="mine")["Blocks"]
    assert (found.verdict, "mine: in the place of 'find-agent'" in found.says) == (Verdict.NOTED, True)


def test_flows_that_can_not_be_read_can_not_be_told(connect: Service) -> None:
    sound(connect)
    assert calls(CALL_FUNCTION=CALL)["Blocks"].verdict is UNKNOWN


def answering(monkeypatch: pytest.MonkeyPatch, handler: Handler) -> LambdaStandIn:
    """A call function, under its name."""
    functions = LambdaStandIn({CALL: handler}, lambda _, error: None)
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", functions.url)
    return functions


def answer(event: Json, context: object) -> Json:
    extension = event["Details"]["Parameters"]["extension"]
    known = extension == "7000"
    return {
        "found": "true" if known else "false",
        "extension": extension,
        "agent_id": "agent-1" if known else "",
    }


def test_without_being_told_the_function_and_its_flows_are_found_by_name(
    connect: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(connect)
    functions = answering(monkeypatch, answer)
    functions.start()
    found = calls()
    functions.stop()
    assert verdicts(found.values()) == dict.fromkeys(
        ("Association", "Flows", "Blocks", "Unknown number", "Test lookup"), RIGHT
    )
    assert found["Test lookup"].says == "7000 is the agent of the table."


def raising(event: object, context: object) -> Json:
    raise KeyError(event)


@pytest.mark.parametrize(
    ("handler", "says"),
    [
        (lambda event, context: answer(event, context) | {"agent_id": "other"}, "its agent_id is not what"),
        (lambda event, context: answer(event, context) | {"found": "false"}, "its found is not what"),
        (lambda event, context: [], "an answer that is no JSON object"),
        (raising, "it failed: KeyError"),
    ],
)
def test_a_function_that_does_not_say_what_the_table_says_is_wrong(
    connect: Service, monkeypatch: pytest.MonkeyPatch, handler: Handler, says: str
) -> None:
    functions = answering(monkeypatch, handler)
    functions.start()
    found = calls(CALL_FUNCTION=CALL)["Test lookup"]
    functions.stop()
    assert found.verdict is WRONG
    assert says in found.says


def test_a_function_that_is_not_there_is_wrong(connect: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    functions = answering(monkeypatch, answer)
    functions.start()
    found = calls(CALL_FUNCTION="another")
    functions.stop()
    assert found["Test lookup"].verdict is WRONG


def test_a_function_that_may_not_be_invoked_can_not_be_told(connect: Service, denied: Service) -> None:
    found = calls(CALL_FUNCTION=CALL)
    assert (found["Test lookup"].verdict, found["Unknown number"].verdict) == (UNKNOWN, UNKNOWN)


def test_a_function_that_is_not_associated_is_wrong(connect: Service) -> None:
    connect.say("/lambda-functions", {"LambdaFunctions": [ARN.replace("dev", "prod")]})
    found = calls(CALL_FUNCTION=f"{ARN}:live")["Association"]
    assert (found.verdict, CALL in found.says) == (WRONG, True)


def test_which_function_it_is_has_to_be_told_where_two_could_be(connect: Service) -> None:
    connect.say("/lambda-functions", {"LambdaFunctions": [ARN, ARN.replace("dev", "prod")]})
    found = calls()
    assert {found[name].verdict for name in ("Association", "Flows", "Test lookup")} == {UNKNOWN}
    assert "CALL_FUNCTION" in found["Association"].do


def test_where_connect_may_not_be_asked_nothing_can_be_told(connect: Service) -> None:
    found = calls(CALL_FUNCTION=CALL)
    assert (found["Association"].verdict, found["Flows"].verdict) == (UNKNOWN, UNKNOWN)


def test_without_the_table_or_an_assignment_there_is_nothing_to_look_up(
    connect: Service, denied: Service
) -> None:
    assert calls(None, CALL_FUNCTION=CALL)["Test lookup"].says == "The table can't be read."
    rows = TableRows(tuple(rows_of(Free("7000"))), moved=False)
    assert calls(rows, CALL_FUNCTION=CALL)["Test lookup"].says == "No extension is assigned yet."


def test_the_function_is_beside_the_sync_function() -> None:
    sync = "arn:aws:lambda:us-east-1:123456789012:function:bot-prod-sync"
    assert call_function({"SYNC_FUNCTION": sync}, []) == "bot-prod-call"
    assert call_function({"SYNC_FUNCTION": sync, "CALL_FUNCTION": "mine"}, []) == "mine"


def flows(*changed: FlowFacts) -> list[FlowFacts]:
    names = ("Extensions dev", "Extensions dev ringing", "Extensions dev transfer")
    by_name = {name: FlowFacts(name, published=True, active=True) for name in names}
    return [*(by_name | {flow.name: flow for flow in changed}).values()]


def test_a_flow_that_is_saved_only_archived_or_gone_is_wrong() -> None:
    saved = FlowFacts("Extensions dev transfer", published=False, active=True)
    archived = FlowFacts("Extensions dev", published=True, active=False)
    assert "transfer' is not published" in find_flows("dev", flows(saved)).says
    assert "'Extensions dev' is archived" in find_flows("dev", flows(archived)).says
    assert "no 'Extensions dev ringing'" in find_flows("dev", [flows()[0], flows()[2]]).says


def test_flows_of_other_names_have_to_be_told() -> None:
    found = find_flows("prod", flows())
    assert (found.verdict, "CONNECT_FLOWS" in found.do) == (UNKNOWN, True)


def test_flows_that_are_told_are_looked_at_by_their_ids(connect: Service) -> None:
    connect.say(f"/contact-flows/{INSTANCE}/one", {"ContactFlow": {"Name": "Mine", "Status": "PUBLISHED"}})
    connect.refuse(f"/contact-flows/{INSTANCE}/two", "ContactFlowNotPublishedException", 404)
    arn = f"arn:aws:connect:us-east-1:123456789012:instance/{INSTANCE}/contact-flow/one"
    assert calls(CONNECT_FLOWS=arn)["Flows"].says == "Published: Mine."
    assert calls(CONNECT_FLOWS=f"{arn}, two")["Flows"].says == "'two' is not published."
