"""The S3 keys of the current files and their media types. Light, since the Slack function imports it."""

from __future__ import annotations

from enum import StrEnum

DIRECTORY_CSV = "directory/agent_extensions.csv"
DIRECTORY_JSON = "directory/directory.json"
DIRECTORY_SCHEMA = "directory/directory.schema.json"
DIRECTORY_XLSX = "directory/agent_extensions.xlsx"
DIRECTORY_VCF = "directory/agent_extensions.vcf"
INDEX_HTML = "directory/index.html"

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "vcf": "text/vcard; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Format(StrEnum):
    """The forms of the directory that a person can ask for: `/ext directory xlsx`."""

    PAGE = "page"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    VCARD = "vcard"


KEYS = {
    Format.PAGE: INDEX_HTML,
    Format.CSV: DIRECTORY_CSV,
    Format.XLSX: DIRECTORY_XLSX,
    Format.JSON: DIRECTORY_JSON,
    Format.VCARD: DIRECTORY_VCF,
}


def content_type(key: str) -> str:
    """The media type of a file, by the end of its key."""
    return _TYPES[key.rpartition(".")[2]]
