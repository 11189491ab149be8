#!/usr/bin/env bash
# libphonenumber's ports know "int 7001", "доб. 7001" and "anexo 7001" as extensions, and not the German "Nst."
# (Nebenstelle): phonenumbers 9.0.43 (PyPI) takes its letters for keys, 678, and makes one number of 17 digits
# with no extension. google-libphonenumber 3.2.47 (npm) answers 6787000 at its end where 6787001 was keyed: its
# `getNationalNumber` is a double. libphonenumber-js 1.13.16 (npm) refuses it. Check `is_valid`, not only that
# parsing went well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts google-libphonenumber@3.2.47 libphonenumber-js@1.13.16 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check phonenumbers==9.0.43 2>/dev/null
cat >read.cjs <<'JS'
const { PhoneNumberUtil } = require("google-libphonenumber");
const { parsePhoneNumberFromString } = require("libphonenumber-js");

for (const text of ["+12065550100 int 7001", "+12065550100 Nst. 7001"]) {
  const read = PhoneNumberUtil.getInstance().parse(text, "US");
  console.log("google-libphonenumber:", read.getNationalNumber(), read.getExtension() || "none");
  console.log("libphonenumber-js:", parsePhoneNumberFromString(text, "US")?.ext ?? "refused");
}
JS
{
    node read.cjs
    venv/bin/python - <<'PYTHON'
import phonenumbers

for text in ("+12065550100 int 7001", "+12065550100 Nst. 7001"):
    read = phonenumbers.parse(text, "US")
    print("phonenumbers:", read.national_number, read.extension, phonenumbers.is_valid_number(read))
PYTHON
} | tee read.txt
[ "$(cat read.txt)" = "google-libphonenumber: 2065550100 7001
libphonenumber-js: 7001
google-libphonenumber: 20655501006787000 none
libphonenumber-js: refused
phonenumbers: 2065550100 7001 True
phonenumbers: 20655501006787001 None False" ]
