from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.webhook import WebhookClient

from sandbox.slack.signed_payloads import BOT_USER_ID, CHANNEL_ID, CHANNEL_NAME
from tests.sandbox.scene import (
    ADMIN,
    BUTTON,
    JANE,
    MODAL,
    NOW,
    OPTION,
    PICK,
    SECRET,
    WHO,
    Scene,
    block_of,
    control,
)


@pytest.fixture
def scene() -> Iterator[Scene]:
    here = Scene()
    with here.web:
        yield here


class Then(Clock):
    def now(self) -> float:
        return NOW


# What goes to the bot


@pytest.mark.parametrize("action", ["command", "mention", "direct_message", "open_home", "shortcut"])
def test_every_request_is_signed_in_the_form_of_api_gateway(scene: Scene, action: str) -> None:
    words = {"command": ("/ext", "jane"), "open_home": ()}.get(action, ("jane & <co> ü",))
    getattr(scene.slack, action)(*words)
    event = scene.asked[-1]
    body = base64.b64decode(event["body"]).decode() if event["isBase64Encoded"] else event["body"]
    headers = event["headers"]
    verifier = SignatureVerifier(SECRET, Then())
    assert verifier.is_valid(body, headers["x-slack-request-timestamp"], headers["x-slack-signature"])
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["rawPath"] == "/slack/events"


def test_a_command_says_who_typed_it_where_and_how_to_answer(scene: Scene) -> None:
    scene.slack.command("/ext", "jane")
    assert scene.form["command"] == "/ext"
    assert (scene.form["user_id"], scene.form["channel_id"]) == (ADMIN.id, CHANNEL_ID)
    assert scene.form["response_url"].startswith(scene.web.url)
    assert scene.form["trigger_id"]


def test_typed_text_arrives_as_slack_passes_it_on(scene: Scene) -> None:
    scene.slack.command("/ext", "@jdoe & @nobody a@example.com <!channel>")
    assert scene.form["text"] == f"<@{JANE.id}> &amp; @nobody a@example.com &lt;!channel&gt;"
    scene.slack.direct_message("is @jane or a@example.com there?")
    assert scene.event["text"] == f"is <@{JANE.id}> or <mailto:a@example.com|a@example.com> there?"


def test_a_mention_comes_out_of_the_channel_and_a_message_out_of_the_own_conversation(scene: Scene) -> None:
    scene.slack.mention("who is on 7000?")
    assert scene.event["text"] == f"<@{BOT_USER_ID}> who is on 7000?"
    assert (scene.event["type"], scene.event["channel"]) == ("app_mention", CHANNEL_ID)
    scene.slack.me = JANE
    scene.slack.direct_message("hello")
    assert (scene.event["type"], scene.event["channel_type"], scene.event["user"]) == (
        "message",
        "im",
        JANE.id,
    )
    assert scene.event["channel"] == JANE.direct_channel


def test_no_two_events_have_the_same_id(scene: Scene) -> None:
    for _ in range(3):
        scene.slack.direct_message("hello")
    assert len({json.loads(event["body"])["event_id"] for event in scene.asked}) == 3


def test_a_message_shortcut_hands_over_the_message_and_its_author(scene: Scene) -> None:
    scene.slack.message_shortcut("find_author", JANE.id, "hello")
    assert scene.payload["callback_id"] == "find_author"
    assert scene.payload["message"]["user"] == JANE.id


# What the bot answers in its response


def test_the_response_to_a_command_is_seen_by_the_one_who_typed_it(scene: Scene) -> None:
    scene.answers({"text": "7000"})
    scene.slack.command("/ext", "jane")
    assert (scene.shown[0].body["text"], scene.shown[0].member) == ("7000", ADMIN.id)


def test_a_response_in_the_channel_is_seen_by_all(scene: Scene) -> None:
    scene.answers({"text": "7000", "response_type": "in_channel"})
    scene.slack.command("/ext", "jane")
    assert scene.shown[0].member == ""


def test_a_response_of_plain_text_is_a_message(scene: Scene) -> None:
    scene.answers("7000 or so")
    scene.slack.command("/ext", "jane")
    assert scene.shown[0].body["text"] == "7000 or so"


def test_an_empty_response_shows_nothing(scene: Scene) -> None:
    scene.slack.command("/ext", "jane")
    assert (scene.shown, scene.said) == ([], [])


def test_a_command_nobody_handles_is_refused_in_words(scene: Scene) -> None:
    scene.answers("", status=404)
    scene.slack.command("/extt", "jane")
    assert scene.said == ["Slack: /extt is not a command of any app here. Try /ext help."]


@pytest.mark.parametrize("action", ["mention", "direct_message", "shortcut"])
def test_a_bot_that_raises_or_fails_is_said_in_one_line_and_the_session_goes_on(
    scene: Scene, action: str
) -> None:
    def broken(event: dict[str, Any]) -> Any:
        raise LookupError("no such thing")

    scene.answer = broken
    getattr(scene.slack, action)("x")
    scene.answers("oh no", status=500)
    getattr(scene.slack, action)("x")
    assert scene.said == [
        "The bot failed: LookupError: no such thing",
        "The bot answered with HTTP 500: oh no",
    ]


# What is pressed


def test_a_button_says_what_it_is_and_where_it_stood(scene: Scene) -> None:
    surface = scene.posted({"type": "actions", "elements": [BUTTON]})
    scene.slack.press(surface, control(BUTTON, block_of(surface)))
    payload = scene.payload
    assert payload["type"] == "block_actions"
    assert payload["actions"][0]["action_id"] == "go"
    assert payload["actions"][0]["value"] == "7"
    assert payload["actions"][0]["block_id"] == block_of(surface)["block_id"]
    assert payload["message"]["ts"] == surface.id
    assert payload["trigger_id"]


def test_the_response_url_of_a_button_can_replace_its_message(scene: Scene) -> None:
    surface = scene.posted({"type": "actions", "elements": [BUTTON]})
    scene.slack.press(surface, control(BUTTON, block_of(surface)))
    WebhookClient(scene.payload["response_url"]).send(text="done", replace_original=True)
    assert (scene.shown[-1].id, scene.shown[-1].body["text"]) == (surface.id, "done")
    assert scene.shown[-1].edited
    WebhookClient(scene.payload["response_url"]).send(delete_original=True)
    assert scene.said == ["A message is removed: done"]


def test_slack_keeps_no_ephemeral_message_to_hand_over(scene: Scene) -> None:
    scene.answers({"text": "x", "blocks": [{"type": "actions", "elements": [BUTTON]}]})
    scene.slack.command("/ext", "jane")
    scene.slack.press(scene.shown[-1], control(BUTTON, block_of(scene.shown[-1])))
    assert "message" not in scene.payload
    assert scene.payload["container"]["is_ephemeral"]


def test_nobody_presses_what_only_somebody_else_sees(scene: Scene) -> None:
    scene.answers({"text": "x", "blocks": [{"type": "actions", "elements": [BUTTON]}]})
    scene.slack.command("/ext", "jane")
    scene.slack.me = JANE
    scene.slack.press(scene.shown[-1], control(BUTTON, block_of(scene.shown[-1])))
    assert scene.said == ["Only Alex Admin sees that."]
    assert len(scene.asked) == 1


def test_checkboxes_are_ticked_and_unticked(scene: Scene) -> None:
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": [OPTION]}
    surface = scene.posted({"type": "actions", "elements": [boxes]})
    box = control(boxes, block_of(surface), option=OPTION)
    scene.slack.press(surface, box)
    assert scene.payload["actions"][0]["selected_options"] == [OPTION]
    scene.slack.press(surface, box)
    assert scene.payload["actions"][0]["selected_options"] == []


# Modals and the Home


def test_a_field_that_asks_the_bot_gets_its_options(scene: Scene) -> None:
    surface = scene.opened()
    scene.answers({"options": [OPTION]})
    assert scene.slack.fill(surface, control(PICK, block_of(surface)), "jan") == [OPTION]
    assert (scene.payload["type"], scene.payload["value"]) == ("block_suggestion", "jan")
    assert scene.payload["view"]["id"] == surface.id


def test_no_options_are_said_to_be_none(scene: Scene) -> None:
    surface = scene.opened()
    scene.answers({"options": []})
    assert scene.slack.fill(surface, control(PICK, block_of(surface)), "zzz") == []
    assert scene.said == ["No results."]


def test_what_is_chosen_goes_along_with_the_submission_which_closes_the_modal(scene: Scene) -> None:
    surface = scene.opened()
    scene.slack.press(surface, control(PICK, block_of(surface), option=OPTION))
    assert scene.asked == []
    scene.slack.press(surface, control({"type": "submit"}, {}))
    values = scene.payload["view"]["state"]["values"]
    assert values["who"]["pick"]["selected_option"] == OPTION
    assert scene.workspace.modals[ADMIN.id] == []


def test_what_a_form_has_from_the_start_goes_along_untouched_until_something_else_is_chosen(
    scene: Scene,
) -> None:
    ticked = {"type": "checkboxes", "action_id": "ticked", "options": [OPTION], "initial_options": [OPTION]}
    typed = {"type": "plain_text_input", "action_id": "typed", "initial_value": "lift"}
    blocks = [{**WHO, "block_id": name, "element": each} for name, each in (("a", ticked), ("b", typed))]
    surface = scene.opened({**MODAL, "blocks": blocks})
    scene.slack.fill(surface, control(typed, block_of(surface, 1)), "fax")
    scene.slack.press(surface, control({"type": "submit"}, {}))
    values = scene.payload["view"]["state"]["values"]
    assert values["a"]["ticked"] == {"type": "checkboxes", "selected_options": [OPTION]}
    assert values["b"]["typed"]["value"] == "fax"


def test_a_conversation_that_is_picked_comes_with_a_right_to_answer_in_it(scene: Scene) -> None:
    where = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    surface = scene.opened({**MODAL, "blocks": [{**WHO, "element": where}]})
    for typed in ("elsewhere", f"#{CHANNEL_NAME}"):
        scene.slack.fill(surface, control(where, block_of(surface)), typed)
    assert scene.said == [f"The one channel here is #{CHANNEL_NAME}."]
    scene.slack.press(surface, control({"type": "submit"}, {}))
    (answer,) = scene.payload["response_urls"]
    assert (answer["block_id"], answer["channel_id"]) == ("who", CHANNEL_ID)
    assert scene.workspace.right(answer["response_url"].rpartition("/")[2]).channel == CHANNEL_ID


def test_a_field_that_dispatches_tells_the_bot_at_once(scene: Scene) -> None:
    surface = scene.opened({**MODAL, "blocks": [{**WHO, "dispatch_action": True}]})
    scene.slack.press(surface, control(PICK, block_of(surface), option=OPTION))
    assert scene.payload["actions"][0]["selected_option"] == OPTION
    assert scene.payload["view"]["state"]["values"]["who"]["pick"]["selected_option"] == OPTION


def test_an_empty_field_holds_the_submission_back(scene: Scene) -> None:
    scene.slack.press(scene.opened(), control({"type": "submit"}, {}))
    assert scene.said == ["Slack wants this filled in first: Who?"]
    assert scene.asked == []


def test_what_was_chosen_outlives_an_update_of_its_modal(scene: Scene) -> None:
    surface = scene.opened()
    scene.slack.press(surface, control(PICK, block_of(surface), option=OPTION))
    scene.client.views_update(view_id=surface.id, view=MODAL)
    scene.slack.press(scene.shown[-1], control({"type": "submit"}, {}))
    assert scene.payload["view"]["state"]["values"]["who"]["pick"]["selected_option"] == OPTION


@pytest.mark.parametrize(
    ("answer", "titles", "said"),
    [
        ({"response_action": "errors", "errors": {"who": "Nobody."}}, ["Find"], ["Nobody."]),
        ({"response_action": "clear"}, [], []),
        ({"response_action": "push", "view": {**MODAL, "title": {"text": "Two"}}}, ["Find", "Two"], []),
        ({"response_action": "update", "view": {**MODAL, "title": {"text": "New"}}}, ["New"], []),
    ],
)
def test_the_answer_to_a_submission_takes_effect(
    scene: Scene, answer: dict[str, Any], titles: list[str], said: list[str]
) -> None:
    surface = scene.opened({**MODAL, "blocks": []})
    scene.answers(answer)
    scene.slack.press(surface, control({"type": "submit"}, {}))
    assert [view["title"]["text"] for view in scene.workspace.modals[ADMIN.id]] == titles
    assert scene.said == said


def test_a_closed_modal_takes_nothing_more(scene: Scene) -> None:
    surface = scene.opened({**MODAL, "notify_on_close": True})
    scene.slack.press(surface, control({"type": "close"}, {}))
    assert scene.payload["type"] == "view_closed"
    scene.slack.press(surface, control({"type": "submit"}, {}))
    assert scene.said == ["Closed.", "That modal is closed."]


def test_a_trigger_opens_one_modal(scene: Scene) -> None:
    scene.slack.shortcut("find_extension")
    trigger = scene.payload["trigger_id"]
    scene.client.views_open(trigger_id=trigger, view=MODAL)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        scene.client.views_open(trigger_id=trigger, view=MODAL)
    assert [each.kind for each in scene.shown] == ["modal"]


def test_a_modal_that_is_opened_takes_the_place_of_others_and_one_that_is_pushed_stands_on_them(
    scene: Scene,
) -> None:
    for _ in range(5):
        scene.opened()
    assert len(scene.workspace.modals[ADMIN.id]) == 1
    for _ in range(2):
        scene.client.views_push(trigger_id=scene.workspace.trigger(ADMIN.id), view=MODAL)
    assert len(scene.workspace.modals[ADMIN.id]) == 3
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        scene.client.views_push(trigger_id=scene.workspace.trigger(ADMIN.id), view=MODAL)


def test_a_stale_hash_changes_no_modal(scene: Scene) -> None:
    surface = scene.opened()
    with pytest.raises(SlackApiError, match="hash_conflict"):
        scene.client.views_update(view_id=surface.id, hash="old", view=MODAL)


def test_the_home_is_published_for_one_member_and_handed_back_when_opened(scene: Scene) -> None:
    scene.client.views_publish(user_id=ADMIN.id, view={"type": "home", "blocks": [{"type": "divider"}]})
    assert (scene.shown[-1].kind, scene.shown[-1].member) == ("home", ADMIN.id)
    scene.slack.open_home()
    assert scene.event["view"]["id"] == scene.shown[-1].id
