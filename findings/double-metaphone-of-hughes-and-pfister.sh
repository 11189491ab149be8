#!/usr/bin/env bash
# Double Metaphone is one published algorithm, and its ports differ on ordinary surnames. Metaphone 0.6 (PyPI)
# gives Hughes "HHS", so that its key is not the one of Hewes, "HS": it leaves out the rule that makes GH silent
# after H and a vowel ("Parker's rule", as in Hugh). natural 8.1.1 (npm) drops the S of Pfister, "PFTR". phonetics
# 1.0.5 and DoubleMetaphone 1.2 (PyPI) and double-metaphone 2.0.1 (npm) agree on both. Keys of one port can't be
# compared with those of another.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts natural@8.1.1 double-metaphone@2.0.1 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Metaphone==0.6 phonetics==1.0.5 DoubleMetaphone==1.2 2>/dev/null
cat >keys.mjs <<'JS'
import { doubleMetaphone } from "double-metaphone";
import natural from "natural";

const names = ["Hughes", "Hewes", "Pfister", "Lester"];
const ported = new natural.DoubleMetaphone();
console.log("natural", names.map(name => ported.process(name)[0]).join(" "));
console.log("double-metaphone", names.map(name => doubleMetaphone(name)[0]).join(" "));
JS
{
    DOTENV_CONFIG_QUIET=true node keys.mjs
    venv/bin/python - <<'PYTHON'
import doublemetaphone
import metaphone
import phonetics

names = ("Hughes", "Hewes", "Pfister", "Lester")
print("Metaphone", *(metaphone.doublemetaphone(name)[0] for name in names))
print("phonetics", *(phonetics.dmetaphone(name)[0] for name in names))
print("DoubleMetaphone", *(doublemetaphone.doublemetaphone(name)[0] for name in names))
PYTHON
} | tee keys.txt
[ "$(cat keys.txt)" = "natural HS HS PFTR LSTR
double-metaphone HS HS PFSTR LSTR
Metaphone HHS HS PFSTR LSTR
phonetics HS HS PFSTR LSTR
DoubleMetaphone HS HS PFSTR LSTR" ]
