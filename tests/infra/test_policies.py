"""The policies, by parliament's reading of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.template import Template, text

pytestmark = pytest.mark.deploy

# Actions that are newer than parliament 1.6.4, by what it says of them.
NEWER = ("Unknown action connect:AssociateContactWithUser",)
NAMES = {"{AWS::Partition}": "aws", "{AWS::Region}": "us-east-1", "{AWS::AccountId}": "123456789012"}


def policies(template: Template) -> Iterator[tuple[str, Any]]:
    """Every policy of the template by name, its references filled in."""
    for role in template.of("AWS::IAM::Role").values():
        for policy in role.get("Policies", []):
            yield policy["PolicyName"], filled(policy["PolicyDocument"])
    for name, policy in template.of("AWS::SQS::QueuePolicy").items():
        yield name, filled(policy["PolicyDocument"])
    for policy in template.of("AWS::IAM::Policy").values():
        yield policy["PolicyName"], filled(policy["PolicyDocument"])


def filled(value: Any) -> Any:
    if isinstance(value, list):
        return [filled(each) for each in value]
    if isinstance(value, dict) and not any(key == "Ref" or key.startswith("Fn::") for key in value):
        return {key: filled(each) for key, each in value.items()}
    said = text(value)
    for name, real in NAMES.items():
        said = said.replace(name, real)
    return stand_in(said)


def stand_in(said: str) -> str:
    """An ARN of the right service where the template refers to another resource."""
    if not said.startswith("{"):
        return said
    name, _, rest = said[1:].partition("}")
    service = {
        "ExportBucket.Arn": "arn:aws:s3:::exports",
        "SlackSecret": "arn:aws:secretsmanager:us-east-1:123456789012:secret:slack-AbCdEf",
        "DeadLetters.Arn": "arn:aws:sqs:us-east-1:123456789012:dead-letters",
        "UserChanges.Arn": "arn:aws:sqs:us-east-1:123456789012:user-changes",
        "UserChangesGivenUp.Arn": "arn:aws:sqs:us-east-1:123456789012:user-changes-given-up",
        "UserChangesRule.Arn": "arn:aws:events:us-east-1:123456789012:rule/user-changes",
        "SyncLambdaFunction.Arn": "arn:aws:lambda:us-east-1:123456789012:function:sync",
        "SummaryLambdaFunction.Arn": "arn:aws:lambda:us-east-1:123456789012:function:summary",
    }
    return service[name] + rest


@pytest.mark.parametrize("which", ["template", "bare"])
def test_parliament_finds_nothing_wrong(which: str, request: pytest.FixtureRequest) -> None:
    judged = {name: issues(policy) for name, policy in policies(request.getfixturevalue(which))}
    assert len(judged) >= 5
    assert {name: found for name, found in judged.items() if found} == {}


def issues(policy: Any) -> set[str]:
    import parliament  # type: ignore[import-untyped]  # here, since this takes a second

    findings = parliament.analyze_policy_string(json.dumps(policy)).findings
    return {finding.issue for finding in findings if finding.detail not in NEWER}


@pytest.mark.parametrize(
    ("change", "issue"),
    [
        ({"Action": "dynamodb:GetItems"}, "UNKNOWN_ACTION"),
        ({"Resource": "arn:aws:s3:::exports"}, "RESOURCE_MISMATCH"),
        ({"Effect": "allow"}, "MALFORMED"),
    ],
)
def test_a_faulty_policy_is_found(template: Template, change: dict[str, str], issue: str) -> None:
    policy = dict(policies(template))["call"]
    policy["Statement"][1] |= change
    assert issues(policy) == {issue}
