"""The template that a deploy sends: who may do what, what is kept, what is watched."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import sync_lambda
from bot.config import REQUIRED, Settings
from infra import package
from infra.flows import SWITCHES, read_flow
from sandbox.aws.connect_flow import FLOW_TYPES
from tests.infra.conftest import TABLE_KEY, osls_package
from tests.infra.flow_language import names
from tests.infra.moto_cloud import ACCOUNT
from tests.infra.template import FUNCTIONS, INSTANCE, Template, everywhere, flow_content, text

pytestmark = pytest.mark.deploy

# The environment that the design's contract names, and what Powertools reads.
CONTRACT = names(
    """CONNECT_INSTANCE_ID EXTENSIONS_TABLE EXPORT_BUCKET SLACK_SECRET_ID SYNC_FUNCTION SUMMARY_CHANNEL
    ADMIN_USERGROUP ADMIN_USERS EXTENSION_RANGE HOLD_DAYS MAX_RELEASE_PERCENT MAX_RELEASE_COUNT LEASE_SECONDS
    SUMMARY_ON_QUIET_DAYS LINK_MINUTES TELL_PEOPLE CALLER_NUMBERS USER_EVENTS POLICY_FILE TIMEZONE
    DIRECTORY_PHONE GUESTS_SEE_DIRECTORY
    POWERTOOLS_SERVICE_NAME POWERTOOLS_METRICS_NAMESPACE LOG_LEVEL"""
)
METRICS = names(
    """Lookups LookupMisses SyncSucceeded Assigned Released ReleasesWithheld PoolFree PoolFreePercent
    SyncDuration SyncPutOff SlackErrors AvailabilityDenied Calls CallMisses CallOffers CallOffersRefused
    MissedCalls"""
)
each_function = pytest.mark.parametrize("name", FUNCTIONS)


def cfn_lint(folder: Path) -> str:
    """What cfn-lint finds in what `osls package` wrote; "" when nothing."""
    templates = sorted(str(path) for path in folder.glob("cloudformation-template-*.json"))
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--template", *templates]
    ran = subprocess.run(command, cwd=package.ROOT, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def test_cfn_lint_is_clean(packaged: Path) -> None:
    assert cfn_lint(packaged) == ""


def test_cfn_lint_is_clean_with_every_switch_the_other_way(bare: Template, tmp_path: Path) -> None:
    (tmp_path / "cloudformation-template-bare.json").write_text(json.dumps(bare.raw))
    assert cfn_lint(tmp_path) == ""


# Functions


@each_function
def test_a_function_runs_on_arm_with_the_newest_python_and_a_role_of_its_own(
    template: Template, name: str
) -> None:
    function = template.function(name)
    assert function["Architectures"] == ["arm64"]
    assert function["Runtime"] == f"python{package.PYTHON_VERSION}"
    assert function["Role"] == {"Fn::GetAtt": [f"{name.title()}Role", "Arn"]}


@each_function
def test_a_functions_environment_is_what_the_settings_read(template: Template, name: str) -> None:
    environment = template.environment(name)
    assert environment.keys() <= CONTRACT
    assert environment.keys() >= REQUIRED.keys()
    settings = Settings.from_env(environment | {"AWS_REGION": "us-east-1"})
    assert settings.table == "connect-extensions-dev"
    assert str(settings.policy.range) == "7000-7039"


def test_every_setting_can_be_deployed_but_those_of_a_terminal(template: Template) -> None:
    read = set(re.findall(r'read\.\w+\("([A-Z_]+)"', (package.ROOT / "bot" / "config.py").read_text()))
    deployed = {variable for name in FUNCTIONS for variable in template.environment(name)}
    of_a_terminal = {"SLACK_APP_TOKEN", "SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}
    assert read - deployed == of_a_terminal


def test_the_slack_function_knows_its_secret_and_whom_to_start(template: Template) -> None:
    environment = template.environment("slack")
    assert environment["SLACK_SECRET_ID"] == "{SlackSecret}"
    assert environment["SYNC_FUNCTION"] == template.function("sync")["FunctionName"]
    assert environment["ADMIN_USERS"] == "U0ADMIN"


def test_the_slack_function_knows_the_channel_to_which_requests_for_a_number_go(template: Template) -> None:
    assert template.environment("slack")["SUMMARY_CHANNEL"] == "C0SUMMARY"


def test_slack_reaches_the_version_that_has_a_snapshot(template: Template) -> None:
    assert template.function("slack")["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    (alias,) = template.of("AWS::Lambda::Alias").values()
    (version,) = template.of("AWS::Lambda::Version")
    assert alias["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}
    (integration,) = template.of("AWS::ApiGatewayV2::Integration").values()
    assert text(integration["IntegrationUri"]) == "{SlackLambdaFunction.Arn}:" + alias["Name"]


def test_a_version_goes_when_the_next_one_comes(template: Template) -> None:
    # AWS bills a snapshot for as long as its version exists.
    (version,) = template.of("AWS::Lambda::Version")
    assert "DeletionPolicy" not in template.raw["Resources"][version]


def test_the_api_has_two_routes_and_a_limit(template: Template) -> None:
    routes = {route["RouteKey"] for route in template.of("AWS::ApiGatewayV2::Route").values()}
    assert routes == {"POST /slack/events", "POST /slack/mcp"}
    (stage,) = template.of("AWS::ApiGatewayV2::Stage").values()
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 20
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 40


@pytest.mark.parametrize("name", ["sync", "summary"])
def test_nothing_is_tried_twice_and_failures_are_kept(template: Template, name: str) -> None:
    asynchronous = template[f"{name.title()}LambdaEvConf"]
    assert asynchronous["MaximumRetryAttempts"] == 0
    assert text(asynchronous["DestinationConfig"]["OnFailure"]["Destination"]) == "{DeadLetters.Arn}"
    schedule = template[f"{name.title()}Schedule"]["Target"]
    assert schedule["RetryPolicy"]["MaximumRetryAttempts"] == 0
    assert text(schedule["DeadLetterConfig"]["Arn"]) == "{DeadLetters.Arn}"


def test_the_sync_runs_hourly_and_the_summary_daily_in_the_time_zone(template: Template) -> None:
    minute = re.fullmatch(r"cron\((\d+) \* \* \* \? \*\)", template["SyncSchedule"]["ScheduleExpression"])
    # rate() fires as soon as it is made, and on the hour everybody's schedules fire.
    assert minute is not None
    assert int(minute[1]) % 5 != 0
    assert template["SummarySchedule"]["ScheduleExpression"] == "cron(0 8 * * ? *)"
    assert template["SummarySchedule"]["ScheduleExpressionTimezone"] == "UTC"


def test_calls_and_syncs_have_concurrency_of_their_own_only_when_asked_for(
    template: Template, bare: Template
) -> None:
    assert bare.function("call")["ReservedConcurrentExecutions"] == 10
    assert bare.function("sync")["ReservedConcurrentExecutions"] == 5
    # A new account has nothing to reserve, and the deploy would fail.
    assert not any("ReservedConcurrentExecutions" in template.function(name) for name in FUNCTIONS)


@each_function
def test_logs_are_kept_for_a_while_and_not_for_ever(template: Template, name: str) -> None:
    logs = template[f"{name.title()}LogGroup"]
    assert logs["LogGroupName"] == f"/aws/lambda/{template.function(name)['FunctionName']}"
    assert logs["RetentionInDays"] == 30


# What is kept


def test_the_table_is_that_of_the_older_project_and_safe(template: Template) -> None:
    table = template["ExtensionsTable"]
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [
        ("pk", "HASH"),
        ("sk", "RANGE"),
    ]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "skIndex"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["sk", "sk_value"]
    assert index["Projection"] == {"ProjectionType": "ALL"}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["DeletionProtectionEnabled"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert table["SSESpecification"]["SSEEnabled"]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_the_bucket_is_private_and_remembers(template: Template) -> None:
    bucket = template["ExportBucket"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]
    assert {rule.get("Prefix", "") for rule in bucket["LifecycleConfiguration"]["Rules"]} == {"history/", ""}
    history, versions = bucket["LifecycleConfiguration"]["Rules"]
    assert (history["ExpirationInDays"], versions["ExpiredObjectDeleteMarker"]) == (365, True)
    (only_tls,) = template["ExportBucketPolicy"]["PolicyDocument"]["Statement"]
    assert only_tls["Effect"] == "Deny"
    assert only_tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("name", ["ExtensionsTable", "ExportBucket", "ExportBucketPolicy"])
def test_data_outlives_the_stack(template: Template, name: str) -> None:
    resource = template.raw["Resources"][name]
    # Except when the deploy that made it failed: the next one would find its name taken.
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_the_table_is_made_last_since_a_protected_one_is_not_taken_back(template: Template) -> None:
    resources = template.raw["Resources"]
    assert set(resources["ExtensionsTable"]["DependsOn"]) == resources.keys() - {"ExtensionsTable"}


def test_the_secret_is_made_empty(template: Template) -> None:
    secret = json.loads(template["SlackSecret"]["SecretString"])
    assert secret == {"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}


def test_a_table_that_exists_is_adopted_and_not_made(bare: Template) -> None:
    assert "AWS::DynamoDB::Table" not in bare.types
    assert bare.environment("sync")["EXTENSIONS_TABLE"] == "old-table"
    assert any(resource.endswith(":table/old-table") for resource in bare.statements("call")[1].resources)


def test_an_adopted_table_with_a_key_of_its_own_can_be_read(template: Template, bare: Template) -> None:
    for name in FUNCTIONS:
        (decrypt,) = [each for each in bare.statements(name) if "kms:Decrypt" in each.actions]
        assert decrypt.resources == (TABLE_KEY,)
        assert "kms:Decrypt" not in template.actions(name)


@pytest.mark.parametrize("region", ["eu-central-1", ""])
def test_the_region_is_the_one_of_the_environment_and_no_other(
    artifact: Path, packaged: Path, tmp_path: Path, region: str
) -> None:
    folder = osls_package(tmp_path, {}, region)
    text = "".join(path.read_text() for path in folder.glob("*.json"))
    named = set(re.findall(r"\b[a-z]{2}-[a-z]+-\d\b", text))
    # Without one osls fills in its own, and check-settings.cjs refuses to deploy.
    assert named == {region or "us-east-1"}


# What is watched


def test_every_alarm_goes_to_the_topic(template: Template) -> None:
    alarms = template.of("AWS::CloudWatch::Alarm").values()
    assert len(alarms) == 12
    assert all(alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}] for alarm in alarms)


def test_no_sync_for_three_hours_is_an_alarm_even_when_nothing_is_said(template: Template) -> None:
    alarm = template["NoSyncAlarm"]
    assert (alarm["MetricName"], alarm["Statistic"], alarm["Threshold"]) == ("SyncSucceeded", "Sum", 1)
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 3 * 3600
    assert alarm["ComparisonOperator"] == "LessThanThreshold"
    assert alarm["TreatMissingData"] == "breaching"


def test_metrics_are_asked_for_by_the_names_that_the_functions_write(template: Template) -> None:
    ours = [
        metric
        for metric in everywhere([*template.of("AWS::CloudWatch::Alarm").values()])
        if isinstance(metric, dict) and metric.get("Namespace") == "ConnectExtensions"
    ]
    assert {metric["MetricName"] for metric in ours} <= METRICS
    service = template.environment("sync")["POWERTOOLS_SERVICE_NAME"]
    assert all(metric["Dimensions"] == [{"Name": "service", "Value": service}] for metric in ours)


def test_the_dashboard_shows_every_alarm_and_every_metric(template: Template) -> None:
    body = text(template["Dashboard"]["DashboardBody"])
    shown = json.loads(body)["widgets"]
    assert all(f"{{{name}.Arn}}" in body for name in template.of("AWS::CloudWatch::Alarm"))
    assert all(f'"{name}"' in body for name in METRICS)
    assert shown[0]["type"] == "alarm"


def test_the_runbook_has_an_entry_for_every_alarm(template: Template) -> None:
    runbook = (package.ROOT / "docs" / "operations.md").read_text()
    names = [alarm["AlarmName"] for alarm in template.of("AWS::CloudWatch::Alarm").values()]
    assert all(f"### {name.removeprefix('connect-extensions-dev ')}\n" in runbook for name in names)


def test_the_samples_can_not_be_deployed(artifact: Path) -> None:
    # The address is one that nobody listens at: the deploy has to stop before it asks AWS anything.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environ |= {name: value for name, value in ACCOUNT.items() if "REGION" not in name}
    environ |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}
    osls = package.ROOT / "node_modules" / ".bin" / "osls"
    ran = subprocess.run(
        [osls, "deploy"], cwd=package.ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert ran.returncode != 0
    for setting in ("Region", "connectInstanceId", "fallbackQueueArn", "extensionsNumber", "adminUsers"):
        assert f"  {setting}" in ran.stdout + ran.stderr


# Changes of users


def test_changes_of_users_and_missed_calls_are_there_only_when_asked_for(
    template: Template, german: Template
) -> None:
    # A version is named for what is in it.
    versions = template.of("AWS::Lambda::Version").keys()
    more = template.raw["Resources"].keys() - german.raw["Resources"].keys() - versions
    kinds = ("UserChange", "TakeUserChanges", "MissedCalls", "Contact", "RingBusyPolicy")
    assert len(more) == 16
    assert {name for name in more if not name.startswith(kinds)} == set()
    assert len(german.of("AWS::CloudWatch::Alarm")) == 9
    assert json.loads(text(german["Dashboard"]["DashboardBody"]))["widgets"]


def test_the_calls_that_change_who_there_is_gather_in_a_queue_and_start_one_sync(template: Template) -> None:
    rule, mapping = template["UserChangesRule"], template["UserChangesStartASync"]
    calls = {"CreateUser", "DeleteUser", "UpdateUserIdentityInfo", "UpdateUserHierarchy"}
    assert calls < set(rule["EventPattern"]["detail"]["eventName"])
    assert text(rule["Targets"][0]["Arn"]) == text(mapping["EventSourceArn"]) == "{UserChanges.Arn}"
    assert text(mapping["FunctionName"]) == "{SyncLambdaFunction}"
    assert mapping["MaximumBatchingWindowInSeconds"] == 30
    assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2
    assert template.raw["Resources"]["UserChangesStartASync"]["DependsOn"] == ["TakeUserChanges"]


def test_no_name_of_a_change_gets_into_the_queue(template: Template) -> None:
    transformer = template["UserChangesRule"]["Targets"][0]["InputTransformer"]
    assert transformer["InputPathsMap"] == {"call": "$.detail.eventName", "at": "$.detail.eventTime"}


def test_changes_are_hidden_for_as_long_as_aws_asks_and_wait_out_the_longest_run(template: Template) -> None:
    queue, window = (
        template["UserChanges"],
        template["UserChangesStartASync"]["MaximumBatchingWindowInSeconds"],
    )
    longest = template.function("sync")["Timeout"]
    assert queue["VisibilityTimeout"] >= 6 * longest + window
    assert queue["RedrivePolicy"]["maxReceiveCount"] * sync_lambda.WHILE_BUSY_SECONDS > longest
    assert text(queue["RedrivePolicy"]["deadLetterTargetArn"]) == "{UserChangesGivenUp.Arn}"


def test_only_the_rule_may_send_to_the_queues_and_they_are_encrypted(template: Template) -> None:
    policy = template["UserChangesPolicy"]
    (only,) = policy["PolicyDocument"]["Statement"]
    assert [text(queue) for queue in policy["Queues"]] == ["{UserChanges}", "{UserChangesGivenUp}"]
    assert (only["Principal"], only["Action"]) == ({"Service": "events.amazonaws.com"}, "sqs:SendMessage")
    assert text(only["Condition"]["ArnEquals"]["aws:SourceArn"]) == "{UserChangesRule.Arn}"
    assert all(queue["SqsManagedSseEnabled"] for queue in template.of("AWS::SQS::Queue").values())


def test_a_sync_that_is_put_off_is_no_failed_one(template: Template) -> None:
    failed = template["SyncFailedAlarm"]
    judged, *measured = failed["Metrics"]
    assert judged["Expression"] == "FILL(raised, 0) - FILL(putoff, 0)"
    names = {each["Id"]: each["MetricStat"]["Metric"]["MetricName"] for each in measured}
    assert names == {"raised": "Errors", "putoff": "SyncPutOff"}


# Missed calls


def test_calls_of_this_instance_that_nobody_took_reach_the_contact_function(template: Template) -> None:
    rule, permission = template["MissedCallsRule"], template["MissedCallsPermission"]
    detail = rule["EventPattern"]["detail"]
    assert [text(each) for each in detail["instanceArn"]] == [INSTANCE]
    assert (detail["eventType"], detail["channel"]) == (["DISCONNECTED"], ["VOICE"])
    assert detail["agentInfo"] == {"agentArn": [{"exists": False}]}
    assert (
        text(rule["Targets"][0]["Arn"]) == text(permission["FunctionName"]) == "{ContactLambdaFunction.Arn}"
    )
    assert permission["Principal"] == "events.amazonaws.com"
    assert text(permission["SourceArn"]) == "{MissedCallsRule.Arn}"


def test_a_missed_call_that_could_not_be_told_is_kept(template: Template) -> None:
    asynchronous = template["ContactLambdaEvConf"]
    assert asynchronous["MaximumRetryAttempts"] == 2
    assert text(asynchronous["DestinationConfig"]["OnFailure"]["Destination"]) == "{DeadLetters.Arn}"


# Connect


@pytest.mark.parametrize("name", FLOW_TYPES)
def test_a_flow_gets_to_connect_as_it_is_in_its_file(template: Template, name: str) -> None:
    resource = template[f"{name.title()}Flow"]
    assert resource["Type"] == FLOW_TYPES[name]
    assert flow_content(resource) == json.loads(named(json.dumps(read_flow(name, on=SWITCHES))))


@pytest.mark.parametrize("name", FLOW_TYPES)
def test_callers_may_hear_another_language_and_voice(german: Template, name: str) -> None:
    content = flow_content(german[f"{name.title()}Flow"])
    assert content == json.loads(named(json.dumps(read_flow(name, "de", voice="Marlene"))))


def named(flow: str) -> str:
    """A flow's file with the names in it filled in, as this template should fill them."""
    names = {
        "CallFunctionArn": "{CallLambdaFunction.Arn}",
        "RingingFlowArn": "{RingingFlow.ContactFlowArn}",
        "ExtensionDigits": "4",
        "NameLetters": "3",
        "FallbackQueueArn": INSTANCE.replace("{AWS::Partition}", "aws")
        .replace("{AWS::Region}", "us-east-1")
        .replace("{AWS::AccountId}", "123456789012")
        + "/queue/fallback",
    }
    for name, value in names.items():
        flow = flow.replace("${" + name + "}", value)
    return flow


def test_connect_may_call_the_call_function_and_only_from_this_instance(template: Template) -> None:
    permission = template["CallFunctionPermission"]
    assert permission["Principal"] == "connect.amazonaws.com"
    assert text(permission["SourceArn"]) == INSTANCE
    assert text(permission["SourceAccount"]) == "{AWS::AccountId}"
    association = template["CallFunctionAssociation"]
    assert text(association["InstanceId"]) == INSTANCE
    assert association["IntegrationType"] == "LAMBDA_FUNCTION"


def test_an_agent_can_dial_and_transfer_by_quick_connects(template: Template) -> None:
    transfer, dial = (
        template[name]["QuickConnectConfig"] for name in ("TransferQuickConnect", "DialQuickConnect")
    )
    assert text(transfer["QueueConfig"]["ContactFlowArn"]) == "{TransferFlow.ContactFlowArn}"
    assert dial["PhoneConfig"] == {"PhoneNumber": "+12065550100"}


def test_an_installation_may_leave_connect_alone(bare: Template) -> None:
    assert not {each for each in bare.types if each.startswith("AWS::Connect::")}
    assert "CallFunctionPermission" not in bare.raw["Resources"]
