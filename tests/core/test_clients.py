"""Clients of AWS: where they ask."""

from __future__ import annotations

import pytest

from core.aws.clients import aws_client


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def link() -> str:
    client = aws_client("s3", "eu-central-1")
    signed: str = client.generate_presigned_url(
        "get_object", Params={"Bucket": "exports", "Key": "index.html"}
    )
    return signed.partition("?")[0]


def test_links_lead_to_the_buckets_own_host_in_its_region() -> None:
    assert link() == "https://exports.s3.eu-central-1.amazonaws.com/index.html"


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_another_s3_may_be_given_by_the_name_of_its_host(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "http://minio:9000")
    assert link() == "http://minio:9000/exports/index.html"
