"""Everything that the tests have the bot say, as TypeScript whose types are Slack's own (`@slack/types`).

python -m tests.infra.slack_types FILE.ts [TESTS ...]    run the tests, write what was said to the file
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bot.slack.limits import CHECKED

Json = dict[str, Any]

TESTS = ("tests/bot/messages", "tests/bot/listeners")
# KnownBlock and not AnyBlock, which takes whatever has a `type`.
HEAD = """import type { HomeView, KnownBlock, ModalView } from '@slack/types';

type Known<View> = Omit<View, 'blocks'> & { blocks: KnownBlock[] };
"""
_VIEWS = {"home": "Known<HomeView>", "modal": "Known<ModalView>"}
# Words decide no type, so that one of a shape stands for all of it.
_WORDS = {"text", "alt_text", "value", "accessibility_label", "private_metadata", "url", "initial_value"}


def typed(checked: dict[str, list[Json]]) -> Iterator[str]:
    """One typed constant for each block and view, each shape once."""
    blocks = [block for sent in checked["message"] for block in sent.get("blocks", [])]
    blocks += [block for view in checked["view"] for block in view["blocks"]]
    yield HEAD
    for number, block in enumerate(shapes(blocks)):
        yield f"export const block{number}: KnownBlock = {json.dumps(block)};"
    views = [view | {"blocks": []} for view in checked["view"]]
    for number, view in enumerate(shapes(views)):
        yield f"export const view{number}: {_VIEWS[view['type']]} = {json.dumps(view)};"


def shapes(found: Iterable[Json]) -> list[Json]:
    """The values that differ in more than words, in a steady order."""
    return [each for _, each in sorted({json.dumps(shape(each)): each for each in found}.items())]


def shape(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: shape(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return "" if key in _WORDS else value


def main() -> int:
    """Run the tests, and write the file. The exit code is that of the tests."""
    target, tests = Path(sys.argv[1]), sys.argv[2:] or TESTS
    code = pytest.main(["-q", "-p", "no:cacheprovider", *tests])
    target.write_text("\n".join(typed(CHECKED)) + "\n", encoding="utf-8")
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
