#!/usr/bin/env bash
# The model of Amazon Connect in botocore 1.44 gives PhoneNumber, which is E.164, the pattern `\\+[1-9]\\d{1,14}$`. As a
# regular expression that is backslashes, a digit, a backslash and up to 14 letters d: no phone number matches it. The pattern of
# Password has the slashes of another language around it. botocore checks no patterns; programs that make code, checks or test
# data from its models do.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8 2>/dev/null
cat >read.py <<'PYTHON'
import re

import botocore
import botocore.session

connect = botocore.session.get_session().get_service_model("connect")
phone = connect.shape_for("PhoneNumber").metadata["pattern"]
password = connect.shape_for("Password").metadata["pattern"]
print("botocore", botocore.__version__, "PhoneNumber", phone, "Password", password)
assert not re.search(phone, "+12065550100")
assert re.search(phone.replace("\\\\", "\\"), "+12065550100")
assert not re.search(password, "Secret-12345")
assert re.search(password.strip("/"), "Secret-12345")
PYTHON
venv/bin/python read.py
