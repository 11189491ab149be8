#!/usr/bin/env bash
# pandas 3.1.1: a workbook whose cells are text, and a JSON file whose values are strings, lose the zeros of
# "0042": both formats keep text apart from numbers, and `read_excel` (with openpyxl or calamine) and `read_json`
# make 42 of it. csvkit 2.2.0 (`in2csv`) does the same with both. polars 2.1.0 and tablib 3.10.0 leave text as it
# is. With `dtype=str` pandas reads all three rightly; in2csv has `--no-inference`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1 csvkit==2.2.0 polars==2.1.0 \
    "tablib[xlsx]==3.10.0" openpyxl==3.1.5 python-calamine==0.9.1 fastexcel==0.21.0 XlsxWriter==3.3.1 2>/dev/null
cd "$folder"
PATH="$folder/venv/bin:$PATH" "$folder/venv/bin/python" -W ignore - <<'PYTHON'
import json
import subprocess

import pandas
import polars
import tablib
import xlsxwriter

rows = [["extension", "name"], ["0042", "Ann Lee"], ["0007", "Bob Kim"]]
book = xlsxwriter.Workbook("text.xlsx")
sheet = book.add_worksheet("people")
for at, (extension, name) in enumerate(rows):
    sheet.write_string(at, 0, extension)
    sheet.write_string(at, 1, name)
book.close()
with open("text.json", "w", encoding="utf-8") as file:
    json.dump([dict(zip(rows[0], row)) for row in rows[1:]], file)


def in2csv(*asked):
    said = subprocess.run(["in2csv", *asked], capture_output=True, text=True, check=True).stdout
    return [line.split(",")[0] for line in said.split()[1::2]]


with open("text.xlsx", "rb") as file:
    by_tablib = tablib.Dataset().load(file, "xlsx")["extension"]
text, numbers = ["0042", "0007"], [42, 7]
seen = {
    "pandas, openpyxl": (pandas.read_excel("text.xlsx", engine="openpyxl").extension.tolist(), numbers),
    "pandas, calamine": (pandas.read_excel("text.xlsx", engine="calamine").extension.tolist(), numbers),
    "pandas, JSON": (pandas.read_json("text.json").extension.tolist(), numbers),
    "pandas, workbook, dtype=str": (pandas.read_excel("text.xlsx", dtype=str).extension.tolist(), text),
    "pandas, JSON, dtype=str": (pandas.read_json("text.json", dtype=str).extension.tolist(), text),
    "in2csv, workbook": (in2csv("text.xlsx"), ["42", "7"]),
    "in2csv, JSON": (in2csv("text.json"), ["42", "7"]),
    "polars, workbook": (polars.read_excel("text.xlsx")["extension"].to_list(), text),
    "polars, JSON": (polars.read_json("text.json")["extension"].to_list(), text),
    "tablib, workbook": (by_tablib, text),
}
for reader, (found, _) in seen.items():
    print(f"{reader}: {found}")
assert all(found == expected for found, expected in seen.values()), "changed"
PYTHON
