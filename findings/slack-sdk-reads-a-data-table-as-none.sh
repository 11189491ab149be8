#!/usr/bin/env bash
# slack_sdk 3.47.0: `Block.parse_all` makes None of a block whose type it has no class for (`data_table`, which
# Slack takes), in the place of the block, with no error, and it drops fields of blocks that it knows: `border` of
# a quote in rich text, `unsafe` of a link. Blocks that were right, read and sent on, are then a list that Slack
# refuses, or say less.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check slack-sdk==3.47.0 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
from slack_sdk.models.blocks import Block
from slack_sdk.version import __version__

table = {
    "type": "data_table",
    "caption": "Extensions",
    "rows": [[{"type": "raw_text", "text": "Name"}], [{"type": "raw_text", "text": "Ann Lee"}]],
}
words = [{"type": "text", "text": "Ann"}, {"type": "link", "url": "https://e.example", "unsafe": False}]
quote = {"type": "rich_text", "elements": [{"type": "rich_text_quote", "border": 1, "elements": words}]}
read = Block.parse_all([{"type": "divider"}, table, quote])
again = read[2].to_dict()["elements"][0]
print("slack_sdk", __version__, [each and each.type for each in read], again)
assert read[1] is None and [each.type for each in (read[0], read[2])] == ["divider", "rich_text"]
assert "border" not in again
assert again["elements"] == [words[0], {"type": "link", "url": "https://e.example"}]
PYTHON
