#!/usr/bin/env bash
# Address books write the pause before an extension as `p` or `w` (3GPP TS 31.102 has pause and wait as dialling
# characters; Android's dialler shows them as `,` and `;`). phonenumbers 9 reads a comma, a semicolon and `x` as the
# beginning of an extension. After `p` and `w` it takes the digits for more of the number, without an error:
# +1 206 555 0100 with extension 7001 becomes +120655501007001. libphonenumber-js refuses the same text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check phonenumbers==9.0.43 2>/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts libphonenumber-js@1.13.16 >/dev/null
cat >read.py <<'PYTHON'
import phonenumbers

read = {}
for mark in (",", ";", "x", "p", "w"):
    number = phonenumbers.parse(f"+12065550100{mark}7001")
    read[mark] = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), number.extension
    print(f"phonenumbers {phonenumbers.__version__}: +12065550100{mark}7001 -> {read[mark]}")
apart, glued = ("+12065550100", "7001"), ("+120655501007001", None)
assert read == {",": apart, ";": apart, "x": apart, "p": glued, "w": glued}, read
PYTHON
cat >read.mjs <<'NODE'
import parse from "libphonenumber-js";
const read = [",", ";", "x", "p", "w"].map(mark => parse(`+12065550100${mark}7001`)?.ext ?? "refused");
console.log("libphonenumber-js:", read.join(" "));
if (read.join(" ") !== "7001 7001 7001 refused refused") process.exit(1);
NODE
venv/bin/python read.py
node read.mjs
