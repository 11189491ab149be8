"""Attributes of rows that can't be read: readers pass over them, and the doctor names them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import msgspec

from core.aws.name_rows import LIST, listed_digests
from core.aws.reports import LINES
from core.aws.row_keys import FORWARDS, Key, forwards_of
from core.aws.rows import (
    FAILURE,
    FORMER,
    LEASE,
    REPORT,
    SUMMARY,
    Item,
    is_history,
    is_lost,
    past_of_number,
    text_of,
    withheld_key,
)
from core.models import HistoryEntry, Report, as_iso

# A check of one attribute, as DynamoDB gives it.
_Check = Callable[[Mapping[str, Any]], bool]


def odd_attributes(item: Item) -> list[str]:
    """The attributes of a row that this version can't read whole; none for a row that is not known.

    A kind of change that is not known is read as another one, and a field that is not known passed over:
    neither is odd.
    """
    key = text_of(item, "pk"), text_of(item, "sk")
    if key == FORWARDS:
        return _odd_forwards(item)
    checks = _checks(item) or _RECORDS.get(key, {})
    if checks.keys() == set(LINES) and not item.keys() & checks.keys():
        return [LINES[0]]
    return [name for name, right in checks.items() if name in item and not right(item[name])]


def _odd_forwards(item: Item) -> list[str]:
    texts = {name: text_of(item, name) for name in item.keys() - {"pk", "sk", "sk_value", "ttl"}}
    return sorted(texts.keys() - forwards_of(texts).keys())


def _checks(item: Item) -> Mapping[str, _Check]:
    pk = text_of(item, "pk")
    if is_history(item) or pk == FORMER:
        return _TEXTS
    if pk.startswith(past_of_number("")) or is_lost((pk, "")):
        return _LISTS
    return _WAITING if pk.startswith(withheld_key("", 0)[0]) else {}


def _is_json(kind: Any, value: Mapping[str, Any]) -> bool:
    try:
        msgspec.json.decode(value.get("S", ""), type=kind)
    except msgspec.DecodeError:
        return False
    return True


def _is_list_of_lines(value: Mapping[str, Any]) -> bool:
    return "L" in value and all(_is_json(HistoryEntry, line) for line in value["L"])


def _is_time(value: Mapping[str, Any]) -> bool:
    return bool(as_iso(value.get("S", "")))


def _is_count(value: Mapping[str, Any]) -> bool:
    return str(value.get("S", value.get("N", ""))).isdecimal()


def _are_digests(value: Mapping[str, Any]) -> bool:
    return listed_digests(value) is not None


_TEXTS: Mapping[str, _Check] = dict.fromkeys(LINES, partial(_is_json, list[HistoryEntry]))
_LISTS: Mapping[str, _Check] = dict.fromkeys(LINES, _is_list_of_lines)
_WAITING = {**_TEXTS, "total": _is_count}
_RECORDS: Mapping[Key, Mapping[str, _Check]] = {
    LEASE: {"token": _is_count, "lease_until": _is_time},
    REPORT: dict.fromkeys(("report", "later"), partial(_is_json, Report)),
    FAILURE: {"at": _is_time},
    SUMMARY: {"until": _is_time, "waits": _is_time},
    LIST: {"rows": _are_digests},
}
