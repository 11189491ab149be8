"""The sections of a check, put together from the settings."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from functools import partial

from bot.config import Settings
from bot.doctor.aws import check_bucket, check_table
from bot.doctor.calls import CallChecks, check_instance
from bot.doctor.running import Check, Later, told
from bot.doctor.slack import check_slack
from bot.wiring import now
from core.doctor import (
    Finding,
    Numbering,
    check_last_sync,
    check_lease,
    check_left_over,
    check_numbers,
    right,
    unknown,
    unsettled,
    wrong,
)
from core.errors import BadSettings

# One answer of AWS; a function that wakes takes longer, a listing of secrets never does.
_PATIENCE, _CALL_PATIENCE, _SECRET_PATIENCE = 2.0, 5.0, 1.5
_TITLES = ("Table", "Bucket", "Numbers", "Sync", "Slack", "Connect", "Calls")


def checks_of(environ: Mapping[str, str]) -> dict[str, Check]:
    """The checks by the title of their section, in the order in which they are shown."""
    try:
        settings = Settings.from_env(environ)
    except BadSettings as error:
        return {"Settings": partial(_faults, str(error)), **_unchecked("the settings are wrong")}
    from core.aws.inspect import aws_here

    here = aws_here(settings.region)
    if not here.region or not here.signed_in:
        faults = partial(_no_aws, bool(here.region), here.signed_in)
        slack = {"Slack": _slack(settings)} if here.region and not settings.slack_secret_id else {}
        return {"Settings": faults, **_unchecked("AWS can't be asked"), **slack}
    return {"Settings": partial(_settings, here.region), **_all(settings, environ)}


def _all(settings: Settings, environ: Mapping[str, str]) -> dict[str, Check]:
    """The checks of what AWS and Slack have. Clients are made here: making them is not thread-safe."""
    from core.aws.clients import aws_client
    from core.aws.inspect import BucketInspector, ConnectInspector, TableInspector

    client = partial(aws_client, region=settings.region, patience=_PATIENCE)
    table = TableInspector(client("dynamodb"), settings.table, time.sleep)
    bucket = BucketInspector(client("s3"), settings.bucket, time.sleep)
    connect = ConnectInspector(client("connect"), settings.instance_id, time.sleep)
    functions = aws_client("lambda", settings.region, _CALL_PATIENCE)
    rows = Later(table.rows)
    extensions = settings.policy.range
    calls = CallChecks(connect, functions, rows, extensions, call_function(environ), _flows(environ))
    return {
        "Table": partial(check_table, table, settings.table),
        "Bucket": partial(check_bucket, bucket, settings.bucket, functions.meta.region_name),
        "Numbers": partial(_numbers, rows, settings),
        "Sync": partial(_sync, table),
        "Slack": _slack(settings),
        "Connect": partial(check_instance, connect, len(extensions)),
        "Calls": calls.check,
    }
