"""The same listeners against a real Slack, by Socket Mode: no public address needed."""

from __future__ import annotations

import os

from bot.config import Settings
from bot.wiring import installation
from core.errors import BadSettings

_NEEDED = {
    "SLACK_APP_TOKEN": "the app-level token (xapp-...) with the scope connections:write",
    "SLACK_BOT_TOKEN": "the bot token (xoxb-...) of the installed app",
}


def run() -> int:
    """Listen until Ctrl-C. Raises BadSettings, naming every setting that is missing."""
    check(dict(os.environ))
    from slack_bolt.adapter.socket_mode import SocketModeHandler

    here = installation()
    print("Listening. Ctrl-C stops.", flush=True)
    try:
        SocketModeHandler(here.app, here.settings.slack_app_token).start()  # type: ignore[no-untyped-call]
    except KeyboardInterrupt:
        return 0
    return 0


def check(environ: dict[str, str]) -> Settings:
    """The settings, with what Socket Mode needs besides. Raises BadSettings with all faults at once."""
    by_secret = bool(environ.get("SLACK_SECRET_ID"))
    needed = {name: why for name, why in _NEEDED.items() if not (by_secret and name == "SLACK_BOT_TOKEN")}
    faults = [f"{name} is not set: {why}." for name, why in needed.items() if not environ.get(name)]
    try:
        settings = Settings.from_env(environ)
    except BadSettings as error:
        raise BadSettings("\n".join([str(error), *faults])) from error
    if faults:
        raise BadSettings("\n".join(faults))
    return settings
