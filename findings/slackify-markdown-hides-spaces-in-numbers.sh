#!/usr/bin/env bash
# slackify-markdown makes Slack's mrkdwn of Markdown. Around what is bold or italic it puts zero-width spaces (U+200B), which
# nobody sees: of "**7228**" a colleague who copies the number from the message may copy one with it, and a
# search for the copied text, or a dial pad's paste, finds nothing. Plain numbers and those in code have none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts slackify-markdown@4.5.0 >/dev/null
cat >read.mjs <<'NODE'
import { createRequire } from "module";
const loaded = createRequire(import.meta.url)("slackify-markdown");
const slackify = loaded.slackifyMarkdown ?? loaded.default ?? loaded;
const made = ["Jane: **7228**", "Jane: *7228*", "Jane: `7228`", "Jane: 7228"].map(text => slackify(text).trim());
console.log(made.map(text => JSON.stringify(text).replace(/\u200b/g, "\\u200b")).join("\n"));
if (made.map(text => text.split("\u200b").length - 1).join() !== "2,2,0,0") process.exit(1);
NODE
node read.mjs
