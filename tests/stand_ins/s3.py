"""One S3 bucket in this process: HeadObject, GetObject, PutObject, DeleteObject; anything else is loud.

It opens the links that it is given, as S3 does: by their signature, and only until they end.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from tests.stand_ins.wire import SECRET, FaultHook, Kind, Process, Reply, Wire

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

BUCKET = "exports"


class Stored(NamedTuple):
    """An object, and the headers it is served with."""

    body: bytes
    headers: Mapping[str, str]


class BucketStandIn:
    """The bucket. `objects` are by key."""

    name = "s3"
    errors: Mapping[Kind, tuple[int, str]] = {
        "throttled": (503, "SlowDown"),
        "failing": (500, "InternalError"),
        "denied": (403, "AccessDenied"),
        "conflict": (409, "OperationAborted"),
    }

    def __init__(
        self,
        bucket: str = BUCKET,
        *,
        fault: FaultHook | None = None,
        latency: float = 0,
        sleep: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.wire = Wire(self, fault, latency, sleep)
        self.bucket = bucket
        self.objects: dict[str, Stored] = {}
        self._lock = threading.Lock()

    def client(self, process: Process | None = None) -> S3Client:
        """A client of this bucket."""
        client: S3Client = self.wire.client(process)
        return client

    def refuse(self, operation: str, status: int, code: str, reasons: tuple[str, ...]) -> Reply:
        """An error as S3 words it; the answer to a HEAD has no body to put words in."""
        words = f"<Error><Code>{code}</Code><Message>The stand-in says so.</Message></Error>"
        body = b"" if operation == "HeadObject" else f'<?xml version="1.0"?>\n{words}'.encode()
        return Reply(status, body, {"Content-Type": "application/xml"})

    def respond(self, operation: str, request: Any) -> Reply:
        """Answer one request."""
        bucket, key = _place(request.url)
        if bucket != self.bucket:
            return self.refuse(operation, 404, "NoSuchBucket", ())
        with self._lock:
            if operation == "PutObject":
                self.objects[key] = Stored(_body(request), _kept(request.headers))
                return Reply(200, b"")
            if operation == "DeleteObject":
                self.objects.pop(key, None)
                return Reply(204, b"")
            return self._read(operation, key)

    def opened(self, link: str, at: datetime | None = None) -> Reply:
        """Answer a browser that opens a presigned link, now or `at` that time."""
        given = dict(parse_qsl(urlsplit(link).query))
        if not hmac.compare_digest(given.pop("X-Amz-Signature", ""), _signature(link)):
            return self.refuse("GetObject", 403, "SignatureDoesNotMatch", ())
        signed = datetime.strptime(given["X-Amz-Date"], "%Y%m%dT%H%M%S%z")
        if (at or datetime.now(UTC)) > signed + timedelta(seconds=int(given["X-Amz-Expires"])):
            return self.refuse("GetObject", 403, "AccessDenied", ())
        bucket, key = _place(link)
        if bucket != self.bucket:
            return self.refuse("GetObject", 404, "NoSuchBucket", ())
        return self._read("GetObject", key)

    def _read(self, operation: str, key: str) -> Reply:
        if operation not in ("HeadObject", "GetObject"):
            raise NotImplementedError(f"The stand-in does not know {operation}.")
        stored = self.objects.get(key)
        if stored is None:
            return self.refuse(operation, 404, "NoSuchKey", ())
        return Reply(200, stored.body if operation == "GetObject" else b"", stored.headers)


def _place(url: str) -> tuple[str, str]:
    """Bucket and key, of an address that has the bucket in its host."""
    parts = urlsplit(url)
    return parts.netloc.partition(".s3.")[0], unquote(parts.path.lstrip("/"))


def _signature(link: str) -> str:
    """The signature (AWS, version 4) that a presigned link to GET an object has to have."""
    parts = urlsplit(link)
    given = sorted((name, value) for name, value in parse_qsl(parts.query) if name != "X-Amz-Signature")
    query = "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in given)
    asked = f"GET\n{parts.path}\n{query}\nhost:{parts.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    at, scope = dict(given)["X-Amz-Date"], dict(given)["X-Amz-Credential"].partition("/")[2]
    signing = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{sha256(asked.encode()).hexdigest()}"
    return hmac.digest(signing, text.encode(), "sha256").hex()


def _kept(headers: Mapping[str, Any]) -> dict[str, str]:
    texts = {name.lower(): _text(value) for name, value in headers.items()}
    names = ("content-type", "cache-control")
    return {name: text for name, text in texts.items() if name in names or name.startswith("x-amz-meta-")}


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _body(request: Any) -> bytes:
    """The object of a PutObject, which may come in chunks with a checksum behind them."""
    sent: bytes = request.body.read() if hasattr(request.body, "read") else request.body or b""
    if "aws-chunked" not in _text(request.headers.get("Content-Encoding", "")):
        return sent
    body = b""
    while sent:
        size, _, rest = sent.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        if not length:
            break
        body, sent = body + rest[:length], rest[length + 2 :]
    return body
