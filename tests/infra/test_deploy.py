"""The template, deployed to moto as far as moto goes, works: a sync and a lookup run on what was made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from core.errors import LeaseTaken
from sandbox.aws.connect_stand_in import INSTANCE_ID, ConnectStandIn
from sandbox.aws.connect_users import ACCOUNT_ID
from sandbox.aws.events import disconnected, missed_contact
from sandbox.aws.sample_people import people
from tests.bot.slack.recorder import JANE, RecordingSlack
from tests.infra.conftest import OPTIONS, SETTINGS, osls_package
from tests.infra.moto_cloud import ACCOUNT, Deployment, deploy, moto_server, not_made_by_moto
from tests.infra.permissions import refused, written_down
from tests.infra.template import FUNCTIONS, Template

pytestmark = [
    pytest.mark.deploy,
    pytest.mark.filterwarnings("ignore:(Tried to parse|Unable to delete):UserWarning"),
]

TABLE = "connect-extensions-dev"
# moto 5.2.5, asked. Of these the secret is made by its own API; nothing that runs here needs the others.
NOT_MADE = {
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::Connect::ContactFlow",
    "AWS::Connect::IntegrationAssociation",
    "AWS::Connect::QuickConnect",
    "AWS::Lambda::Alias",
    "AWS::Lambda::EventInvokeConfig",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::Schedule",
    "AWS::Scheduler::ScheduleGroup",
    "AWS::SecretsManager::Secret",
}


@pytest.fixture(scope="module")
def deployed(artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = osls_package(
        tmp_path_factory.mktemp("deployed"), SETTINGS | OPTIONS | {"connectInstanceId": INSTANCE_ID}
    )
    with pytest.MonkeyPatch.context() as patch, moto_server() as address:
        for name, value in (ACCOUNT | {"AWS_ENDPOINT_URL": address}).items():
            patch.setenv(name, value)
        yield deploy(folder, artifact)


@pytest.fixture
def connect(deployed: Deployment, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConnectStandIn]:
    """Twelve agents, on an instance that the functions reach as they would reach the real one."""
    with ConnectStandIn(people(12), quota=None) as instance:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CONNECT", instance.url)
        yield instance


def runs_as(function: str, deployed: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process the environment that the template gives the function."""
    for name, value in deployed.environment(function).items():
        monkeypatch.setenv(name, value)


def test_moto_makes_everything_but_what_it_does_not_know(deployed: Deployment, template: Template) -> None:
    assert not_made_by_moto(template.types) == NOT_MADE
    assert deployed.made == deployed.raw["Resources"].keys()
    left_out = template.raw["Resources"].keys() - deployed.made
    # A permission for the API waits for the alias, which moto does not make.
    assert {name for name in left_out if template.raw["Resources"][name]["Type"] not in NOT_MADE} == {
        "SlackLambdaPermissionHttpApi"
    }


def test_the_table_is_made_as_asked(deployed: Deployment) -> None:
    dynamodb = boto3.client("dynamodb")
    table = dynamodb.describe_table(TableName=TABLE)["Table"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["skIndex"]
    assert table["DeletionProtectionEnabled"]


def test_the_bucket_is_made_encrypted(deployed: Deployment) -> None:
    bucket = deployed.environment("sync")["EXPORT_BUCKET"]
    encryption = boto3.client("s3").get_bucket_encryption(Bucket=bucket)
    (rule,) = encryption["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_gets_its_environment(deployed: Deployment, template: Template, name: str) -> None:
    environment = deployed.environment(name)
    filled = {key for key, value in template.environment(name).items() if value}
    assert filled <= environment.keys()
    assert environment["EXTENSIONS_TABLE"] == TABLE


def test_the_secret_is_there_to_be_filled_in(deployed: Deployment) -> None:
    secret = deployed.environment("slack")["SLACK_SECRET_ID"]
    value = boto3.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    assert json.loads(value).keys() == {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}


def test_a_sync_and_a_lookup_run_on_what_was_deployed(
    deployed: Deployment, connect: ConnectStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import call_lambda, sync_lambda

    runs_as("sync", deployed, monkeypatch)
    report = sync_lambda.handler({}, None)
    assert report["assigned"] + report["returned"] + report["unchanged"] == 12
    assert report["left_over"] == 0

    runs_as("call", deployed, monkeypatch)
    answer = call_lambda.handler({"Details": {"Parameters": {"extension": "7000"}}}, None)
    assert answer["found"] == "true"
    assert answer["agent_id"] in {person.id for person in connect.people}

    exports = boto3.client("s3").list_objects_v2(Bucket=deployed.environment("sync")["EXPORT_BUCKET"])
    keys = {each["Key"] for each in exports["Contents"]}
    assert keys >= {"directory/agent_extensions.csv", "directory/directory.json", "directory/index.html"}


@pytest.mark.parametrize("name", ["sync", "call"])
def test_a_function_asks_only_what_its_role_allows(
    deployed: Deployment,
    connect: ConnectStandIn,
    template: Template,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    from bot import call_lambda, sync_lambda

    monkeypatch.setenv("A_NEW_CONTAINER", name)
    runs_as(name, deployed, monkeypatch)
    with written_down() as asked:
        if name == "sync":
            connect.join(people(13)[12])
            sync_lambda.handler({}, None)
        else:
            call_lambda.handler({"Details": {"Parameters": {"extension": "7000"}}}, None)
    assert asked
    assert refused(template.statements(name), asked) == set()


def test_the_contact_function_asks_only_what_its_role_allows(
    deployed: Deployment, connect: ConnectStandIn, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import contact_lambda, sync_lambda

    runs_as("sync", deployed, monkeypatch)
    sync_lambda.handler({}, None)
    jane, bob = connect.people[:2]
    first = missed_contact({"extension": "7001", "extension_agent": bob.id}) | {"AgentInfo": {"Id": bob.id}}
    missed = missed_contact({"extension": "7000", "extension_agent": jane.id})
    connect.contacts = {each["Id"]: each for each in (first, missed)}
    missed["PreviousContactId"] = first["Id"]
    runs_as("contact", deployed, monkeypatch)
    with RecordingSlack() as slack, written_down() as asked:
        slack.members[jane.email] = {"id": JANE}
        monkeypatch.setenv("SLACK_API_URL", slack.url)
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
        assert contact_lambda.handler(disconnected(missed), None)["told"] == jane.id
        assert f"passed on by {bob.name}" in slack.sent("chat.postMessage")[0]["text"]
    assert refused(template.statements("contact"), asked) == set()


def test_changes_that_have_to_wait_come_again_as_one_message_of_the_queue(
    deployed: Deployment, connect: ConnectStandIn, template: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import sync_lambda
    from bot.wiring import installation

    runs_as("sync", deployed, monkeypatch)
    sqs, queue = (
        boto3.client("sqs"),
        f"{os.environ['AWS_ENDPOINT_URL']}/{ACCOUNT_ID}/connect-extensions-dev-user-changes",
    )
    for _ in range(12):
        sqs.send_message(QueueUrl=queue, MessageBody="{}")
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    received = [sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"] for _ in range(2)]
    records = [
        {"receiptHandle": each["ReceiptHandle"], "eventSourceARN": arn}
        for batch in received
        for each in batch
    ]
    running = installation().writer()
    running.acquire("run-1", "schedule")
    with written_down() as asked, pytest.raises(LeaseTaken):
        sync_lambda.handler({"Records": records}, None)
    running.finish(None)
    left = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    waiting, hidden = left["ApproximateNumberOfMessages"], left["ApproximateNumberOfMessagesNotVisible"]
    assert int(waiting) + int(hidden) == 1
    assert refused(template.statements("sync"), asked) == set()


def test_a_second_sync_has_nothing_to_do(
    deployed: Deployment, connect: ConnectStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot import sync_lambda

    runs_as("sync", deployed, monkeypatch)
    sync_lambda.handler({}, None)
    report = sync_lambda.handler({}, None)
    assert (report["assigned"], report["unchanged"], report["exported"]) == (0, 12, False)


def test_the_doctor_finds_right_all_that_moto_can_answer(
    deployed: Deployment, connect: ConnectStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Table, bucket, numbers and syncs: there is no Slack here, and moto has no flows and runs no Lambda."""
    from bot import sync_lambda

    runs_as("sync", deployed, monkeypatch)
    sync_lambda.handler({}, None)
    runs_as("slack", deployed, monkeypatch)
    command = [sys.executable, "-m", "bot", "doctor", "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    found = json.loads(run.stdout)["findings"]
    verdicts = {f"{each['section']}: {each['name']}": each["verdict"] for each in found}
    answered = ("Table", "Bucket", "Numbers", "Sync")
    asked = {name: said for name, said in verdicts.items() if name.startswith(answered)}
    assert len(asked) > 10
    assert {name: said for name, said in asked.items() if said != "right"} == {}
