"""Settings: what is read, and what is said when it can't be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.config import Settings
from core.errors import BadRange, BadSettings
from core.models import ExtensionRange

REQUIRED = {"CONNECT_INSTANCE_ID": "i", "EXTENSIONS_TABLE": "t", "EXPORT_BUCKET": "b"}


def settings(**environ: str) -> Settings:
    return Settings.from_env(REQUIRED | environ)


def complaint(environ: dict[str, str]) -> str:
    with pytest.raises(BadSettings) as caught:
        Settings.from_env(environ)
    return str(caught.value)


def test_defaults_are_those_of_the_contract() -> None:
    policy = settings().policy
    assert (str(policy.range), policy.hold_days) == ("0000-9999", 30)
    assert (policy.max_release_percent, policy.max_release_count) == (10, 5)
    assert (settings().lease_seconds, settings().link_minutes, str(settings().timezone)) == (120, 15, "UTC")


def test_every_missing_setting_is_named_at_once_with_what_it_is_for() -> None:
    said = complaint({})
    assert all(name in said for name in REQUIRED)
    assert "DynamoDB table" in said


def test_faults_of_different_kinds_are_told_together() -> None:
    said = complaint({"EXTENSION_RANGE": "99-10", "HOLD_DAYS": "soon", "TIMEZONE": "Mars/Base"})
    assert all(word in said for word in ("99-10", "HOLD_DAYS is 'soon'", "Mars/Base", "EXPORT_BUCKET"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("99-10", "runs backwards"),
        ("0-100", "same number of digits"),
        ("abc", "not a range"),
        ("0000", "not a range"),
        ("-", "not a range"),
        ("0000000-9999999", "too wide"),
    ],
)
def test_a_range_that_is_none_is_explained(text: str, says: str) -> None:
    assert says in complaint(REQUIRED | {"EXTENSION_RANGE": text})


def test_blank_means_not_set() -> None:
    assert settings(HOLD_DAYS=" ").policy.hold_days == 30
    assert "EXPORT_BUCKET is not set" in complaint(REQUIRED | {"EXPORT_BUCKET": " "})


def test_admins_are_separated_by_commas_or_spaces() -> None:
    assert settings(ADMIN_USERS="U1, U2,U3 U4").admin_users == {"U1", "U2", "U3", "U4"}


def test_the_region_of_the_instance_is_used_where_none_is_set() -> None:
    arn = "arn:aws:connect:eu-central-1:123456789012:instance/1"
    assert settings(CONNECT_INSTANCE_ID=arn).region == "eu-central-1"
    assert settings(CONNECT_INSTANCE_ID=arn, AWS_REGION="us-west-2").region == "us-west-2"


def test_the_slack_base_ends_in_a_slash() -> None:
    assert settings(SLACK_API_URL="http://127.0.0.1:1/api").slack_api_url == "http://127.0.0.1:1/api/"


def test_a_range_reads_numbers_with_and_without_their_zeros() -> None:
    pool = ExtensionRange.parse("0000-9999")
    assert [pool.normalise(digits) for digits in ("42", "0042", " 7 ", "00042", "4x", "", "٤٢")] == [
        "0042",
        "0042",
        "0007",
        None,
        None,
        None,
        None,
    ]


def test_a_range_has_five_digits_at_most() -> None:
    assert len(ExtensionRange.parse("00000-99999")) == 100_000
    with pytest.raises(BadRange, match="five digits at most"):
        ExtensionRange.parse("000000-999999")


def test_a_range_holds_its_ends_and_nothing_beside_them() -> None:
    pool = ExtensionRange.parse("0010-0012")
    assert list(pool) == ["0010", "0011", "0012"]
    assert [each in pool for each in ("0010", "0012", "0013", "10", "00010", 10)] == [True, True] + [
        False
    ] * 4


FORMS = [
    ("CONNECT_INSTANCE_ID", "https://x.my.connect.aws", "id or ARN of an Amazon Connect instance"),
    ("CONNECT_INSTANCE_ID", "arn:aws:connect:eu-west-1:123456789012:queue/1", "id or ARN of an Amazon"),
    ("SLACK_BOT_TOKEN", "xoxp-1", "begins with xoxb-"),
    ("SLACK_APP_TOKEN", "xoxb-1", "begins with xapp-"),
    ("SUMMARY_CHANNEL", "#general", "id of a channel"),
    ("ADMIN_USERGROUP", "@admins", "id of a user group"),
    ("ADMIN_USERS", "U1, @jane", "@jane is not the id of a Slack user"),
    ("HOLD_DAYS", "99999", "from 0 to 3,650"),
    ("LINK_MINUTES", "721", "from 1 to 720"),
    ("LINK_MINUTES", "0", "from 1 to 720"),
    ("LEASE_SECONDS", "1", "from 10 to 3,600"),
    ("LEASE_SECONDS", "9" * 5000, "from 10 to 3,600"),
    ("MAX_RELEASE_PERCENT", "101", "from 0 to 100"),
    ("GUESTS_SEE_DIRECTORY", "maybe", "neither yes nor no"),
    ("SUMMARY_ON_QUIET_DAYS", "sometimes", "neither yes nor no"),
    ("USER_EVENTS", "maybe", "neither on nor off"),
]


@pytest.mark.parametrize(("name", "value", "says"), FORMS)
def test_a_value_of_another_form_is_told_with_the_form_it_has_to_have(
    name: str, value: str, says: str
) -> None:
    said = complaint(REQUIRED | {name: value})
    assert said.startswith(name)
    assert says in said


def test_a_token_of_another_form_is_not_quoted() -> None:
    assert "123456" not in complaint(REQUIRED | {"SLACK_BOT_TOKEN": "xoxp-123456"})


def test_guests_see_the_directory_only_if_told_so() -> None:
    assert settings().guests_see_directory is False
    assert settings(GUESTS_SEE_DIRECTORY="yes").guests_see_directory is True


def test_the_pinned_time_zones_win_over_those_of_the_machine() -> None:
    """Vancouver stays at UTC-7 from November 2026 on; Debian 12 has zone files that are older than that."""
    zone = settings(TIMEZONE="America/Vancouver").timezone
    assert datetime(2027, 2, 1, tzinfo=zone).utcoffset() == timedelta(hours=-7)


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+44 (0)20 7183 8750", "+442071838750"),
        ("+4402071838750", "+442071838750"),
        ("+39 06 698 12345", "+390669812345"),
        ("+1 (206) 555-0100", "+12065550100"),
        ("+49.30.901820", "+4930901820"),
        ("", ""),
    ],
)
def test_the_directorys_phone_number_is_the_one_to_dial(written: str, dialled: str) -> None:
    assert settings(DIRECTORY_PHONE=written).directory_phone == dialled


@pytest.mark.parametrize(
    "written", ["020 7183 8750", "+1 555", "+999123456789", "+442071838750 ext. 7001", "reception"]
)
def test_what_nobody_can_dial_is_no_phone_number(written: str) -> None:
    assert "DIRECTORY_PHONE: " in complaint(REQUIRED | {"DIRECTORY_PHONE": written})
