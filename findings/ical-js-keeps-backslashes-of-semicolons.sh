#!/usr/bin/env bash
# ical.js 2.2.1 (Nextcloud's reader of vCards): in a vCard 3.0 it takes the backslash from `\,` in FN and NOTE,
# and leaves it in `\;`. The grammar of RFC 2426 has both escaped in every text value (`ESCAPED-CHAR`), so a card
# that is right shows "Doe\; Jane" to people. In N, whose parts are separated by semicolons, both are read rightly.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts ical.js@2.2.1 >/dev/null
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const card = [
  "BEGIN:VCARD", "VERSION:3.0", "FN:Doe\\, Jane\\; Dr", "N:Doe\\; Roe;Jane\\, Ann;;;", "NOTE:a\\, b\\; c", "END:VCARD", "",
].join("\r\n");
const read = new ICAL.Component(ICAL.parse(card));
const found = ["fn", "n", "note"].map(name => read.getFirstPropertyValue(name));
const { version } = JSON.parse(readFileSync("node_modules/ical.js/package.json"));
console.log(`ical.js ${version}: ${JSON.stringify(found)}`);
const expected = ["Doe, Jane\\; Dr", ["Doe; Roe", "Jane, Ann", "", "", ""], "a, b\\; c"];
process.exit(JSON.stringify(found) === JSON.stringify(expected) ? 0 : 1);
JS
node read.mjs
