"""Every setting, in one place. `Settings.from_env` reads a mapping and does no I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from core.errors import BadRange, BadSettings
from core.models import ExtensionRange, Policy

REQUIRED = {
    "CONNECT_INSTANCE_ID": "the id or ARN of the Amazon Connect instance",
    "EXTENSIONS_TABLE": "the name of the DynamoDB table",
    "EXPORT_BUCKET": "the name of the S3 bucket for the exported directory",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. The README's table says what each variable means."""

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
    policy: Policy = Policy(ExtensionRange(0, 9999, 4))  # noqa: RUF009 - frozen
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
            instance_id=read.required("CONNECT_INSTANCE_ID", _INSTANCE),
            table=read.required("EXTENSIONS_TABLE"),
            bucket=read.required("EXPORT_BUCKET"),
            region=region_of(environ),
            slack_bot_token=read.text("SLACK_BOT_TOKEN", _BOT_TOKEN),
            slack_signing_secret=read.text("SLACK_SIGNING_SECRET"),
            slack_secret_id=read.text("SLACK_SECRET_ID"),
            slack_app_token=read.text("SLACK_APP_TOKEN", _APP_TOKEN),
            slack_api_url=_base(read.text("SLACK_API_URL")),
            sync_function=read.text("SYNC_FUNCTION"),
            summary_channel=read.text("SUMMARY_CHANNEL", _CHANNEL),
            summary_on_quiet_days=read.parsed("SUMMARY_ON_QUIET_DAYS", "yes", _yes),
            admin_usergroup=read.text("ADMIN_USERGROUP", _GROUP),
            admin_users=frozenset(read.words("ADMIN_USERS", _USER)),
            policy=Policy(
                range=read.parsed("EXTENSION_RANGE", "0000-9999", ExtensionRange.parse),
                hold_days=read.number("HOLD_DAYS", 30, most=3650),
                max_release_percent=read.number("MAX_RELEASE_PERCENT", 10, most=100),
                max_release_count=read.number("MAX_RELEASE_COUNT", 5),
            ),
            lease_seconds=read.number("LEASE_SECONDS", 120, least=10, most=3600),
            link_minutes=read.number("LINK_MINUTES", 15, least=1, most=720),
            directory_phone=read.parsed("DIRECTORY_PHONE", "", _phone),
            policy_file=read.text("POLICY_FILE"),
            tell_people=read.number("TELL_PEOPLE", 20),
            caller_numbers=read.parsed("CALLER_NUMBERS", "full", _caller_numbers),
            timezone=read.parsed("TIMEZONE", "UTC", _timezone),
            guests_see_directory=read.parsed("GUESTS_SEE_DIRECTORY", "no", _yes),
            user_events=read.parsed("USER_EVENTS", "off", _on),
        )
        read.raise_faults()
        return settings


@dataclass(frozen=True, slots=True)
class Form:
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
    """Reads variables and collects what is wrong with them."""

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


def region_of(environ: Mapping[str, str]) -> str:
    """The Region of the environment, or else the one in the instance's ARN."""
    arn = environ.get("CONNECT_INSTANCE_ID", "").split(":")
    named = arn[3] if len(arn) > 5 and arn[0] == "arn" else ""
    return environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or named


def _base(url: str) -> str:
    """The Web API base as slack_sdk wants it: with the slash at its end."""
    return url.rstrip("/") + "/" if url else ""


def _phone(text: str) -> str:
    """A phone number in E.164, "" for none."""
    number = re.sub(r"[ ().-]", "", text)
    if number and not re.fullmatch(r"\+[1-9]\d{5,14}", number):
        raise ValueError(f"'{text}' is not a phone number. Write it with its country, as in +12065550100.")
    return number


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


def _timezone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    # Imported here: only the summary has a time zone, and a caller would wait for it.
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"'{name}' is not a time zone. Write one as in Europe/Berlin.") from error
