#!/usr/bin/env bash
# cyrtranslit 1.2.0, Russian: a capital that needs two or three Latin letters gets them all as capitals, so names
# begin Шубин -> "SHubin", Жуков -> "ZHukov", Щербаков -> "SHHerbakov", while Юлия and Яков come out as "Yuliya"
# and "Yakov". A search that cuts words at changes of case, and whatever shows the name, sees SH + ubin. Ukrainian
# ("ua") and Serbian ("sr") use one letter with a sign there and are not concerned.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cyrtranslit==1.2.0 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import cyrtranslit

names = ("Шубин", "Жуков", "Чехов", "Щербаков", "Цой", "Юлия", "Яков", "Хрущёв")
seen = {name: cyrtranslit.to_latin(name, "ru") for name in names}
print("cyrtranslit", version("cyrtranslit"), seen)
assert seen == {
    "Шубин": "SHubin",
    "Жуков": "ZHukov",
    "Чехов": "CHehov",
    "Щербаков": "SHHerbakov",
    "Цой": "CZoj",
    "Юлия": "Yuliya",
    "Яков": "Yakov",
    "Хрущёв": "Hrushhyov",
}
assert cyrtranslit.to_latin("Щербак", "ua") == "Ščerbak"
PYTHON
