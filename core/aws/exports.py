"""The bucket of the exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from core.aws.calls import Calls, Sleep, code_of
from core.aws.reports import load_directory
from core.errors import Refused
from core.export import DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML, content_type
from core.models import Directory

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

_NO_KEY = {"404", "NoSuchKey", "NotFound"}
_VERSION = "version"


class S3Exports:
    """Exports in S3. Each file has its version in its metadata; `directory.json` is written last."""

    def __init__(self, client: S3Client, bucket: str, link_minutes: int, sleep: Sleep) -> None:
        self._client = client
        self._bucket = bucket
        self._link_seconds = link_minutes * 60
        self._calls = Calls(f"The S3 bucket '{bucket}' (EXPORT_BUCKET)", sleep, "NoSuchBucket", _NO_KEY)

    def exported_version(self) -> str:
        """The version of the export that stands whole; "" when there is none.

        All of its files are asked: a run that lost its lease may have left one of an older version.
        """
        first, *others = (self._version(key) for key in (DIRECTORY_JSON, INDEX_HTML, DIRECTORY_CSV))
        return first if others == [first, first] else ""

    def _version(self, key: str) -> str:
        try:
            answer = self._calls(self._client.head_object, Bucket=self._bucket, Key=key)
        except ClientError as error:
            if code_of(error) in _NO_KEY:
                return ""
            raise
        version: str = answer["Metadata"].get(_VERSION, "")
        return version

    def exported_directory(self) -> Directory | None:
        """The directory as last exported."""
        try:
            data = self._calls(self._read, key=DIRECTORY_JSON)
        except ClientError as error:
            if code_of(error) in _NO_KEY:
                return None
            raise
        return load_directory(data)

    def _read(self, key: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def write(self, files: dict[str, bytes], version: str) -> None:
        """Replace the export by these files, by key; an object is replaced whole or not at all."""
        for key in sorted(files, key=lambda key: key == DIRECTORY_JSON):
            self._calls(
                self._client.put_object,
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
