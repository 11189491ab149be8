"""The bucket of the exports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from core.aws.failures import Place
from core.directory.keys import DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML, content_type
from core.errors import Refused
from core.models import Assigned, Directory

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_NO_KEY = {"404", "NoSuchKey", "NotFound"}
_VERSION = "version"


class S3Exports:
    """Exports in S3. Each file has its version in its metadata; `directory.json` is written last."""

    def __init__(self, client: S3Client, bucket: str, link_minutes: int) -> None:
        self._client = client
        self._bucket = bucket
        self._link_seconds = link_minutes * 60
        self._place = Place(f"The S3 bucket '{bucket}' (EXPORT_BUCKET)", "NoSuchBucket", _NO_KEY)

    def exported_version(self) -> str:
        """The version of the export that stands whole; "" when there is none.

        All of its files are asked: a run that lost its lease may have left one of an older version.
        """
        first, *others = (self._version(key) for key in (DIRECTORY_JSON, INDEX_HTML, DIRECTORY_CSV))
        return first if others == [first, first] else ""

    def _version(self, key: str) -> str:
        try:
            with self._place:
                answer = self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError:
            return ""
        return answer["Metadata"].get(_VERSION, "")

    def exported_directory(self) -> Directory | None:
        """The directory as last exported."""
        try:
            with self._place:
                data = self._client.get_object(Bucket=self._bucket, Key=DIRECTORY_JSON)["Body"].read()
        except ClientError:
            return None
        return load_directory(data)

    def write(self, files: dict[str, bytes], version: str) -> None:
        """Replace the export by these files, by key; an object is replaced whole or not at all."""
        for key in sorted(files, key=lambda key: key == DIRECTORY_JSON):
            with self._place:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=files[key],
                    ContentType=content_type(key),
                    CacheControl="no-store",
                    Metadata={_VERSION: version},
                )

    def link(self) -> str:
        """A link to the directory page, signed now and for LINK_MINUTES. Raises Refused without a page."""
        if not self.exported_version():
            raise Refused("There is no directory yet. An admin makes it with /ext-sync.")
        parameters = {"Bucket": self._bucket, "Key": INDEX_HTML}
        return self._client.generate_presigned_url("get_object", parameters, ExpiresIn=self._link_seconds)


def load_directory(data: bytes) -> Directory:
    """The directory in an exported `directory.json` (`core.directory` writes it)."""
    content = json.loads(data)
    entries = [
        Assigned(entry["extension"], entry["agent_id"], entry["username"], "", entry["name"], entry["team"])
        for entry in content["entries"]
    ]
    return Directory(tuple(entries), content["version"], content["at"])
