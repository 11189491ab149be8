#!/usr/bin/env bash
# dateparser 1.5 reads dates in German, and `17:00 Uhr` as a time. `15 Uhr`, the plain way to say three in the afternoon,
# is the 15th of the month, `8.12. 15 Uhr` is in the year 2015, and `8.12.`, a date as Germans write it without a
# year, is twelve minutes past eight today. Spanish `a las 5` is the 5th. So `until 15 Uhr` would end two weeks late.
# parsedatetime takes `17h` for a span: it ends at three in the night after next.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check dateparser==1.5.0 parsedatetime==2.6 2>/dev/null
cat >read.py <<'PYTHON'
from datetime import datetime
from importlib.metadata import version

import dateparser
import parsedatetime

NOW = datetime(2026, 12, 1, 10)
WANTED = {
    ("de", "15 Uhr"): "2026-12-15 00:00",
    ("de", "8.12. 15 Uhr"): "2015-12-08 00:00",
    ("de", "8.12."): "2026-12-01 08:12",
    ("es", "a las 5"): "2026-12-05 00:00",
}
print("dateparser", version("dateparser"), "at", NOW)
for (language, text), seen in WANTED.items():
    found = dateparser.parse(text, languages=[language], settings={"RELATIVE_BASE": NOW})
    print(f"  {text!r} -> {found:%Y-%m-%d %H:%M}")
    assert f"{found:%Y-%m-%d %H:%M}" == seen, (text, found)
found, _ = parsedatetime.Calendar().parseDT("17h", sourceTime=NOW)
print("parsedatetime", version("parsedatetime"), "'17h' ->", found)
assert found == datetime(2026, 12, 2, 3), found
PYTHON
venv/bin/python read.py
