#!/usr/bin/env bash
# jaconv 0.5.0, `kana2alphabet`: most syllables for foreign names are read by their large kana, so ティナ (Tina) is
# "teina", ジェーン (Jane) "jie-n", チェン (Chen) "chien", ウィル (Will) "uiru", シェリー (Sherry) "shieri-"; フェ and ジョ are
# joined. A ん before a vowel gets no apostrophe: ジュンイチ (Jun'ichi) and ジュニチ are both "junichi". romkan 0.2.1 reads
# each of them as people write them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jaconv==0.5.0 romkan==0.2.1 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import jaconv
import romkan

names = ("ティナ", "ジェーン", "チェン", "ウィル", "シェリー", "フェイ", "ジョン", "ジュンイチ", "ジュニチ")
ours = [jaconv.kana2alphabet(jaconv.kata2hira(name)) for name in names]
theirs = [romkan.to_hepburn(name) for name in names]
print("jaconv", version("jaconv"), "· romkan", version("romkan"))
for name, one, other in zip(names, ours, theirs):
    print(f"  {name}: {one} · {other}")
assert ours == ["teina", "jie-n", "chien", "uiru", "shieri-", "fei", "jon", "junichi", "junichi"]
assert theirs == ["tina", "je-n", "chen", "wiru", "sheri-", "fei", "jon", "jun'ichi", "junichi"]
PYTHON
