#!/usr/bin/env bash
# nameparser 2.6.0: the V of "Sai Kumar V" is read as "the fifth", though in South India a trailing letter stands
# for the father's or the family's name; Vi in "Kai Vi" and MA in "Jane MA" are suffixes too, and these two people
# have no last name. "Prince Okafor" is a title and the first name Okafor. Ma, Do, Van and Bin before or after
# another name are read as names. Whoever splits one field into two loses such people's family names.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nameparser==2.6.0 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from nameparser import HumanName

names = ("Sai Kumar V", "Kai Vi", "Jane MA", "Prince Okafor", "Wei Ma", "Anh Do", "Van Nguyen", "Bin Chen")
parts = {name: {part: text for part, text in HumanName(name).as_dict().items() if text} for name in names}
print("nameparser", version("nameparser"))
for name, found in parts.items():
    print(f"  {name}: {found}")
assert list(parts.values()) == [
    {"first": "Sai", "last": "Kumar", "suffix": "V"},
    {"first": "Kai", "suffix": "Vi"},
    {"first": "Jane", "suffix": "MA"},
    {"title": "Prince", "first": "Okafor"},
    {"first": "Wei", "last": "Ma"},
    {"first": "Anh", "last": "Do"},
    {"first": "Van", "last": "Nguyen"},
    {"first": "Bin", "last": "Chen"},
]
PYTHON
