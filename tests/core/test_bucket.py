"""Exports in the bucket: whole or not at all, and links that open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core.aws.clients import aws_client
from core.aws.exports_and_links import S3Exports
from core.directory import files
from core.directory.data import SCHEMA
from core.directory.keys import DIRECTORY_JSON, DIRECTORY_VCF, DIRECTORY_XLSX
from core.errors import Refused, Unavailable
from core.models import iso
from tests.core.builders import agent, policy
from tests.core.fakes import FakeConnect, Site
from tests.stand_ins.s3 import BUCKET, Stored
from tests.stand_ins.wire import Fault, Process


def exports(site: Site) -> S3Exports:
    return S3Exports(site.bucket.client(), BUCKET, 15)


def page(site: Site) -> str:
    """The page that a link leads to."""
    answer = site.bucket.opened(exports(site).link())
    assert answer.status == 200
    return answer.body.decode()


@pytest.fixture
def site() -> Site:
    """An export with Ann in it; Bob is listed since, and exported by the next run."""
    site = Site(FakeConnect([agent("ann")]), policy("00-09"))
    site.run()
    site.connect.join(agent("bob"))
    site.bucket.wire.reset()
    return site


def test_a_link_leads_to_the_newest_page(site: Site) -> None:
    site.clock.advance(hours=1)
    site.run()
    assert ("Ann" in page(site), "Bob" in page(site)) == (True, True)


def test_the_schema_is_written_where_it_is_another(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def written() -> int:
        site.bucket.wire.reset()
        site.run()
        return site.bucket.wire.requests["PutObject"]

    assert (written(), written()) == (10, 0)
    monkeypatch.setattr(files, "SCHEMA", SCHEMA.with_name("data.py"))
    site.connect.join(agent("cem"))
    assert written() == 12
    site.sync().export("U1")
    assert site.bucket.wire.requests["PutObject"] == 24


def test_a_link_opens_until_it_ends(site: Site) -> None:
    link, now = exports(site).link(), datetime.now(UTC)
    assert b"Ann" in site.bucket.opened(link, now + timedelta(minutes=14)).body
    ended = site.bucket.opened(link, now + timedelta(minutes=15, seconds=2))
    assert (ended.status, b"Ann" in ended.body) == (403, False)


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        ("X-Amz-Expires=900", "X-Amz-Expires=9000"),
        ("index.html", "directory.json"),
        ("&X-Amz-Sig", "&x=1&X-Amz-Sig"),
    ],
)
def test_a_link_that_somebody_has_altered_opens_nothing(site: Site, part: str, instead: str) -> None:
    link = exports(site).link()
    assert part in link
    refused = site.bucket.opened(link.replace(part, instead))
    assert (refused.status, b"SignatureDoesNotMatch" in refused.body) == (403, True)


def objects_of_an_export() -> int:
    """How many a run writes where the schema stands."""
    site = Site(FakeConnect([agent("ann")]), policy("00-09"))
    site.run()
    site.connect.join(agent("bob"))
    site.bucket.wire.reset()
    site.run()
    return site.bucket.wire.requests["PutObject"]


@pytest.mark.guarantee(7)
@pytest.mark.parametrize("after", [False, True], ids=["refused", "answer lost"])
@pytest.mark.parametrize("nth", range(1, objects_of_an_export() + 1))
def test_whichever_object_fails_links_lead_to_a_whole_export_and_the_next_run_makes_up_for_it(
    site: Site, nth: int, after: bool
) -> None:
    fault = Fault("denied", after=after)
    site.bucket.wire.fault = lambda operation, count: (
        fault if operation == "PutObject" and count >= nth else None
    )
    site.clock.advance(hours=1)
    report = site.run()
    assert report.warnings[0].startswith("The directory could not be written")
    shown = page(site)
    assert "Ann" in shown
    # The last object makes the run's files current; where only its answer was lost they are.
    assert ("Bob" in shown) is (after and nth == objects_of_an_export())
    site.bucket.wire.fault = None
    site.clock.advance(hours=1)
    site.run()
    assert "Bob" in page(site)
    assert exports(site).exported_version()


def test_a_link_goes_to_the_current_page_when_the_copy_of_its_run_has_expired(site: Site) -> None:
    for key in [key for key in site.bucket.objects if key.startswith("history/")]:
        del site.bucket.objects[key]
    assert "Ann" in page(site)


def test_without_an_export_there_is_no_link() -> None:
    with pytest.raises(Refused, match="There is no directory yet"):
        exports(Site()).link()


def test_while_the_bucket_does_not_answer_there_is_no_link_and_it_is_named(site: Site) -> None:
    site.bucket.wire.fault = lambda operation, nth: Fault("failing")
    with pytest.raises(Unavailable, match="EXPORT_BUCKET"):
        exports(site).link()


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "af-south-1"])
def test_a_link_leads_to_the_buckets_own_host_in_its_region(
    region: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    client = site.bucket.wire.attach(aws_client("s3", region), Process())
    link = urlsplit(S3Exports(client, BUCKET, 15).link())
    assert link.netloc == f"{BUCKET}.s3.{region}.amazonaws.com"
    query = parse_qs(link.query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert f"/{region}/s3/" in query["X-Amz-Credential"][0]
    assert query["X-Amz-Expires"] == ["900"]


def put(site: Site, body: bytes) -> None:
    """Put a file in the place of the exported directory."""
    site.bucket.client().put_object(Bucket=BUCKET, Key=DIRECTORY_JSON, Body=body)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"version":"v"}', b'{"entries":[{"extension":7}],"version":"v","at":""}', b"\xff"],
    ids=["empty", "cut off", "no entries", "a number that is no text", "no UTF-8"],
)
def test_an_export_that_nobody_can_read_counts_as_none(site: Site, body: bytes) -> None:
    put(site, body)
    assert exports(site).exported_directory() is None


def test_an_export_with_what_a_later_version_adds_is_read(site: Site) -> None:
    body = site.bucket.objects[DIRECTORY_JSON].body
    body = body.replace(b'{"extension"', b'{"new":{"x":[1]},"extension"', 1)
    put(site, body.replace(b'"version"', b'"later":null,"version"', 1))
    directory = exports(site).exported_directory()
    assert directory
    assert [entry.name for entry in directory.entries] == ["Ann"]


@pytest.mark.guarantee(7)
@pytest.mark.parametrize("key", [DIRECTORY_XLSX, DIRECTORY_VCF])
def test_every_file_that_is_handed_out_counts_for_a_whole_export(site: Site, key: str) -> None:
    """A run that lost its lease may have written an old workbook or old cards last."""
    site.run()
    assert exports(site).exported_version()
    body, headers = site.bucket.objects[key]
    site.bucket.objects[key] = Stored(body, {**headers, "x-amz-meta-version": "older"})
    assert exports(site).exported_version() == ""


def test_an_export_says_what_moment_it_is_of(site: Site) -> None:
    assert exports(site).exported_at() == iso(site.clock.now)
    assert exports(Site()).exported_at() == ""
