#!/usr/bin/env bash
# transliterate 1.10.2, `translit(name, "el", reversed=True)`: a Greek name that begins with an accented vowel
# keeps that letter as it is (Άννα -> "Άnna", whose first letter is still U+0386), and a plain Η becomes a small i
# (Ηλίας -> "ilias"). Of ου it makes "oy" and of αυ "ay": Παπαδοπούλου is "Papadopoyloy". Whoever asks in Latin
# letters can't type the first kind.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check transliterate==1.10.2 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from transliterate import translit

print("transliterate", version("transliterate"))
seen = {name: translit(name, "el", reversed=True) for name in (
    "Άννα", "Έλλη", "Ήρα", "Ίρις", "Όλγα", "Ύδρα", "Ώρα", "Άγγελος", "Ηλίας", "Παπαδοπούλου", "Σταύρος", "Ελένη",
)}  # fmt: skip
for name, latin in seen.items():
    print(f"  {name}: {latin}{'' if latin.isascii() else '  (holds ' + ascii(latin[0]) + ')'}")
assert [name for name, latin in seen.items() if not latin.isascii()] == [
    "Άννα", "Έλλη", "Ήρα", "Ίρις", "Όλγα", "Ύδρα", "Ώρα", "Άγγελος",
]  # fmt: skip
assert (seen["Ηλίας"], seen["Παπαδοπούλου"], seen["Σταύρος"]) == ("ilias", "Papadopoyloy", "Stayros")
assert seen["Ελένη"] == "Eleni"
PYTHON
