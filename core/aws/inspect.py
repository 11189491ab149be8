"""Facts of an installation as AWS tells them. Nothing here writes.

Every method raises Unavailable when it could not be learnt; `is_missing` tells when that is because
there is no such thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct

from core.aws.failures import Place, code_of
from core.aws.odd_rows import odd_attributes
from core.aws.reports import load_report
from core.aws.rows import KINDS, LEASE, REPORT, Item, Row, from_item, link_key, text_of
from core.aws.table import Table
from core.directory.keys import DIRECTORY_JSON
from core.errors import Unavailable
from core.models import Report

if TYPE_CHECKING:
    from types_boto3_connect import ConnectClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_lambda import LambdaClient
    from types_boto3_s3 import S3Client

# The rows that the doctor judges, and what it reads of them.
_JUDGED = frozenset((*KINDS, link_key("")[1]))
_READ = frozenset(("pk", "sk", "sk_value", "agent_id", "held_until"))
_NO_REGION = "No AWS Region is set: set AWS_REGION, or a Region for the profile."
_MISSING = "ResourceNotFoundException"
_NO_BLOCK = "NoSuchPublicAccessBlockConfiguration"
_NO_ENCRYPTION = "ServerSideEncryptionConfigurationNotFoundError"
_NO_KEY = "NoSuchKey"
_NOT_PUBLISHED = "ContactFlowNotPublishedException"


def aws_faults(region: str) -> list[str]:
    """The reasons why AWS can't be asked from here at all; none when it can."""
    try:
        session = boto3.Session(region_name=region or None)
        signed_in = session.get_credentials() is not None
    except BotoCoreError as error:
        return [f"The AWS configuration (AWS_PROFILE, AWS_CONFIG_FILE) can't be used: {error}"]
    faults = [] if signed_in else ["There are no AWS credentials here: sign in, or set AWS_PROFILE."]
    return faults if session.region_name else [*faults, _NO_REGION]


def account_of(client: Any) -> str:
    """The account that the credentials are of, as STS tells anybody who is signed in. Raises Unavailable."""
    with Place("AWS", ""):
        return str(client.get_caller_identity()["Account"])


def is_missing(error: Unavailable) -> bool:
    """Whether AWS answered that there is no such thing, rather than not at all."""
    cause = error.__cause__
    return isinstance(cause, ClientError) and code_of(cause) in {_MISSING, "404", "NoSuchBucket"}


class TableInspector:
    """The table."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self._client = client
        self._table = Table(client, name)

    def describe(self) -> Mapping[str, Any]:
        """The `Table` of DescribeTable: keys, indexes and protection."""
        with self._table.place:
            return self._client.describe_table(TableName=self._table.name)["Table"]

    def expires_by(self) -> str:
        """The attribute by which rows expire; "" while none do."""
        with self._table.place:
            said = self._client.describe_time_to_live(TableName=self._table.name)
        ttl = said["TimeToLiveDescription"]
        on = ttl.get("TimeToLiveStatus") in ("ENABLED", "ENABLING")
        return str(ttl.get("AttributeName", "")) if on else ""

    def recoverable(self) -> bool:
        """Whether the table can be restored to any moment of the last days."""
        with self._table.place:
            said = self._client.describe_continuous_backups(TableName=self._table.name)
        recovery = said["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        return bool(recovery.get("PointInTimeRecoveryStatus") == "ENABLED")

    def mark(self) -> tuple[str | None, ...]:
        """The fingerprint and the run that has the lease: another pair as soon as a run has written."""
        row = self.lease()
        return tuple(row.get(name) for name in ("fingerprint", "sk_value"))

    def rows(self, segment: int, segments: int) -> list[Row]:
        """The rows of the numbering and of links in one part of the table, by consistent reads.

        Of other rows those that can't be read whole, with the names of the attributes as `odd`. May run in
        threads.
        """
        items = self._table.scan(Segment=segment, TotalSegments=segments)
        return [row for item in items if (row := _inspected(item))]

    def lease(self) -> Row:
        """The lease's row; empty before the first run."""
        return from_item(self._table.get(LEASE))

    def last_report(self) -> Report | None:
        """The newest report, None before the first."""
        item = self._table.get(REPORT)
        try:
            return load_report(from_item(item))
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("The newest report in the table can't be read.") from error


def _inspected(item: Item) -> Row:
    """The part of a row that the doctor judges; empty for one of another kind that is as it should be."""
    if text_of(item, "sk") in _JUDGED:
        return {name: text for name, text in from_item(item).items() if name in _READ}
    odd = odd_attributes(item)
    return {"pk": text_of(item, "pk"), "sk": text_of(item, "sk"), "odd": " ".join(odd)} if odd else {}


class BucketInspector:
    """The bucket of the exports."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket
        none = (_NO_BLOCK, _NO_ENCRYPTION, _NO_KEY)
        self._place = Place(f"The S3 bucket '{bucket}' (EXPORT_BUCKET)", "404", none)

    def region(self) -> str:
        """The Region the bucket is in; "" where S3 does not say."""
        return str(self._ask(self._client.head_bucket).get("BucketRegion", ""))

    def open_to(self) -> list[str]:
        """The ways by which the bucket could be made public; none is as it should be."""
        ways = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
        said = self._ask(self._client.get_public_access_block, _NO_BLOCK)
        blocked = said.get("PublicAccessBlockConfiguration", {})
        return [way for way in ways if not blocked.get(way)]

    def encryption(self) -> str:
        """The algorithm that objects are encrypted with; "" for none."""
        said = self._ask(self._client.get_bucket_encryption, _NO_ENCRYPTION)
        rules = said.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
        named = (rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "") for rule in rules)
        return next(filter(None, named), "")

    def versioned(self) -> bool:
        """Whether the bucket keeps replaced objects (versioning)."""
        return bool(self._ask(self._client.get_bucket_versioning).get("Status") == "Enabled")

    def directory(self) -> bytes:
        """The exported directory.json; empty before the first export."""
        said = self._ask(partial(self._client.get_object, Key=DIRECTORY_JSON), _NO_KEY)
        return bytes(said["Body"].read()) if said else b""

    def _ask(self, call: Any, none: str = "") -> dict[str, Any]:
        """The answer; empty where S3 says that there is no such configuration."""
        try:
            with self._place:
                said: dict[str, Any] = call(Bucket=self._bucket)
        except ClientError as error:
            if code_of(error) == none:
                return {}
            raise
        return said


class FlowFacts(Struct, frozen=True):
    """A flow, whether it is published, and whether it is in use rather than archived.

    `content` is its blocks as JSON, "" where it was only listed.
    """

    name: str
    published: bool
    active: bool
    id: str = ""
    kind: str = ""
    content: str = ""


class ConnectInspector:
    """The Amazon Connect instance."""

    def __init__(self, client: ConnectClient, instance_id: str) -> None:
        self._client = client
        self._instance = instance_id
        place = "The Amazon Connect instance (CONNECT_INSTANCE_ID)"
        self._place = Place(place, _MISSING, (_NOT_PUBLISHED,))

    def list_users(self) -> None:
        """Ask for a user, as a sync does."""
        with self._place:
            self._client.list_users(InstanceId=self._instance, MaxResults=1)

    def status(self) -> str:
        """ACTIVE, or what else the instance is in."""
        with self._place:
            said = self._client.describe_instance(InstanceId=self._instance)
        return str(said["Instance"].get("InstanceStatus", ""))

    def count(self) -> int | None:
        """The number of users by Connect's own count; None where it gives none."""
        with self._place:
            said = self._client.search_users(InstanceId=self._instance, MaxResults=1)
        return said.get("ApproximateTotalCount")

    def ask_status(self, agent_id: str) -> None:
        """Ask whether an agent is available, as an answer does."""
        with self._place:
            self._client.get_current_user_data(
                InstanceId=self._instance, Filters={"Agents": [agent_id]}, MaxResults=1
            )

    def functions(self) -> list[str]:
        """The names of the Lambda functions that the instance may call."""
        pages = self._pages("list_lambda_functions")
        return [function_name(arn) for page in pages for arn in page.get("LambdaFunctions", [])]

    def flows(self) -> list[FlowFacts]:
        """All flows."""
        pages = self._pages("list_contact_flows")
        return [
            _flow(said, said.get("ContactFlowStatus"), said.get("ContactFlowState"))
            for page in pages
            for said in page.get("ContactFlowSummaryList", [])
        ]

    def flow(self, flow_id: str) -> FlowFacts:
        """One flow, by its id or ARN."""
        flow_id = flow_id.rpartition("/")[2]
        try:
            with self._place:
                found = self._client.describe_contact_flow(InstanceId=self._instance, ContactFlowId=flow_id)
        except ClientError:
            return FlowFacts(flow_id, published=False, active=True)
        said = found["ContactFlow"]
        return _flow(
            {"Name": flow_id, "Id": flow_id, **said}, said.get("Status", "PUBLISHED"), said.get("State")
        )

    def _pages(self, operation: Any) -> Iterator[dict[str, Any]]:
        with self._place:
            yield from self._client.get_paginator(operation).paginate(InstanceId=self._instance)


def _flow(said: Mapping[str, Any], status: str | None, state: str | None) -> FlowFacts:
    return FlowFacts(
        name=said.get("Name", ""),
        published=status == "PUBLISHED",
        active=state in (None, "ACTIVE"),
        id=said.get("Id", ""),
        kind=said.get("Type", ""),
        content=said.get("Content", ""),
    )


def function_name(function: str) -> str:
    """The name of a function that is given by name or by ARN, with or without an alias."""
    parts = function.split(":")
    return parts[6] if len(parts) > 6 else parts[0]


def ask_call_function(client: LambdaClient, function: str, extension: str) -> Mapping[str, Any]:
    """Ask the call function for an extension, as a flow asks; its answer, or the `errorType` of its failure.

    Raises Unavailable where the function can't be invoked.
    """
    event = {"Details": {"Parameters": {"extension": extension}}, "Name": "ContactFlowEvent"}
    with Place(f"The function '{function}' (CALL_FUNCTION)", _MISSING):
        answer = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    try:
        said = json.loads(answer["Payload"].read())
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return {"errorType": "an answer that is no JSON object"}
    return {"errorType": "an error", **said} if answer.get("FunctionError") else said
