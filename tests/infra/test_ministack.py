"""The packaged template, deployed to ministack: Slack is answered through HTTP API, alias and functions."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import boto3
import pytest

from sandbox.aws.connect_stand_in import INSTANCE_ID, ConnectStandIn
from sandbox.aws.events import disconnected, missed_contact
from sandbox.aws.sample_people import people
from tests.bot.slack.recorder import ADMIN, JANE, RecordingSlack
from tests.bot.slack.requests import SECRET, command
from tests.infra.conftest import OPTIONS, SETTINGS, osls_package
from tests.infra.ministack import ACCOUNT, artifact_for_here, deploy, ministack, outputs
from tests.infra.moto_cloud import STACK
from tests.infra.template import Template, text

pytestmark = pytest.mark.deploy

AGENTS = 12
# The functions run beside all else on this machine, and each starts a Python of its own.
PATIENCE = 120.0


@dataclass
class Installation:
    """A deployed stack, with an Amazon Connect and a Slack beside it."""

    address: str
    slack: RecordingSlack
    connect: ConnectStandIn
    template: Template

    def ask(self, name: str, words: str, user: str = JANE) -> tuple[int, str]:
        """Type a command in Slack; the HTTP status and the body of the answer.

        Asks again while a new container starts: without a snapshot, and with all else that runs here, that
        takes longer than Slack, or the function's own timeout, waits.
        """
        answers: list[tuple[int, str]] = []

        def answered() -> bool:
            event = command(name, words, user, self.slack.response_url)
            answers.append(self.post(base64.b64decode(event["body"]), event["headers"]))
            return answers[-1][0] < 500 and "longer than Slack" not in answers[-1][1]

        wait_until(answered)
        return answers[-1]

    def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """Send this to the stack's URL."""
        api, _, path = outputs()["SlackRequestUrl"].removeprefix("https://").partition("/")
        url = f"{self.address}/_aws/execute-api/{api.partition('.')[0]}/$default/{path}"
        try:
            with build_opener(ProxyHandler({})).open(
                Request(url, body, dict(headers)), timeout=PATIENCE
            ) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()


def wait_until(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold within the patience of a test."""
    ends = time.monotonic() + PATIENCE
    while not (held := holds()) and time.monotonic() < ends:
        time.sleep(0.2)
    return held


@pytest.fixture(scope="module")
def installed(artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    scratch = tmp_path_factory.mktemp("ministack")
    folder = osls_package(scratch, SETTINGS | OPTIONS | {"connectInstanceId": INSTANCE_ID})
    here = artifact_for_here(scratch / "here.zip")
    with (
        pytest.MonkeyPatch.context() as patch,
        ministack() as address,
        RecordingSlack() as slack,
        ConnectStandIn(people(AGENTS), quota=None) as connect,
    ):
        for name, value in (ACCOUNT | {"AWS_ENDPOINT_URL": address}).items():
            patch.setenv(name, value)
        beside = {"AWS_ENDPOINT_URL_CONNECT": connect.url, "SLACK_API_URL": slack.url}
        template = Template(deploy(folder, here, beside))
        secret = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": SECRET}
        boto3.client("secretsmanager").put_secret_value(
            SecretId=outputs()["SlackSecretArn"], SecretString=json.dumps(secret)
        )
        yield Installation(address, slack, connect, template)
        assert slack.faults == []


def test_everything_is_made(installed: Installation) -> None:
    resources = boto3.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    made = {each["LogicalResourceId"]: each["ResourceStatus"] for each in resources}
    assert made.keys() == installed.template.raw["Resources"].keys()
    assert len(made) > 40
    assert {status for status in made.values() if not status.endswith("_COMPLETE")} == set()


def test_a_schedule_has_the_numbers_given(installed: Installation) -> None:
    target = installed.template["SyncSchedule"]["Target"]
    assert text(target["Arn"]) == "{SyncLambdaFunction.Arn}"
    boto3.client("lambda").invoke(
        FunctionName=f"{STACK}-sync", InvocationType="Event", Payload=target["Input"].encode()
    )
    table = boto3.resource("dynamodb").Table(STACK)
    assert wait_until(lambda: "Item" in table.get_item(Key={"pk": "sync", "sk": "last"}))
    taken = table.scan(IndexName="skIndex")["Items"]
    assert len([row for row in taken if row["sk"] == "agentID"]) == AGENTS


def test_a_question_is_answered_with_the_number_of_the_table(installed: Installation) -> None:
    person = installed.connect.people[0]
    status, body = installed.ask("/ext", f"{person.first_name} {person.last_name}")
    row = boto3.resource("dynamodb").Table(STACK).get_item(Key={"pk": f"user#{person.id}", "sk": "extension"})
    assert status == 200
    assert row["Item"]["sk_value"] in json.loads(body)["text"]


def test_an_admins_sync_goes_to_the_other_function_and_its_result_back_to_slack(
    installed: Installation,
) -> None:
    installed.connect.join(people(AGENTS + 1)[AGENTS])
    assert installed.ask("/ext-sync", "", ADMIN) == (200, "")
    assert wait_until(lambda: "started" in str(installed.slack.sent("response")))
    assert wait_until(lambda: any("1 assigned" in str(told) for told in installed.slack.sent("response")))


def test_a_message_of_the_queue_starts_a_sync_and_an_ended_call_is_told(installed: Installation) -> None:
    ada, jane = people(AGENTS + 2)[AGENTS + 1], installed.connect.people[0]
    installed.connect.join(ada)
    boto3.client("sqs").send_message(QueueUrl=outputs()["UserChangesUrl"], MessageBody="{}")
    missed = missed_contact({"extension": "7000", "extension_agent": jane.id})
    installed.connect.contacts[missed["Id"]] = missed
    installed.slack.members[jane.email] = {"id": JANE}
    event = json.dumps(disconnected(missed)).encode()
    boto3.client("lambda").invoke(FunctionName=f"{STACK}-contact", InvocationType="Event", Payload=event)
    assert wait_until(lambda: "You missed a call" in str(installed.slack.sent("chat.postMessage")))
    table, key = boto3.resource("dynamodb").Table(STACK), {"pk": f"user#{ada.id}", "sk": "extension"}
    assert wait_until(lambda: "Item" in table.get_item(Key=key))


def test_what_slack_did_not_sign_is_refused(installed: Installation) -> None:
    event = command("/ext", "jane", JANE, installed.slack.response_url)
    forged = event["headers"] | {"x-slack-signature": "v0=" + "0" * 64}
    assert installed.post(base64.b64decode(event["body"]), forged)[0] == 401


def test_a_run_that_fails_waits_in_the_dead_letters(installed: Installation) -> None:
    installed.connect.stop()
    sqs, queue = boto3.client("sqs"), outputs()["DeadLettersUrl"]
    kept: list[Any] = []

    def arrived() -> bool:
        """Start a run and look: one that finds another run at work does nothing, and does not fail."""
        boto3.client("lambda").invoke(FunctionName=f"{STACK}-sync", InvocationType="Event", Payload=b"{}")
        kept.extend(sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", []))
        return bool(kept)

    assert wait_until(arrived)
    assert "errorMessage" in json.loads(kept[0]["Body"])["responsePayload"]
