"""The roles: what each function may do is what it does."""

from __future__ import annotations

import pytest

from tests.infra.permissions import Asked, refused
from tests.infra.template import FUNCTIONS, INSTANCE, TABLE, Template, text

pytestmark = pytest.mark.deploy

# The Service Authorization Reference's resources of GetCurrentUserData, and of DescribeContact.
IN_INSTANCE = ("agent", "queue", "routing-profile", "agent-group", "agent-state", "contact")

each_function = pytest.mark.parametrize("name", FUNCTIONS)


@each_function
def test_no_role_says_all_of_anything(template: Template, name: str) -> None:
    for statement in template.statements(name):
        assert all("*" not in action for action in statement.actions)
        for resource in statement.resources:
            # What a star may stand for: log streams, what is in one instance, the objects of one folder.
            in_instance = tuple(f"{INSTANCE}/{kind}/*" for kind in IN_INSTANCE)
            known = (
                f"connect-extensions-dev-{name}:*",
                *in_instance,
                "}/directory/*",
                "}/history/*",
                "}/history/*/index.html",
                "}/history/*/agent_extensions.*",
                "}/history/*/directory.json",
            )
            assert "*" not in resource or resource.endswith(known)


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        (
            "slack",
            """dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem
            dynamodb:DeleteItem s3:GetObject s3:ListBucket secretsmanager:GetSecretValue lambda:InvokeFunction
            connect:SearchUsers connect:DescribeUser connect:ListUserProficiencies
            connect:GetCurrentUserData connect:ListAgentStatuses""",
        ),
        (
            "sync",
            """connect:ListUsers connect:SearchUsers connect:DescribeUser connect:ListUserProficiencies
            dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query
            dynamodb:Scan dynamodb:ConditionCheckItem dynamodb:PutItem dynamodb:UpdateItem
            dynamodb:DeleteItem s3:GetObject s3:PutObject s3:ListBucket secretsmanager:GetSecretValue
            sqs:SendMessage sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes
            sqs:ChangeMessageVisibility""",
        ),
        (
            "summary",
            """dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem
            dynamodb:DeleteItem secretsmanager:GetSecretValue sqs:SendMessage""",
        ),
        ("call", "dynamodb:BatchGetItem connect:AssociateContactWithUser"),  # by ringBusy
        (
            "contact",
            """connect:DescribeContact connect:DescribeUser dynamodb:GetItem dynamodb:BatchGetItem
            dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem secretsmanager:GetSecretValue
            sqs:SendMessage""",
        ),
    ],
)
def test_a_function_may_do_what_it_does_and_no_more(template: Template, name: str, actions: str) -> None:
    logs = {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert template.actions(name) == set(actions.split()) | logs


@pytest.mark.parametrize("name", ["slack", "summary", "call", "contact"])
def test_only_the_sync_can_write_an_extension(template: Template, name: str) -> None:
    writes = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    keys = {key for each in template.statements(name) if each.actions & writes for key in each.leading_keys}
    allowed = {
        "slack": {"event#*", "link#*"},
        "summary": {"event#summary-*", "event#installation", "summary"},
        "call": set(),
        "contact": {"event#missed-*", "event#installation"},
    }
    assert keys == allowed[name]
    assert all(each.leading_keys for each in template.statements(name) if each.actions & writes)


def test_roles_name_the_one_table_and_the_one_instance(template: Template) -> None:
    resources = {
        resource for name in FUNCTIONS for each in template.statements(name) for resource in each.resources
    }
    assert {each for each in resources if ":dynamodb:" in each} == {TABLE, f"{TABLE}/index/skIndex"}
    in_instance = {f"{INSTANCE}/{kind}/*" for kind in IN_INSTANCE}
    assert {each for each in resources if ":connect:" in each} == {INSTANCE, *in_instance}


def test_whether_an_agent_is_available_may_be_asked_by_every_resource_that_iam_names(
    template: Template,
) -> None:
    (asks,) = [each for each in template.statements("slack") if "connect:GetCurrentUserData" in each.actions]
    kinds = ("agent", "queue", "routing-profile", "agent-group")
    assert set(asks.resources) == {INSTANCE, *(f"{INSTANCE}/{kind}/*" for kind in kinds)}


def test_traces_can_be_written_only_with_the_switch_on(template: Template, bare: Template) -> None:
    for name in FUNCTIONS:
        assert template.function(name)["TracingConfig"] == {"Mode": "PassThrough"}
        assert bare.function(name)["TracingConfig"] == {"Mode": "Active"}
        assert not {action for action in template.actions(name) if action.startswith("xray:")}
        assert {"xray:PutTraceSegments", "xray:PutTelemetryRecords"} <= bare.actions(name)


def test_only_our_schedules_may_take_their_role(template: Template) -> None:
    (trust,) = template["SchedulerRole"]["AssumeRolePolicyDocument"]["Statement"]
    assert text(trust["Condition"]["StringEquals"]["aws:SourceArn"]) == "{Schedules.Arn}"
    assert text(trust["Condition"]["StringEquals"]["aws:SourceAccount"]) == "{AWS::AccountId}"


@pytest.mark.parametrize(
    ("name", "asked", "allowed"),
    [
        ("slack", Asked("dynamodb:PutItem", TABLE, "link#U1"), True),
        ("slack", Asked("dynamodb:PutItem", TABLE, "0042"), False),
        ("slack", Asked("dynamodb:DeleteItem", TABLE, "user#jane-id"), False),
        ("slack", Asked("dynamodb:Query", f"{TABLE}/index/skIndex"), True),
        ("slack", Asked("dynamodb:Scan", TABLE), False),
        ("slack", Asked("s3:GetObject", "{ExportBucket.Arn}/directory/index.html"), True),
        ("slack", Asked("s3:GetObject", "{ExportBucket.Arn}/history/2026-11-22/run-1/index.html"), True),
        *(
            ("slack", Asked("s3:GetObject", f"{{ExportBucket.Arn}}/history/2026-11-22/run-1/{name}"), True)
            for name in ("agent_extensions.csv", "agent_extensions.xlsx", "agent_extensions.vcf")
        ),
        ("slack", Asked("s3:GetObject", "{ExportBucket.Arn}/history/2026-11-22/run-1/directory.json"), True),
        ("slack", Asked("s3:GetObject", "{ExportBucket.Arn}/history/old.csv"), False),
        ("sync", Asked("dynamodb:PutItem", TABLE, "0042"), True),
        ("summary", Asked("dynamodb:PutItem", TABLE, "event#summary-2026-11-22"), True),
        ("summary", Asked("dynamodb:DeleteItem", TABLE, "sync"), False),
        ("call", Asked("dynamodb:Query", TABLE), False),
        ("contact", Asked("dynamodb:PutItem", TABLE, "event#missed-contact-1"), True),
        ("contact", Asked("dynamodb:PutItem", TABLE, "link#U1"), False),
    ],
)
def test_a_role_draws_the_line_where_it_should(
    template: Template, name: str, asked: Asked, allowed: bool
) -> None:
    assert (refused(template.statements(name), {asked}) == set()) is allowed
