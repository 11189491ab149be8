"""A CloudFormation template, asked in the words of the tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FUNCTIONS = ("slack", "sync", "summary", "call", "contact")
INSTANCE_ID = "11111111-2222-3333-4444-555555555555"
TABLE = "arn:{AWS::Partition}:dynamodb:{AWS::Region}:{AWS::AccountId}:table/connect-extensions-dev"
INSTANCE = f"arn:{{AWS::Partition}}:connect:{{AWS::Region}}:{{AWS::AccountId}}:instance/{INSTANCE_ID}"


@dataclass(frozen=True)
class Statement:
    """One statement of a role, its names filled in: an account, a Region, and logical ids in braces."""

    actions: frozenset[str]
    resources: tuple[str, ...]
    leading_keys: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    raw: Mapping[str, Any]

    @property
    def types(self) -> set[str]:
        return {resource["Type"] for resource in self.raw["Resources"].values()}

    def of(self, resource_type: str) -> dict[str, Any]:
        """The properties of every resource of a type, by logical id."""
        return {
            name: resource["Properties"]
            for name, resource in self.raw["Resources"].items()
            if resource["Type"] == resource_type
        }

    def __getitem__(self, logical_id: str) -> Any:
        return self.raw["Resources"][logical_id]["Properties"]

    def function(self, name: str) -> Any:
        return self[f"{name.title()}LambdaFunction"]

    def environment(self, function: str) -> dict[str, str]:
        """The function's variables, references as `{LogicalId}`."""
        variables = self.function(function)["Environment"]["Variables"]
        return {name: text(value) for name, value in variables.items()}

    def statements(self, function: str) -> list[Statement]:
        """What the function may do, by its own role and by the policies attached to that."""
        role = f"{function.title()}Role"
        policies = [policy["PolicyDocument"] for policy in self[role]["Policies"]]
        policies += [
            policy["PolicyDocument"]
            for policy in self.of("AWS::IAM::Policy").values()
            if {"Ref": role} in policy["Roles"]
        ]
        return [statement(raw) for policy in policies for raw in policy["Statement"]]

    def actions(self, function: str) -> set[str]:
        return {action for each in self.statements(function) for action in each.actions}


def statement(raw: Mapping[str, Any]) -> Statement:
    conditions = [keys for condition in raw.get("Condition", {}).values() for keys in condition.items()]
    return Statement(
        frozenset(as_list(raw["Action"])),
        tuple(text(resource) for resource in as_list(raw["Resource"])),
        tuple(key for name, keys in conditions if name == "dynamodb:LeadingKeys" for key in as_list(keys)),
    )


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    """A value with its references written as `{LogicalId}` or `{LogicalId.Attribute}`."""
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    if function == "Ref":
        return "{" + str(argument) + "}"
    if function == "Fn::GetAtt":
        return "{" + ".".join(argument) + "}"
    if function == "Fn::Join":
        return str(argument[0]).join(text(part) for part in argument[1])
    template, names = argument if isinstance(argument, list) else (argument, {})
    return re.sub(r"\$\{([\w:.]+)\}", lambda found: filled(found[1], names), template)


def filled(name: str, names: Mapping[str, Any]) -> str:
    return text(names[name]) if name in names else "{" + name + "}"


def flow_content(properties: Mapping[str, Any]) -> Any:
    """The flow as Connect gets it."""
    return json.loads(text(properties["Content"]))


def everywhere(value: Any) -> Iterator[Any]:
    """Every value in a template, at any depth."""
    yield value
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from everywhere(each)
