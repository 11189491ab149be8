"""The bucket of the exports."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec
from botocore.exceptions import ClientError

from core.aws.failures import Place
from core.directory.keys import (
    DIRECTORY_CSV,
    DIRECTORY_JSON,
    DIRECTORY_SCHEMA,
    DIRECTORY_VCF,
    DIRECTORY_XLSX,
    INDEX_HTML,
    content_type,
)
from core.errors import Refused
from core.models import Directory

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_NO_KEY = {"404", "NoSuchKey", "NotFound"}
_VERSION, _FOLDER, _AT, _SCHEMA = "version", "folder", "at", "schema"
_CURRENT = "directory/"


class S3Exports:
    """Exports in S3, in two copies: a run's own under `history/`, and the current one under `directory/`.

    The run's copy is written first and `directory.json` last. Its metadata name the version and the run's
    folder: with that one write the run's files become those that links lead to, all of one export. They have
    the digest of the schema too, which is not written again where `exported_version` has just read the same.
    """

    def __init__(self, client: S3Client, bucket: str, link_minutes: int) -> None:
        self._client = client
        self._bucket = bucket
        self._link_seconds = link_minutes * 60
        self._schema = ""
        self._place = Place(f"The S3 bucket '{bucket}' (EXPORT_BUCKET)", "NoSuchBucket", _NO_KEY)

    def exported_version(self) -> str:
        """The version of the newest complete export; "" if there is none.

        All of its files are asked: a run that failed half way, or lost its lease, leaves several versions.
        """
        keys = (DIRECTORY_JSON, INDEX_HTML, DIRECTORY_CSV, DIRECTORY_XLSX, DIRECTORY_VCF)
        found = [self._metadata(key) or {} for key in keys]
        self._schema = found[0].get(_SCHEMA, "")
        versions = {each.get(_VERSION, "") for each in found}
        return versions.pop() if len(versions) == 1 else ""

    def exported_at(self) -> str:
        """The moment that the newest export is of; "" if there is none, or an earlier version wrote it."""
        return (self._metadata(DIRECTORY_JSON) or {}).get(_AT, "")

    def _metadata(self, key: str) -> dict[str, str] | None:
        """The metadata of an object; None when there is no such object."""
        try:
            with self._place:
                return self._client.head_object(Bucket=self._bucket, Key=key)["Metadata"]
        except ClientError:
            return None

    def exported_directory(self) -> Directory | None:
        """The directory as last exported; None where there is none that can be read."""
        try:
            with self._place:
                data = self._client.get_object(Bucket=self._bucket, Key=DIRECTORY_JSON)["Body"].read()
            return load_directory(data)
        except (ClientError, msgspec.DecodeError):
            return None

    def write(self, files: dict[str, bytes], version: str, at: str = "") -> None:
        """Replace the export by these files, by key: the current ones, and a run's copies of any of them.

        `at` is the moment that they are of.
        """
        digest = blake2b(files.get(DIRECTORY_SCHEMA, b""), digest_size=8).hexdigest()
        known, self._schema = self._schema, ""
        files = {key: data for key, data in files.items() if key != DIRECTORY_SCHEMA or digest != known}
        folder = next((_folder(key) for key in files if not key.startswith(_CURRENT)), "")
        copies = {f"{folder}/{_name(key)}": data for key, data in files.items() if folder}
        current = {key: data for key, data in files.items() if key.startswith(_CURRENT)}
        last = {DIRECTORY_JSON: current.pop(DIRECTORY_JSON)}
        for key, data in (copies | current | last).items():
            with self._place:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=data,
                    ContentType=content_type(key),
                    CacheControl="no-store",
                    Metadata={_VERSION: version, _FOLDER: folder, _AT: at, _SCHEMA: digest},
                )

    def link(self, key: str = INDEX_HTML) -> str:
        """A link to one file, signed now and for LINK_MINUTES. Raises Refused when there is no such file.

        The file is that of the run's copy, or the current one where the copy is gone: copies expire.
        """
        folder = (self._metadata(DIRECTORY_JSON) or {}).get(_FOLDER, "")
        copy = f"{folder}/{_name(key)}"
        if folder and self._metadata(copy) is not None:
            key = copy
        elif not self.exported_version() or self._metadata(key) is None:
            raise Refused("There is no directory yet. An admin makes it with /ext-sync.")
        parameters = {"Bucket": self._bucket, "Key": key}
        return self._client.generate_presigned_url("get_object", parameters, ExpiresIn=self._link_seconds)


def _folder(key: str) -> str:
    return key.rpartition("/")[0]


def _name(key: str) -> str:
    return key.rpartition("/")[2]


def load_directory(data: bytes) -> Directory:
    """The directory in an exported `directory.json` (`core.directory` writes it). Raises DecodeError."""
    return msgspec.json.decode(data, type=Directory)
