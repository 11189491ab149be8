#!/usr/bin/env bash
# aws-lambda-powertools 3.37.0: `ConnectContactFlowEvent`, its reader of the event that an Amazon Connect flow
# sends to a Lambda, knows 2 of the 4 channels and 5 of the 12 ways in which the service model of botocore 1.44.8
# says that a contact begins. Asked for `channel` of a task or an email, or for `initiation_method` of a call that
# came by a transfer to another queue, it raises KeyError, so that a function that only logs them fails the call.
# Without live media streaming (`"Audio": null`) each property of `audio` raises TypeError, though its type says
# `str | None`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    aws-lambda-powertools==3.37.0 botocore==1.44.8 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import botocore.session
from aws_lambda_powertools.utilities.data_classes import ConnectContactFlowEvent


def contact(**fields):
    number = {"Address": "+12065550100", "Type": "TELEPHONE_NUMBER"}
    contact = {"Attributes": {}, "Channel": "VOICE", "ContactId": "c1", "InitialContactId": "c1"}
    contact |= {"PreviousContactId": "c1", "InitiationMethod": "INBOUND", "InstanceARN": "arn", "Queue": None}
    contact |= {"CustomerEndpoint": number, "SystemEndpoint": number}
    contact |= {"MediaStreams": {"Customer": {"Audio": None}}} | fields
    event = {"Name": "ContactFlowEvent", "Details": {"ContactData": contact, "Parameters": {}}}
    return ConnectContactFlowEvent(event).contact_data


def is_read(ask):
    try:
        ask()
    except (KeyError, TypeError) as error:
        return type(error).__name__
    return ""


model = botocore.session.get_session().get_service_model("connect")
channels = {each: is_read(lambda: contact(Channel=each).channel) for each in model.shape_for("Channel").enum}
methods = {
    each: is_read(lambda: contact(InitiationMethod=each).initiation_method)
    for each in model.shape_for("ContactInitiationMethod").enum
}
audio = is_read(lambda: contact().media_streams.customer.audio.stream_arn)
print("aws-lambda-powertools", version("aws-lambda-powertools"), "· botocore", version("botocore"))
print("channels:", {each: error or "read" for each, error in channels.items()})
print("methods:", {each: error or "read" for each, error in methods.items()})
print("stream_arn without streaming:", audio)
assert [each for each, error in channels.items() if error] == ["TASK", "EMAIL"]
assert [each for each, error in methods.items() if not error] == [
    "INBOUND", "OUTBOUND", "TRANSFER", "CALLBACK", "API",
]  # fmt: skip
assert len(methods) == 12
assert audio == "TypeError"
PYTHON
