#!/usr/bin/env bash
# The U.S. National Archives prints how its Soundex codes Ashcraft (A261), Pfister (P236), Tymczak (T522) and
# Lloyd (L300). jellyfish 1.3.0 gives these. pyphonetics 0.5.3 codes a letter that sounds as the first one does
# once more (P123, L430); phonetics 1.0.5 does too, writes a 0 for each vowel and cuts nothing (P102306); natural
# 8.1.1 (npm) takes h for a vowel, A226. Two tables that were indexed by different packages don't find each
# other's people.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts natural@8.1.1 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check jellyfish==1.3.0 pyphonetics==0.5.3 phonetics==1.0.5 2>/dev/null
cat >codes.mjs <<'JS'
import natural from "natural";

const soundex = new natural.SoundEx();
console.log("natural", ["Ashcraft", "Pfister", "Tymczak", "Lloyd"].map(name => soundex.process(name)).join(" "));
JS
{
    DOTENV_CONFIG_QUIET=true node codes.mjs
    venv/bin/python - <<'PYTHON'
import jellyfish
import phonetics
from pyphonetics import Soundex

names = ("Ashcraft", "Pfister", "Tymczak", "Lloyd")
print("jellyfish", *map(jellyfish.soundex, names))
print("pyphonetics", *map(Soundex().phonetics, names))
print("phonetics", *map(phonetics.soundex, names))
PYTHON
} | tee codes.txt
[ "$(cat codes.txt)" = "natural A226 P236 T522 L300
jellyfish A261 P236 T522 L300
pyphonetics A261 P123 T522 L430
phonetics A2026013 P102306 T05202 L403" ]
