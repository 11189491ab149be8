#!/usr/bin/env bash
# slack-bolt 1.30.0: an Assistant's `user_message` listener takes two of the four kinds of message that a person
# can write in a thread of a direct message: plain ones and those with a file. A message that is also sent to the
# channel (thread_broadcast) and a /me message in the same thread go past it to a plain `message` listener, and
# are lost where there is none. An app that answers by both must expect one conversation to reach it two ways.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check slack-bolt==1.30.0 slack-sdk==3.47.0 2>/dev/null
"$folder/venv/bin/python" - <<'PYTHON'
import json
import logging

from slack_bolt import App, Assistant, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.version import __version__

logging.getLogger("quiet").setLevel(logging.CRITICAL)


def heard(subtype: str) -> str:
    """The listener that hears a direct message of this kind in a thread."""
    found = []
    app = App(
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U0"
        ),
        request_verification_enabled=False,
        process_before_response=True,
        logger=logging.getLogger("quiet"),
    )
    assistant = Assistant()
    assistant.user_message(lambda ack: found.append("assistant"))
    app.assistant(assistant)
    app.event("message")(lambda ack: found.append("plain listener"))
    said = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "hello"}
    said |= {"ts": "2.0", "thread_ts": "1.0"} | ({"subtype": subtype} if subtype else {})
    us = [{"team_id": "T1", "user_id": "U0", "is_bot": True}]
    body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": said, "authorizations": us}
    app.dispatch(BoltRequest(body=json.dumps(body), headers={"content-type": ["application/json"]}))
    return ", ".join(found)


seen = {subtype or "plain": heard(subtype) for subtype in ("", "file_share", "thread_broadcast", "me_message")}
print(f"slack-bolt {__version__}, direct messages in a thread:")
for kind, listener in seen.items():
    print(f"  {kind}: {listener}")
assert seen == {
    "plain": "assistant",
    "file_share": "assistant",
    "thread_broadcast": "plain listener",
    "me_message": "plain listener",
}, "changed"
PYTHON
