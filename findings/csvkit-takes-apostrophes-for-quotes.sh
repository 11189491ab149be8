#!/usr/bin/env bash
# csvkit 2.2.0: a valid CSV (RFC 4180) of two lines, in which one cell is "Rock 'n' Roll" in double quotes, is read
# with the apostrophe as its quote and the blank as its separator: the header becomes one column, the row three, and
# csvjson stops. The dialect is guessed by default, by the csv.Sniffer of Python, which takes every ' between two blanks
# for a quote and does not know that it stands inside a quoted cell. Two other quoted cells in a row outvote it;
# `--snifflimit 0` reads every such file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check csvkit==2.2.0 2>/dev/null
cd "$folder"
file() { printf 'user,extension,name,team\r\nann@x.example,7000,%s,"Rock '"'n'"' Roll"\r\n' "$1"; }
file 'Ann Lee' >bare.csv
file '"Ann Lee"' >quoted.csv
right='[{"user": "ann@x.example", "extension": "7000", "name": "Ann Lee", "team": "Rock '"'n'"' Roll"}]'
read_by() { venv/bin/csvjson --no-inference "$@" 2>&1 | tail -n 1 || true; }
guessed=$(read_by bare.csv)
told=$(read_by --snifflimit 0 bare.csv)
outvoted=$(read_by quoted.csv)
venv/bin/csvjson --version
printf 'guessed:  %s\ntold:     %s\noutvoted: %s\n' "$guessed" "$told" "$outvoted"
[ "$told" = "$right" ] && [ "$outvoted" = "$right" ] && [[ "$guessed" == ValueError* ]]
