"""The settings that a deploy is stopped for, before it makes anything in AWS."""

from __future__ import annotations

import json
import subprocess

import pytest

from infra import package
from tests.infra.template import INSTANCE_ID

pytestmark = pytest.mark.deploy

QUEUE = f"arn:aws:connect:eu-central-1:123456789012:instance/{INSTANCE_ID}/queue/fallback"
RIGHT = {
    "region": "eu-central-1",
    "connectInstanceId": INSTANCE_ID,
    "flows": "managed",
    "fallbackQueueArn": QUEUE,
    "extensionsNumber": "+442071838750",
    "adminUsers": "U0ADMIN, W0OTHER",
    "adminUsergroup": "",
    "summaryChannel": "C0SUMMARY",
    "summaryOnQuietDays": "yes",
    "guestsSeeDirectory": "no",
    "timezone": "Europe/Berlin",
    "summaryAt": "cron(0 8 ? * MON-FRI *)",
    "linkMinutes": 15,
    "callerNumbers": "last4",
    "extensionRange": "0000-9999",
    "tableKeyArn": "",
    "language": "en",
    "languages": {},
    "dialByName": "on",
    "keysAhead": "off",
    "ringBusy": "off",
    "callBack": "off",
}


def faults(**changes: object) -> list[str]:
    """What check-settings.cjs says of these settings; [] when it lets them through."""
    code = f"""
        const {{ faults }} = require('./infra/check-settings.cjs');
        console.log(JSON.stringify(faults({json.dumps(RIGHT | changes)})));
    """
    ran = subprocess.run(["node", "-e", code], cwd=package.ROOT, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(ran.stdout)
    return found


def test_right_settings_pass() -> None:
    assert faults() == []
    assert faults(adminUsers="", adminUsergroup="S0ADMINS") == []
    assert faults(flows="none", fallbackQueueArn="", extensionsNumber="", extensionRange="0-9") == []
    assert faults(extensionRange="10-99", dialByName="off") == faults(extensionRange="000 - 999") == []
    assert faults(language="fr", languages={"+4930123456": "de"}) == []


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("connectInstanceId", "00000000-0000-0000-0000-000000000000"),
        ("connectInstanceId", f"arn:aws:connect:eu-central-1:123456789012:instance/{INSTANCE_ID}"),
        ("connectInstanceId", "my-instance"),
        ("dialByName", "yes"),
        ("ringBusy", True),
        ("language", "it"),
        ("languages", {"030123456": "de"}),
        ("languages", {"+4930123456": "it"}),
        ("fallbackQueueArn", QUEUE.replace("eu-central-1", "us-east-1")),
        ("fallbackQueueArn", QUEUE.replace(INSTANCE_ID, "00000000-0000-0000-0000-000000000000")),
        ("extensionsNumber", "+12065550100"),
        ("extensionsNumber", "0207 183 8750"),
        ("adminUsers", ""),
        ("adminUsers", "jane@example.com"),
        ("adminUsergroup", "@admins"),
        ("summaryChannel", "#general"),
        ("summaryOnQuietDays", False),
        ("guestsSeeDirectory", "maybe"),
        ("timezone", "Berlin"),
        ("timezone", "europe/berlin"),
        ("timezone", "utc"),
        ("timezone", "US/Pacific-New"),
        ("summaryAt", "every day at 8"),
        ("summaryAt", "cron(0 8 * * * *)"),
        ("linkMinutes", 721),
        ("callerNumbers", "some"),
        ("extensionRange", "0-9"),
        ("extensionRange", "9999-0000"),
        ("extensionRange", "000-9999"),
        ("extensionRange", "000000-999999"),
        ("extensionRange", ""),
        ("tableKeyArn", "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"),
        ("tableKeyArn", "alias/tables"),
    ],
)
def test_a_wrong_setting_is_named(setting: str, value: object) -> None:
    said = [fault for fault in faults(**{setting: value}) if setting in fault.partition(":")[0]]
    assert len(said) == 1


def test_a_region_has_to_be_given() -> None:
    assert faults(region=None) == ["Region: export AWS_DEFAULT_REGION, or add --region"]
