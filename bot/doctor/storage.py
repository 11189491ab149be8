"""Checks of the table and the bucket against what infra/ makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import DecodeError

from bot.doctor.findings import Finding, right, unknown, wrong
from bot.doctor.threads import told
from core.aws.exports_and_links import load_directory
from core.aws.inspect import BucketInspector, TableInspector, is_missing
from core.directory.keys import DIRECTORY_JSON
from core.errors import Unavailable

_INDEX = "skIndex"
_TABLE_KEYS, _INDEX_KEYS = ["pk", "sk"], ["sk", "sk_value"]
_UPDATE = "aws dynamodb update-table --table-name $EXTENSIONS_TABLE"
_TTL_ON = (
    "aws dynamodb update-time-to-live --table-name $EXTENSIONS_TABLE "
    "--time-to-live-specification Enabled=true,AttributeName=ttl"
)
_RECOVERY_ON = (
    "aws dynamodb update-continuous-backups --table-name $EXTENSIONS_TABLE "
    "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
)
_BLOCK = (
    "aws s3api put-public-access-block --bucket $EXPORT_BUCKET --public-access-block-configuration "
    "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
)
_VERSION = "aws s3api put-bucket-versioning --bucket $EXPORT_BUCKET --versioning-configuration Status=Enabled"


def check_table(table: TableInspector) -> Iterator[Finding]:
    """Check that the table is there, with its keys and index, and is hard to lose."""
    try:
        described = table.describe()
    except Unavailable as error:
        yield _not_seen(error, "Set EXTENSIONS_TABLE and AWS_REGION to the table's, or deploy.")
        if is_missing(error):
            return
    else:
        yield from judge_table(described)
    yield told("Expiry", lambda: judge_expiry(table.expires_by()))
    yield told("Recovery", lambda: judge_recovery(table.recoverable()))


def _not_seen(error: Unavailable, do: str) -> Finding:
    if is_missing(error):
        return wrong("Exists", str(error), do)
    return unknown("Exists", str(error), "See that it can be reached from here, and may be read.")


def judge_table(table: Mapping[str, Any]) -> Iterator[Finding]:
    """Judge the `Table` of DescribeTable."""
    yield right("Exists", f"It is {table.get('TableStatus', '')}.")
    yield _judge_keys(table)
    indexes = (each for each in table.get("GlobalSecondaryIndexes", []) if each["IndexName"] == _INDEX)
    yield _judge_index(next(indexes, None))
    if table.get("DeletionProtectionEnabled"):
        yield right("Protection", "It can't be deleted by mistake.")
    else:
        yield wrong("Protection", "It can be deleted by mistake.", f"{_UPDATE} --deletion-protection-enabled")


def _keys(said: Mapping[str, Any]) -> list[str]:
    """The names of the hash and the range key, in this order."""
    by_type = sorted(said["KeySchema"], key=lambda key: str(key["KeyType"]))
    return [key["AttributeName"] for key in by_type]


def _judge_keys(table: Mapping[str, Any]) -> Finding:
    keys = _keys(table)
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    if keys == _TABLE_KEYS and all(types.get(name) == "S" for name in keys):
        return right("Keys", "pk and sk, both strings.")
    typed = [f"{name} ({types.get(name, '?')})" for name in keys]
    do = "This is no table of extensions: set EXTENSIONS_TABLE to another, or deploy a new one."
    return wrong("Keys", f"{' and '.join(typed)}, and not pk (S) and sk (S).", do)


def _judge_index(index: Mapping[str, Any] | None) -> Finding:
    name = f"Index {_INDEX}"
    if index is None:
        return wrong(name, "There is none.", f"Add it with these keys: {_wanted()}.")
    keys, projects = _keys(index), index.get("Projection", {}).get("ProjectionType", "")
    if keys != _INDEX_KEYS or projects != "ALL":
        says = f"Its keys are {' and '.join(keys)}, and it projects {projects}."
        return wrong(name, says, f"Make it anew: {_wanted()}.")
    status = index.get("IndexStatus", "")
    if status != "ACTIVE":
        return unknown(name, f"It is {status}.", "Run the doctor again when it is ACTIVE.")
    return right(name, "sk and sk_value, all attributes, ACTIVE.")


def _wanted() -> str:
    return "hash sk, range sk_value, all attributes, as in infra/table-create.yml"


def judge_expiry(attribute: str) -> Finding:
    """Judge the attribute that old rows expire by, "" for none."""
    if attribute == "ttl":
        return right("Expiry", "Old history goes by itself (ttl).")
    says = f"Rows expire by '{attribute}', and not by 'ttl'." if attribute else "Old history stays for ever."
    return wrong("Expiry", says, _TTL_ON)


def judge_recovery(on: bool) -> Finding:
    """Judge whether the table can be restored to an earlier moment."""
    if on:
        return right("Recovery", "The table can be restored to any second of the last days.")
    return wrong("Recovery", "The table can't be restored to an earlier moment.", _RECOVERY_ON)


def check_bucket(bucket: BucketInspector, region: str) -> Iterator[Finding]:
    """Check that the bucket is there, in the bot's Region, and closed to the world."""
    try:
        yield judge_region(bucket.region(), region)
    except Unavailable as error:
        yield _not_seen(error, "Set EXPORT_BUCKET to the bucket's name, or deploy.")
        if is_missing(error):
            return
    yield told("Public access", lambda: judge_public_access(bucket.open_to()))
    yield told("Encryption", lambda: judge_encryption(bucket.encryption()))
    yield told("Versions", lambda: judge_versions(bucket.versioned()))
    yield told("Directory", lambda: judge_directory(bucket.directory()))


def judge_region(there: str, here: str) -> Finding:
    """Judge the bucket's Region: a link that is signed for one does not open in another."""
    if there in ("", here):
        return right("Exists", f"It is in {there}." if there else "It is there.")
    says = f"It is in {there}, and the bot in {here}: links to the directory would not open."
    return wrong("Exists", says, f"Set EXPORT_BUCKET to a bucket in {here}, or AWS_REGION to {there}.")


def judge_public_access(open_to: list[str]) -> Finding:
    """Judge the blocks of public access that are missing: all four, or it is not closed."""
    if not open_to:
        return right("Public access", "Blocked.")
    return wrong("Public access", f"Not blocked: {', '.join(open_to)}.", _BLOCK)


def judge_encryption(algorithm: str) -> Finding:
    """Judge the default encryption: the bucket holds names of people."""
    if algorithm:
        return right("Encryption", f"{algorithm}.")
    return wrong("Encryption", "Objects are not encrypted.", "Set the bucket's default encryption to AES256.")


def judge_versions(on: bool) -> Finding:
    """Judge whether an export that was replaced can be had again."""
    if on:
        return right("Versions", "Replaced exports are kept for a while.")
    return wrong("Versions", "A replaced export is gone.", _VERSION)


def judge_directory(data: bytes) -> Finding:
    """Judge the exported directory.json, empty before the first export: names are looked up in it."""
    if not data:
        return right("Directory", "Nothing is exported yet: the first sync that changes something does.")
    try:
        entries = load_directory(data).entries
    except DecodeError:
        do = "Export it anew: python -m bot export."
        return wrong("Directory", f"{DIRECTORY_JSON} can't be read, so that nobody is found by name.", do)
    return right("Directory", f"{len(entries):,} people are exported.")
