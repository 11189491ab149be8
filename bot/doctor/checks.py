"""All checks by section, put together from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from itertools import chain

from bot.config import Settings
from bot.doctor.call_path import CallChecks, check_availability, check_instance
from bot.doctor.findings import Finding, right, unknown, wrong
from bot.doctor.numbering import check_rows, read_rows
from bot.doctor.runs import check_runs
from bot.doctor.slack_app import ReadSecret, check_slack
from bot.doctor.storage import check_bucket, check_table
from bot.doctor.threads import Check, Later, told
from bot.region import region_of
from bot.wiring import check_environment, now
from core.aws.clients import aws_client, aws_session
from core.aws.inspect import BucketInspector, ConnectInspector, TableInspector, account_of, aws_faults
from core.aws.secrets import read_slack_secret
from core.aws.small_rows import DynamoIncidents
from core.aws.table import Table
from core.errors import BadSettings

# How long one answer may take. Rows come by the megabyte, a function may have to wake up first, and a
# secret is tried for several times.
_PATIENCE, _SLOW_PATIENCE, _SECRET_PATIENCE = 2.0, 5.0, 1.5


def checks_of(environ: Mapping[str, str]) -> dict[str, Check]:
    """The checks by the title of their section, in the order in which they are shown."""
    try:
        settings = check_environment(environ)
    except BadSettings as error:
        aws = aws_faults(region_of(environ))
        faults = str(error).splitlines()
        return _only_settings(
            [wrong("Environment", each, _SIGN_IN if each in aws else _SET) for each in faults]
        )
    environment = right("Environment", f"Every setting can be read; the range is {settings.policy.range}.")
    return _all(settings, environ, environment)


_SET = "Set it in the environment; docs/settings.md lists all of them."
_SIGN_IN = "Sign in as for the AWS CLI (aws configure, or aws sso login), and run the doctor again."


def _only_settings(faults: list[Finding]) -> dict[str, Check]:
    unchecked = unknown("Everything", "Not looked at: the settings come first.")
    titles = ("Table", "Bucket", "Numbers", "Sync", "Slack", "Connect", "Calls")
    return {"Settings": partial(iter, faults)} | {title: partial(iter, [unchecked]) for title in titles}


def _all(settings: Settings, environ: Mapping[str, str], environment: Finding) -> dict[str, Check]:
    """Put every check together. The clients are made here: making them in several threads is not safe."""
    client = partial(aws_client, region=settings.region, attempts=2, session=aws_session())
    dynamodb = client("dynamodb", patience=_PATIENCE)
    table = TableInspector(dynamodb, settings.table)
    bucket = BucketInspector(client("s3", patience=_PATIENCE), settings.bucket)
    connect = ConnectInspector(client("connect", patience=_PATIENCE), settings.instance_id)
    slow = TableInspector(client("dynamodb", patience=_SLOW_PATIENCE), settings.table)
    incidents = DynamoIncidents(Table(dynamodb, settings.table), now)
    rows = Later(partial(read_rows, slow))
    extensions = settings.policy.range
    calls = CallChecks(connect, client("lambda", patience=_SLOW_PATIENCE), rows, extensions, environ)
    region = dynamodb.meta.region_name
    sts = client("sts", patience=_PATIENCE)

    def signed_in() -> Finding:
        return right("AWS", f"Signed in to account {account_of(sts)}, in {region}.")

    return {
        "Settings": lambda: chain([environment], [told("AWS", signed_in)]),
        "Table": partial(check_table, table),
        "Bucket": partial(check_bucket, bucket, region),
        "Numbers": partial(check_rows, rows, extensions),
        "Sync": partial(check_runs, table),
        "Slack": partial(check_slack, settings, _secret_reader(settings), incidents),
        "Connect": lambda: chain(
            check_instance(connect, len(extensions)), check_availability(connect, incidents, rows)
        ),
        "Calls": calls.check,
    }


def _secret_reader(settings: Settings) -> ReadSecret:
    if not settings.slack_secret_id:
        return dict
    client = aws_client("secretsmanager", settings.region, _SECRET_PATIENCE, attempts=2)
    return partial(read_slack_secret, client, settings.slack_secret_id)
