#!/usr/bin/env bash
# csv-parse 7.0.3 (npm) with `cast_date: true`, on Node 20: "Team 5", "Support 7" and "Tier 1" become days of May,
# July and January 2001, "Room 40" New Year 2040, and "03.05.2026" the fifth of March. It asks `Date.parse`, which
# in V8 passes over words that it does not know and takes the number for a month or a year. A directory whose teams
# or rooms end in a number loses these names, while "Sales" stays, so that one column holds both. A `cast` of one's
# own, by column, is the way round.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts csv-parse@7.0.3 >/dev/null
cat >read.mjs <<'JS'
import { parse } from "csv-parse/sync";

const cells = ["Team 5", "Support 7", "Tier 1", "Room 40", "03.05.2026", "Sales", "Level 2, North"];
const read = parse(cells.map(cell => `"${cell}",x`).join("\r\n"), { cast: true, cast_date: true });
const day = cell => (cell instanceof Date ? `date ${cell.getFullYear()}-${cell.getMonth() + 1}-${cell.getDate()}` : cell);
read.forEach(([cell], at) => console.log(`${cells[at]}: ${day(cell)}`));
JS
TZ=UTC node read.mjs | tee read.txt
[ "$(cat read.txt)" = "Team 5: date 2001-5-1
Support 7: date 2001-7-1
Tier 1: date 2001-1-1
Room 40: date 2040-1-1
03.05.2026: date 2026-3-5
Sales: Sales
Level 2, North: Level 2, North" ]
