#!/usr/bin/env bash
# pyexcel 0.7.6 (pyexcel-io 0.6.8): a CSV's column of extensions comes back half as text and half as numbers: it
# leaves a cell with a leading zero alone ("0042" stays text) and makes an integer of the next ("7001"), so that a
# join, a sort or a comparison of the column fails or misses people. Workbooks, whose cells say what they are, are
# read as they are. `auto_detect_int=False` alone makes 7001.0 of it; with `auto_detect_float=False` beside it all
# is text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyexcel==0.7.6 pyexcel-io==0.6.8 2>/dev/null
cd "$folder"
printf 'user,extension\r\nann,0042\r\nbob,7001\r\ncy,0600\r\n' >people.csv
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pyexcel

guessed = [row["extension"] for row in pyexcel.get_records(file_name="people.csv")]
floats, as_text = (
    [row["extension"] for row in pyexcel.get_records(file_name="people.csv", auto_detect_int=False, **more)]
    for more in ({}, {"auto_detect_float": False})
)
print("pyexcel", version("pyexcel"), "guessed:", guessed, "no int:", floats, "no float either:", as_text)
assert guessed == ["0042", 7001, "0600"]
print("sorted:", end=" ")
try:
    print(sorted(guessed))
except TypeError as error:
    print(error)
else:
    raise SystemExit("changed")
assert floats == ["0042", 7001.0, "0600"]
assert as_text == ["0042", "7001", "0600"]
PYTHON
