#!/usr/bin/env bash
# es-hangul 2.4.0: `romanize` writes 26 of 29 words as South Korea's romanization standard (2000, chapters 2 and
# 3) prints them, among them sound changes that other packages leave out. It takes the h from two: 묵호 is "muko"
# and 집현전 "jipyeonjeon", where the standard keeps ㅎ after ㄱ, ㄷ, ㅂ in nouns, as people's given names are. And 신문로
# is "sinmullo". Beside it, korean-romanizer 0.28.0 (PyPI), by the same examples, has both right and changes no
# sound at a seam of syllables: 독립문 is "dokripmun", not "dongnimmun".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts es-hangul@2.4.0 >/dev/null
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check korean-romanizer==0.28.0 2>/dev/null
cat >standard.txt <<'WORDS'
구미 gumi
영동 yeongdong
백암 baegam
옥천 okcheon
합덕 hapdeok
호법 hobeop
월곶 wolgot
벚꽃 beotkkot
한밭 hanbat
구리 guri
설악 seorak
칠곡 chilgok
임실 imsil
울릉 ulleung
대관령 daegwallyeong
백마 baengma
신문로 sinmunno
종로 jongno
왕십리 wangsimni
별내 byeollae
신라 silla
독립문 dongnimmun
학여울 hangnyeoul
알약 allyak
해돋이 haedoji
같이 gachi
맞히다 machida
묵호 mukho
집현전 jiphyeonjeon
WORDS
cat >read.mjs <<'JS'
import { readFileSync } from "node:fs";
import { romanize } from "es-hangul";

for (const line of readFileSync("standard.txt", "utf8").trim().split("\n")) {
  const [word, right] = line.split(" ");
  if (romanize(word) !== right) console.log(word, right, romanize(word));
}
JS
node read.mjs >es-hangul.txt
venv/bin/python - >korean-romanizer.txt <<'PYTHON'
from pathlib import Path

from korean_romanizer.romanizer import Romanizer

for line in Path("standard.txt").read_text(encoding="utf-8").split("\n")[:-1]:
    word, right = line.split()
    said = Romanizer(word).romanize()
    if said != right:
        print(word, right, said)
PYTHON
for each in es-hangul korean-romanizer; do echo "$each differs from the standard:"; cat "$each.txt"; done
[ "$(cat es-hangul.txt)" = "신문로 sinmunno sinmullo
묵호 mukho muko
집현전 jiphyeonjeon jipyeonjeon" ]
grep -q "독립문 dongnimmun dokripmun" korean-romanizer.txt && ! grep -q "묵호\|집현전" korean-romanizer.txt
