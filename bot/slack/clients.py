"""Clients of Slack: brief ones for answers that a person waits for, and patient ones for the rest."""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

# An acknowledgement is due in 3 seconds, so no call may take all of them, nor wait for long.
_TIMEOUT_SECONDS = 2
_PATIENCE_SECONDS = 1
# A patient client waits as long as Slack asks, twice.
_SLACKS_HOST = re.compile(r"([a-z0-9-]+\.)+slack\.com")
_PATIENT_SECONDS, _PATIENT_RETRIES = 30, 2
# Refusals that no later try ends: of a thread, of a whole conversation. So are all that begin with
# restricted_action, an owner's rule.
_NO_THREAD = (
    "cannot_reply_to_message",
    "thread_locked",
    "restricted_action_thread_locked",
    "restricted_action_non_threadable_channel",
)
_CLOSED = ("is_archived", "not_in_channel", "channel_not_found", "messages_tab_disabled", "cannot_dm_bot")


class BriefRetry(RateLimitErrorRetryHandler):
    """Waits as Slack asks (HTTP 429), unless that is longer than the person who asked would wait."""

    def _can_retry(self, *, response: Any = None, **others: Any) -> bool:
        asked = retry_after(response.headers) if response is not None else 0
        return super()._can_retry(response=response, **others) and asked <= _PATIENCE_SECONDS


def retry_after(headers: Any) -> int:
    """The seconds that a rate-limited answer asks to wait; 1 where it doesn't say."""
    for key, value in (headers or {}).items():
        text = value[0] if isinstance(value, list) and value else value
        if key.lower() == "retry-after" and str(text).isdigit():
            return int(text)
    return 1


def is_slacks(url: str, api_url: str) -> bool:
    """Whether a `response_url` leads to Slack, or to the host of SLACK_API_URL."""
    try:
        to, ours = urlsplit(url), urlsplit(api_url)
    except ValueError:
        return False
    if ours.netloc and (to.scheme, to.netloc) == (ours.scheme, ours.netloc):
        return True
    return to.scheme == "https" and bool(_SLACKS_HOST.fullmatch(to.netloc.lower()))


def slack_code(error: Exception) -> str:
    """Slack's short name of an error, or else the kind of error. Safe to log."""
    if isinstance(error, SlackApiError):
        code = error.response.get("error") if isinstance(error.response.data, dict) else None
        return str(code or f"HTTP {error.response.status_code}")
    return type(error).__name__


def missing_scope(error: Exception) -> str:
    """A sentence that names the scope which the app lacks; "" for any other error."""
    if slack_code(error) != "missing_scope" or not isinstance(error, SlackApiError):
        return ""
    needed = str(error.response.get("needed") or "that this needs")
    return f"In Slack the app lacks the scope {needed}."


def refuses_thread(error: Exception) -> bool:
    """Whether Slack takes no replies in that thread, now and later; beside it a message may be taken."""
    return slack_code(error) in _NO_THREAD


def refuses_place(error: Exception) -> bool:
    """Whether Slack takes no message in that conversation or thread, now and later."""
    code = slack_code(error)
    return code in _NO_THREAD or code in _CLOSED or code.startswith("restricted_action")


def member_with_email(client: WebClient, email: str) -> str:
    """The user id of the member with this confirmed email, "" if there is none. Raises SlackApiError."""
    try:
        user = client.users_lookupByEmail(email=email).get("user") or {}
    except SlackApiError as error:
        if slack_code(error) == "users_not_found":
            return ""
        raise
    confirmed = user.get("is_email_confirmed", True) and not user.get("deleted")
    return str(user.get("id") or "") if confirmed else ""


def quiet_logger() -> logging.Logger:
    """The logger for Slack's own libraries, errors only: at other levels they write whole requests."""
    logger = logging.getLogger("slack_bolt.quiet")
    # Setting a level empties the caches of all loggers, and this is asked for with each request.
    if logger.level != logging.ERROR:
        logger.setLevel(logging.ERROR)
    return logger


def web_client(token: str, api_url: str, *, patient: bool = False) -> WebClient:
    """The Web API, at Slack's own address unless `api_url` names another."""
    base = api_url or WebClient.BASE_URL
    client = WebClient(token, base_url=base, timeout=_timeout(patient), logger=quiet_logger())
    client.retry_handlers.append(_retry(patient))
    return client


def webhook(url: str, *, patient: bool = False, seconds: float = 0) -> WebhookClient:
    """The sender for one `response_url`, which waits for so many seconds if any are given."""
    client = WebhookClient(url, logger=quiet_logger())
    client.timeout = seconds or _timeout(patient)  # type: ignore[assignment]
    client.retry_handlers.append(_retry(patient))
    return client


def _timeout(patient: bool) -> int:
    return _PATIENT_SECONDS if patient else _TIMEOUT_SECONDS


def _retry(patient: bool) -> RateLimitErrorRetryHandler:
    return RateLimitErrorRetryHandler(max_retry_count=_PATIENT_RETRIES) if patient else BriefRetry()
