#!/usr/bin/env bash
# markdown-to-mrkdwn 0.3.3 and md2mrkdwn 0.4.5 (PyPI) make italics of telephone star codes: "press *72 then *73" comes
# out as "press _72 then _73". In CommonMark a star after a blank can't close emphasis, so the text has none, and
# slackify-markdown 4.5.0 (npm) leaves it. markdown-to-mrkdwn does the same inside a code span, which is meant to be
# kept as it is. Who is told by a bot which keys to press is told wrong ones.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts slackify-markdown@4.5.0 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check markdown-to-mrkdwn==0.3.3 md2mrkdwn==0.4.5 2>/dev/null
cat >read.mjs <<'JS'
import slackify from "slackify-markdown";

const convert = slackify.slackifyMarkdown ?? slackify.default ?? slackify;
for (const text of ["press *72 then *73", "`*72*`"]) console.log("slackify-markdown:", convert(text).trim());
JS
{
    node read.mjs
    venv/bin/python - <<'PYTHON'
import md2mrkdwn
from markdown_to_mrkdwn import SlackMarkdownConverter

for text in ("press *72 then *73", "`*72*`"):
    print("markdown-to-mrkdwn:", SlackMarkdownConverter().convert(text).strip())
    print("md2mrkdwn:", md2mrkdwn.convert(text).strip())
PYTHON
} | tee seen.txt
[ "$(cat seen.txt)" = 'slackify-markdown: press *72 then *73
slackify-markdown: `*72*`
markdown-to-mrkdwn: press _72 then _73
md2mrkdwn: press _72 then _73
markdown-to-mrkdwn: `_72_`
md2mrkdwn: `*72*`' ]
