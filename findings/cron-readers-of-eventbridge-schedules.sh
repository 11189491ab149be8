#!/usr/bin/env bash
# EventBridge's cron has six fields, the last of which is the year, and counts weekdays from SUN = 1 ("Schedule types",
# EventBridge Scheduler user guide): `cron(0 9 ? * 2 *)` is Mondays at 9:00. Three readers of cron take it without an
# error and read three other times. cronstrue sees the year but says Tuesday. cron-parser takes the first field for
# seconds: nine minutes past each hour in February. croniter takes the year for seconds: every second of Tuesdays' 9:00.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts cronstrue@3.39.0 cron-parser@5.10.6 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check croniter==7.0.0 2>/dev/null
cat >read.mjs <<'NODE'
import { createRequire } from "module";
const require = createRequire(import.meta.url);
const said = require("cronstrue").toString("0 9 ? * 2 *");
const times = require("cron-parser").CronExpressionParser.parse("0 9 ? * 2 *", { currentDate: "2026-12-01T00:00:00Z", tz: "UTC" });
const next = [times.next(), times.next()].map(time => time.toISOString());
console.log("cronstrue:", said);
console.log("cron-parser:", next.join(" "));
if (said !== "At 09:00 AM, only on Tuesday") process.exit(1);
if (next.join(" ") !== "2027-02-01T00:09:00.000Z 2027-02-01T01:09:00.000Z") process.exit(1);
NODE
cat >read.py <<'PYTHON'
from datetime import datetime
from importlib.metadata import version

from croniter import croniter

times = croniter("0 9 ? * 2 *", datetime(2026, 12, 1))
found = [str(times.get_next(datetime)) for _ in range(2)]
print("croniter", version("croniter"), *found)
assert found == ["2026-12-01 09:00:00", "2026-12-01 09:00:01"], found  # a Tuesday
PYTHON
node read.mjs
venv/bin/python read.py
