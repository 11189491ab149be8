"""Every setting, in one place. `Settings.from_env` reads a mapping and does no I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from typing import Any

from msgspec import Struct

from bot.region import region_of
from core.errors import BadRange, BadSettings
from core.models import ExtensionRange, Policy

REQUIRED = {
    "CONNECT_INSTANCE_ID": "the id or ARN of the Amazon Connect instance",
    "EXTENSIONS_TABLE": "the name of the DynamoDB table",
    "EXPORT_BUCKET": "the name of the S3 bucket for the exported directory",
}


class Settings(Struct, frozen=True):
    """One installation. The comments in `from_env` make docs/settings.md: `python -m infra.settings_page`."""

    instance_id: str
    table: str
    bucket: str
    region: str = ""
    slack_bot_token: str = ""
    slack_signing_secret: str = ""
    slack_secret_id: str = ""
    slack_app_token: str = ""
    slack_api_url: str = ""
    sync_function: str = ""
    summary_channel: str = ""
    summary_on_quiet_days: bool = True
    admin_usergroup: str = ""
    admin_users: frozenset[str] = frozenset()
    policy: Policy = Policy(ExtensionRange(0, 9999, 4))
    lease_seconds: int = 120
    link_minutes: int = 15
    directory_phone: str = ""
    tell_people: int = 20
    policy_file: str = ""
    caller_numbers: str = "full"
    timezone: tzinfo = UTC
    guests_see_directory: bool = False
    user_events: bool = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read the environment. Raises BadSettings, which names every fault at once."""
        read = _Reader(environ)
        settings = cls(
            # id or ARN of the Connect instance
            instance_id=read.required("CONNECT_INSTANCE_ID", _INSTANCE),
            # the DynamoDB table; one made by awsconnect-extensions is adopted as it is
            table=read.required("EXTENSIONS_TABLE"),
            # the S3 bucket of the directory
            bucket=read.required("EXPORT_BUCKET"),
            region=region_of(environ),
            # the Slack app's token, for local use
            slack_bot_token=read.text("SLACK_BOT_TOKEN", _BOT_TOKEN),
            # the Slack app's signing secret, for local use
            slack_signing_secret=read.text("SLACK_SIGNING_SECRET"),
            # in AWS: the Secrets Manager secret that holds both as JSON
            slack_secret_id=read.text("SLACK_SECRET_ID"),
            # for Socket Mode
            slack_app_token=read.text("SLACK_APP_TOKEN", _APP_TOKEN),
            # another base of Slack's Web API, for tests and emulators
            slack_api_url=_base(read.text("SLACK_API_URL")),
            # the function that `/ext-sync` invokes; without it a sync runs in the same process
            sync_function=read.text("SYNC_FUNCTION"),
            # channel id of the daily summary and of requests for a number
            summary_channel=read.text("SUMMARY_CHANNEL", _CHANNEL),
            # `no`: no summary on a day when nothing changed, waits or is wrong
            summary_on_quiet_days=read.parsed("SUMMARY_ON_QUIET_DAYS", "yes", _yes),
            # id of the user group whose members may change numbers
            admin_usergroup=read.text("ADMIN_USERGROUP", _GROUP),
            # ids of users who may change numbers, comma separated
            admin_users=frozenset(read.words("ADMIN_USERS", _USER)),
            policy=Policy(
                # the pool: lowest and highest number, both with the same count of digits
                range=read.parsed("EXTENSION_RANGE", "0000-9999", ExtensionRange.parse),
                # days that a released number is kept for the agent who had it
                hold_days=read.number("HOLD_DAYS", 30, most=3650),
                # see `MAX_RELEASE_COUNT`
                max_release_percent=read.number("MAX_RELEASE_PERCENT", 10, most=100),
                # syncs that would take more numbers than this in 24 hours, and from more than that percentage
                # of the agents, need an admin's approval; approved and undone releases do not count
                max_release_count=read.number("MAX_RELEASE_COUNT", 5),
            ),
            # how long a run that was stopped can keep others from changing numbers
            lease_seconds=read.number("LEASE_SECONDS", 120, least=10, most=3600),
            # life of a link to the directory
            link_minutes=read.number("LINK_MINUTES", 15, least=1, most=720),
            # the phone number that leads to the extensions, in E.164: links and cards of the directory then
            # dial it whole
            directory_phone=read.parsed("DIRECTORY_PHONE", "", _phone),
            # a file with ranges for teams and reserved blocks, see below
            policy_file=read.text("POLICY_FILE"),
            # agents are told their new number by direct message, unless one sync has more of them to tell
            tell_people=read.number("TELL_PEOPLE", 20),
            # how much of a caller's number a missed call shows: `full`, `last4` or `none`
            caller_numbers=read.parsed("CALLER_NUMBERS", "full", _caller_numbers),
            # of the daily summary
            timezone=read.parsed("TIMEZONE", "UTC", timezone_of),
            # whether the workspace's guests get the directory and lists; they always get single people
            guests_see_directory=read.parsed("GUESTS_SEE_DIRECTORY", "no", _yes),
            # `on`: changes of Connect users start a sync, and so does an agent who asks for a number that is
            # not there yet
            user_events=read.parsed("USER_EVENTS", "off", _on),
        )
        read.raise_faults()
        return settings


class Form(Struct, frozen=True):
    """The form of a value, and the sentence that says it."""

    pattern: re.Pattern[str]
    sentence: str


_INSTANCE = Form(
    re.compile(r"[A-Za-z0-9-]+|arn:aws[a-z-]*:connect:[a-z0-9-]+:\d{12}:instance/[A-Za-z0-9-]+"),
    "the id or ARN of an Amazon Connect instance: arn:aws:connect:...:instance/...",
)
_BOT_TOKEN = Form(re.compile(r"xoxb-\S+"), "the token of the app's bot, which begins with xoxb-")
_APP_TOKEN = Form(re.compile(r"xapp-\S+"), "an app-level token, which begins with xapp-")
_CHANNEL = Form(re.compile(r"[CG][A-Z0-9]+"), "the id of a channel, as C0123456789")
_GROUP = Form(re.compile(r"S[A-Z0-9]+"), "the id of a user group, as S0123456789")
_USER = Form(re.compile(r"[UW][A-Z0-9]+"), "the id of a Slack user, as U0123456789")


class _Reader:
    """Reads variables and collects the faults."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[str] = []

    def text(self, name: str, form: Form | None = None) -> str:
        """The value, stripped; "" where it is not set. It is never quoted, since it may be a secret."""
        value = self._environ.get(name, "").strip()
        if value and form and not form.pattern.fullmatch(value):
            self._faults.append(f"{name} is not {form.sentence}.")
        return value

    def words(self, name: str, form: Form) -> list[str]:
        words = self.text(name).replace(",", " ").split()
        odd = [word for word in words if not form.pattern.fullmatch(word)]
        if odd:
            self._faults.append(f"{name}: {', '.join(odd)} is not {form.sentence}.")
        return words

    def required(self, name: str, form: Form | None = None) -> str:
        value = self.text(name, form)
        if not value:
            self._faults.append(f"{name} is not set: {REQUIRED[name]}.")
        return value

    def number(self, name: str, default: int, least: int = 0, most: int = 10_000) -> int:
        text = self.text(name) or str(default)
        if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:
            return int(text)
        self._faults.append(f"{name} is '{text}': it has to be a whole number from {least} to {most:,}.")
        return default

    def parsed(self, name: str, default: str, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(self.text(name) or default)
        except (BadRange, ValueError) as error:
            self._faults.append(f"{name}: {error}")
            return parse(default)

    def raise_faults(self) -> None:
        if self._faults:
            raise BadSettings("\n".join(self._faults))


def _base(url: str) -> str:
    """The Web API base as slack_sdk wants it: with the slash at its end."""
    return url.rstrip("/") + "/" if url else ""


def _phone(text: str) -> str:
    """A phone number in E.164, "" for none. In `+44 (0)20 7183 8750` the zero is not dialled."""
    if not text:
        return ""
    # Imported here: most installations have no number, and a caller would wait for it.
    import phonenumbers

    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if number.extension or not phonenumbers.is_possible_number(number):
        raise ValueError(f"'{text}' is not a phone number. Write it with its country, as in +12065550100.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _caller_numbers(text: str) -> str:
    if text not in ("full", "last4", "none"):
        raise ValueError(f"'{text}' is not known. Write full, last4 or none.")
    return text


def _on(switch: str) -> bool:
    return _either(switch, "on", "off", {"on": True, "off": False})


def _yes(answer: str) -> bool:
    return _either(answer, "yes", "no", {"yes": True, "true": True, "no": False, "false": False})


def _either(text: str, one: str, other: str, meant: Mapping[str, bool]) -> bool:
    if text.lower() not in meant:
        raise ValueError(f"'{text}' is neither {one} nor {other}.")
    return meant[text.lower()]


def timezone_of(name: str) -> tzinfo:
    """The time zone of that name, by the pinned tzdata. Raises ValueError, with a sentence, if unknown."""
    if name == "UTC":
        return UTC
    # Imported here: only the summary has a time zone, and a caller would wait for it.
    from zoneinfo import ZoneInfo, reset_tzpath

    reset_tzpath(to=())  # a machine's own zone files may be years old, and would win
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"'{name}' is not a time zone. Write one as in Europe/Berlin.") from error
