"""Deploys a template to moto, as far as moto's CloudFormation goes, and says how far that is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

STACK = "connect-extensions-dev"
ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
}


@contextmanager
def moto_server() -> Iterator[str]:
    """An empty AWS on loopback; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def not_made_by_moto(types: set[str]) -> set[str]:
    """The resource types that moto's CloudFormation does not know: moto is asked."""
    # Here, since this takes seconds, and most who collect this module's tests run none of them.
    from moto.cloudformation.parsing import get_model_map

    known: Mapping[str, Any] = get_model_map()
    return types - known.keys()


def without(
    raw: Mapping[str, Any], types: set[str], stand_ins: Mapping[str, str], names: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The template without resources of these types and names.

    References to them become a text: the one in `stand_ins`, or else the logical id. Resources that wait
    for one of them to be there go as well.
    """
    # The table waits for all else, whatever that is.
    table = {
        name: value for name, value in raw["Resources"]["ExtensionsTable"].items() if name != "DependsOn"
    }
    resources = raw["Resources"] | {"ExtensionsTable": table}
    gone = {name for name, resource in resources.items() if resource["Type"] in types or name in names}
    gone |= {name for name, resource in resources.items() if gone & waits_for(resource)}
    texts = {name: stand_ins.get(name, name) for name in gone}
    kept = {name: replaced(resource, texts) for name, resource in resources.items() if name not in gone}
    return {**raw, "Resources": kept, "Outputs": replaced(raw["Outputs"], texts)}


def waits_for(resource: Mapping[str, Any]) -> set[str]:
    named = resource.get("DependsOn", [])
    return set([named] if isinstance(named, str) else named)


def replaced(value: Any, texts: Mapping[str, str]) -> Any:
    """The value with every reference to one of these names replaced by its text."""
    if isinstance(value, list):
        return [replaced(each, texts) for each in value]
    if not isinstance(value, Mapping):
        return value
    name = value["Ref"] if value.keys() == {"Ref"} else (value.get("Fn::GetAtt") or [""])[0]
    if name in texts:
        return texts[name]
    if value.keys() == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
        return {"Fn::Sub": replaced_in_text(value["Fn::Sub"], texts)}
    return {key: replaced(each, texts) for key, each in value.items()}


def replaced_in_text(template: str, texts: Mapping[str, str]) -> str:
    """The same within the text of a Fn::Sub."""
    for name, text in texts.items():
        template = template.replace(f"${{{name}}}", text).replace(f"${{{name}.Arn}}", text)
    return template


@dataclass(frozen=True)
class Deployment:
    """A stack that moto has made."""

    raw: Mapping[str, Any]
    made: frozenset[str]

    def environment(self, function: str) -> dict[str, str]:
        """The variables that the function got, as Lambda has them."""
        name = f"{STACK}-{function}"
        found = boto3.client("lambda").get_function_configuration(FunctionName=name)
        return dict(found["Environment"]["Variables"])


def deploy(folder: Path, artifact: Path) -> Deployment:
    """What `osls deploy` does with what `osls package` wrote: bucket, upload, stack."""
    cloudformation = boto3.client("cloudformation")
    first = (folder / "cloudformation-template-create-stack.json").read_text()
    cloudformation.create_stack(StackName=STACK, TemplateBody=first)
    raw = json.loads((folder / "cloudformation-template-update-stack.json").read_text())
    types = {resource["Type"] for resource in raw["Resources"].values()}
    template = without(raw, not_made_by_moto(types), {"SlackSecret": make_secret(raw)})
    upload(artifact, template)
    cloudformation.update_stack(
        StackName=STACK, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )
    resources = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    made = {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in resources}
    finish_table(made["ExtensionsTable"], raw["Resources"]["ExtensionsTable"]["Properties"])
    finish_bucket(made["ExportBucket"], raw["Resources"]["ExportBucket"]["Properties"])
    return Deployment(template, frozenset(made))


def finish_table(name: str, asked: Mapping[str, Any]) -> None:
    """What moto's CloudFormation leaves off a table, by the table's own API."""
    dynamodb = boto3.client("dynamodb")
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=asked["TimeToLiveSpecification"])
    dynamodb.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification=asked["PointInTimeRecoverySpecification"]
    )


def finish_bucket(name: str, asked: Mapping[str, Any]) -> None:
    """What moto's CloudFormation leaves off a bucket, by the bucket's own API."""
    s3 = boto3.client("s3")
    s3.put_public_access_block(
        Bucket=name, PublicAccessBlockConfiguration=asked["PublicAccessBlockConfiguration"]
    )
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=asked["VersioningConfiguration"])


def make_secret(raw: Mapping[str, Any]) -> str:
    """The secret, by its own API, with the value that the template gives it. Its ARN."""
    value = raw["Resources"]["SlackSecret"]["Properties"]["SecretString"]
    made = boto3.client("secretsmanager").create_secret(Name="slack", SecretString=value)
    return str(made["ARN"])


def upload(artifact: Path, template: Mapping[str, Any]) -> None:
    """Put the artifact where the functions of the template look for their code."""
    detail = boto3.client("cloudformation").describe_stack_resource(
        StackName=STACK, LogicalResourceId="ServerlessDeploymentBucket"
    )["StackResourceDetail"]
    key = template["Resources"]["SyncLambdaFunction"]["Properties"]["Code"]["S3Key"]
    boto3.client("s3").upload_file(str(artifact), detail["PhysicalResourceId"], key)
