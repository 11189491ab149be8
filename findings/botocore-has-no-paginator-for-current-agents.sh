#!/usr/bin/env bash
# Amazon Connect's GetCurrentUserData, which tells who is available, answers in pages with a NextToken, as ListUsers and
# SearchUsers do. boto3 has paginators for those two and none for it, nor for 16 other operations of Connect: code that takes the
# first page for all, as works for small teams, loses agents without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8 2>/dev/null
cat >read.py <<'PYTHON'
import botocore
import botocore.session
from botocore import xform_name

client = botocore.session.get_session().create_client("connect", region_name="us-east-1")
model = client.meta.service_model
without = [
    name
    for name in model.operation_names
    if (answer := model.operation_model(name).output_shape)
    and "NextToken" in answer.members
    and not client.can_paginate(xform_name(name))
]
print("botocore", botocore.__version__, len(without), *without)
assert len(without) == 17
assert "GetCurrentUserData" in without
assert not {"ListUsers", "SearchUsers", "ListAgentStatuses"} & set(without)
PYTHON
venv/bin/python read.py
