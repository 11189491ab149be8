"""The sync, summary and call functions end to end: real clients, moto's server, the Connect stand-in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from bot import call_lambda, summary_lambda, sync_lambda
from bot.call_line import call_line
from bot.config import Settings
from bot.jobs import Job
from bot.slack.app_secrets import Secrets
from bot.wiring import Installation, installation, now
from core.calling.keypad import keys_of
from core.directory.keys import DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML
from core.errors import BadSettings, LeaseTaken, Unavailable
from core.models import Held, iso
from core.numbering.orders import (
    Approve,
    EndForward,
    ForgetMembers,
    Forward,
    Free,
    Move,
    PlanSync,
    Reserve,
    Swap,
)
from core.ports import Claim, Incident
from core.work import Work
from sandbox.aws.account import BUCKET, TABLE, Account, SlackSide, open_account
from sandbox.aws.connect_stand_in import INSTANCE_ARN
from sandbox.aws.connect_users import Person
from sandbox.aws.sample_people import people
from sandbox.loopback import Loopback, Reply, Request

COUNTS = ("assigned", "released", "returned", "relabelled", "healed", "left_over", "withheld")
AGENTS = 40
QUEUE = f"{INSTANCE_ARN}/queue/claims"


class Slack:
    """Takes what is posted; answers `refusing` with that error."""

    def __init__(self) -> None:
        self.posted: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.refusing = ""

    def answer(self, request: Request) -> Reply:
        self.asked.append(request.path.rpartition("/")[2])
        if self.refusing:
            return Reply(200, json.dumps({"ok": False, "error": self.refusing}))
        if request.path.endswith("users.lookupByEmail"):
            return Reply(200, json.dumps({"ok": True, "user": {"id": "U1"}}))
        if "users.info" in request.path:
            return Reply(200, json.dumps({"ok": True, "user": {"id": "UADMIN", "profile": {}}}))
        if request.path.endswith("auth.test"):
            return Reply(200, json.dumps({"ok": True, "team_id": "T1", "user_id": "UBOT", "bot_id": "BBOT"}))
        self.posted.append(json.loads(request.body))
        return Reply(200, json.dumps({"ok": True, "ts": "1.0", "channel": "C1"}))


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest.fixture
def account(slack: Slack) -> Iterator[Account]:
    with Loopback(slack.answer) as web:
        side = SlackSide(f"{web.url}/api/", "xoxb-test", "secret", "UADMIN")
        with open_account(people(AGENTS), {}, side, lambda name, error: None) as opened:
            os.environ["EXTENSION_RANGE"] = "7000-7099"
            yield opened


def sync(job: Job | None = None) -> dict[str, Any]:
    return sync_lambda.handler(job.to_event() if job else {}, None)


def counts(report: dict[str, Any]) -> dict[str, int]:
    return {name: report[name] for name in COUNTS if report[name]}


def table() -> Any:
    return boto3.resource("dynamodb").Table(TABLE)


def rows() -> list[dict[str, str]]:
    """The rows of the numbering: what a sync with nothing to do must leave as they are."""
    found = table().scan()["Items"]
    ours = [row for row in found if row["sk"] in ("agentID", "nu", "reserved", "extension")]
    return sorted(ours, key=lambda row: (row["pk"], row["sk"]))


def number_of(username: str) -> str:
    return next(row["pk"] for row in rows() if row["sk"] == "agentID" and row["sk_value"] == username)


def exports() -> dict[str, str]:
    listed = boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {entry["Key"]: entry["ETag"] for entry in listed}


def call(**parameters: Any) -> dict[str, str]:
    return call_lambda.handler({"Details": {"Parameters": parameters}}, None)


# sync


def test_a_first_sync_gives_everybody_a_number_and_a_second_one_writes_nothing(account: Account) -> None:
    assert counts(sync()) == {"assigned": AGENTS}
    before, exported = rows(), exports()
    report = sync()
    assert (counts(report), report["unchanged"], report["exported"]) == ({}, AGENTS, False)
    assert (rows(), exports()) == (before, exported)


def test_the_answer_is_json_with_everything_the_contract_names(account: Account) -> None:
    report = json.loads(json.dumps(sync()))
    assert {"run_id", *COUNTS, "unchanged", "duration_ms"} <= report.keys()


def test_leavers_are_held_and_a_renamed_agent_keeps_the_number(account: Account) -> None:
    sync()
    renamed, *leavers = account.connect.people[5:9]
    number = number_of(renamed.username)
    for leaver in leavers:
        account.connect.leave(leaver.id)
    account.connect.rename(renamed.id, "Nova", "Newname")
    assert counts(sync()) == {"released": 3, "relabelled": 1}
    assert number_of(renamed.username) == number
    assert sum("held_until" in row for row in rows()) == 3


def test_a_returning_agent_gets_the_old_number_back(account: Account) -> None:
    sync()
    person = account.connect.people[7]
    number = number_of(person.username)
    account.connect.leave(person.id)
    sync()
    account.connect.join(person)
    assert counts(sync()) == {"returned": 1}
    assert number_of(person.username) == number


def test_too_many_leavers_wait_for_a_person_who_approves_exactly_them(account: Account) -> None:
    sync()
    for leaver in account.connect.people[:6]:
        account.connect.leave(leaver.id)
    assert counts(sync()) == {"withheld": 6}
    last = table().get_item(Key={"pk": "sync", "sk": "last"})["Item"]
    approval = json.loads(last["report"])["approval"]
    assert counts(sync(Job(Approve("somethingelse"), by="UADMIN"))) == {"withheld": 6}
    assert counts(sync(Job(Approve(approval), by="UADMIN"))) == {"released": 6}


def test_a_run_that_was_started_on_home_shows_its_result_there(account: Account, slack: Slack) -> None:
    sync(Job(by="UADMIN", place="home"))
    assert "views.publish" in slack.asked
    (home,) = (posted["view"] for posted in slack.posted if "view" in posted)
    assert "*Last sync*, started by <@UADMIN>: 40 assigned" in str(home)


def test_a_pool_that_runs_out_gives_what_it_has_and_names_the_rest(account: Account) -> None:
    os.environ["EXTENSION_RANGE"] = "7000-7009"
    report = sync()
    assert (report["assigned"], report["left_over"]) == (10, AGENTS - 10)


def test_a_plan_changes_nothing(account: Account) -> None:
    report = sync(Job(PlanSync(), by="UADMIN"))
    assert (counts(report), report["dry_run"], rows()) == ({"assigned": AGENTS}, True, [])


def test_the_export_is_the_three_files_and_dated_copies(account: Account) -> None:
    sync()
    found = exports()
    assert {DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML} < found.keys()
    assert any(key.startswith("history/") for key in found)


def test_a_missing_bucket_is_told_by_its_setting_and_the_numbers_stand(account: Account) -> None:
    os.environ["EXPORT_BUCKET"] = "no-such-bucket"
    report = sync()
    assert counts(report) == {"assigned": AGENTS}
    assert "EXPORT_BUCKET" in report["warnings"][0]


def test_an_export_that_failed_is_made_up_for_by_the_next_run(account: Account) -> None:
    os.environ["EXPORT_BUCKET"] = "no-such-bucket"
    sync()
    os.environ["EXPORT_BUCKET"] = BUCKET
    assert sync()["exported"] is True


def test_a_missing_table_is_told_by_its_setting(account: Account) -> None:
    os.environ["EXTENSIONS_TABLE"] = "no-such-table"
    with pytest.raises(Unavailable, match="EXTENSIONS_TABLE"):
        sync()


def test_a_connect_that_does_not_answer_raises_and_the_next_run_is_not_kept_out(account: Account) -> None:
    reached = os.environ["AWS_ENDPOINT_URL_CONNECT"]
    os.environ["AWS_ENDPOINT_URL_CONNECT"] = "http://127.0.0.1:9"
    with pytest.raises(Unavailable, match="CONNECT_INSTANCE_ID"):
        sync()
    os.environ["AWS_ENDPOINT_URL_CONNECT"] = reached
    assert counts(sync()) == {"assigned": AGENTS}


def test_a_run_that_finds_the_lease_taken_says_by_whom_and_changes_nothing(account: Account) -> None:
    lease = {"pk": "sync", "sk": "lease", "sk_value": "run-1", "holder": "UBOSS", "token": 4}
    times = {"started": "2026-11-22T09:00:00Z", "lease_until": iso(now() + timedelta(minutes=1))}
    table().put_item(Item={**lease, **times})
    report = sync()
    assert all(word in report["skipped"] for word in ("run-1", "UBOSS", "2026-11-22T09:00:00Z"))
    assert rows() == []


def test_an_admin_job_is_done_and_told(account: Account, slack: Slack) -> None:
    sync()
    url = os.environ["SLACK_API_URL"].replace("/api/", "/response/1")
    job = Job(Reserve("7090", "lobby"), by="UADMIN", response_url=url)
    assert sync(job)["reserved"] == "7090"
    assert "7090" in slack.posted[-1]["text"]


def test_a_refused_admin_job_is_told_and_changes_nothing(account: Account, slack: Slack) -> None:
    sync()
    before = rows()
    url = os.environ["SLACK_API_URL"].replace("/api/", "/response/1")
    answer = sync(Job(Reserve("7000", "mine"), by="UADMIN", response_url=url))
    assert "belongs to" in answer["refused"]
    assert (rows(), "belongs to" in slack.posted[-1]["text"]) == (before, True)


def test_a_move_gives_the_number_by_name_and_holds_the_old_one(account: Account) -> None:
    sync()
    person = account.connect.people[3]
    old = number_of(person.username)
    sync(Job(Move(person.id, "7099"), by="UADMIN"))
    assert number_of(person.username) == "7099"
    assert next(row for row in rows() if row["pk"] == old)["agent_id"] == person.id
    assert counts(sync()) == {}


def test_the_log_of_a_sync_holds_no_names_and_no_emails(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    sync()
    for leaver in account.connect.people[:6]:
        account.connect.leave(leaver.id)
    os.environ["EXPORT_BUCKET"] = "no-such-bucket"
    person = account.connect.people[20]
    refused = Job(Reserve(number_of(person.username)), by="UADMIN")
    answers = [sync(), sync(refused)]
    logged = str([record.__dict__ for record in caplog.records])
    assert answers[0]["warnings"]
    assert person.last_name in answers[1]["refused"]
    assert "'withheld': 6" in logged
    for each in account.connect.people:
        assert each.username not in logged
        assert f"{each.first_name} {each.last_name}" not in logged


def test_a_forged_job_is_refused_and_changes_nothing(account: Account) -> None:
    answer = sync_lambda.handler({"job": {"task": "move", "agent": 7, "extension": ["7000"]}}, None)
    assert "another version" in answer["refused"]
    assert rows() == []


def test_a_job_of_another_version_is_refused_and_whoever_pressed_is_told(
    account: Account, slack: Slack
) -> None:
    url = os.environ["SLACK_API_URL"].replace("/api/", "/response/1")
    sync_lambda.handler({"job": {"task": "later", "by": "UADMIN", "response_url": url}}, None)
    assert slack.posted[-1]["text"].startswith("That was asked of another version of me. Nothing was done.")


def test_a_move_that_lambda_delivers_twice_is_done_once_and_told_once(account: Account, slack: Slack) -> None:
    sync()
    person, url = account.connect.people[3], os.environ["SLACK_API_URL"].replace("/api/", "/response/1")
    job = Job(Move(person.id, "7099"), "UADMIN", url, id="one-name")
    assert sync(job)["moved"] == "7099"
    assert sync(job) == {"repeated": "one-name"}
    # One answer to the admin, and one notice to the agent.
    assert ["response_type" in message for message in slack.posted] == [True, False]


# summary


def test_the_summary_is_posted_once_a_day_even_when_the_schedule_fires_twice(
    account: Account, slack: Slack
) -> None:
    sync()
    assert summary_lambda.handler({}, None)["posted"] is True
    assert summary_lambda.handler({}, None)["posted"] is False
    assert len(slack.posted) == 1


def test_the_summary_tells_what_changed(account: Account, slack: Slack) -> None:
    sync()
    assert summary_lambda.handler({}, None)["assigned"] == AGENTS
    assert "7000" in slack.posted[0]["text"]


def test_a_summary_that_could_not_be_posted_raises_and_may_be_tried_again(
    account: Account, slack: Slack
) -> None:
    slack.refusing = "is_archived"
    with pytest.raises(Exception, match="is_archived"):
        summary_lambda.handler({}, None)
    slack.refusing = ""
    assert summary_lambda.handler({}, None)["posted"] is True


def test_after_the_app_was_removed_there_is_no_summary_until_a_token_works_again(
    account: Account, slack: Slack
) -> None:
    here = installation()
    here.incidents.remember(Incident.UNINSTALLED)
    slack.refusing = "account_inactive"
    answer = summary_lambda.handler({}, None)
    assert (answer["posted"], answer["reason"]) == (False, "The app was removed from Slack.")
    slack.refusing = ""
    assert summary_lambda.handler({}, None)["posted"] is True
    assert here.incidents.since(Incident.UNINSTALLED) == ""


def test_a_member_is_forgotten_whole(account: Account) -> None:
    links = installation().links
    links.link("U2", "another")
    for member in ("U1", "U12"):
        links.link(member, f"agent of {member}")
        links.set_notices(member, wanted=False)
    assert links.members("agent of U1") == ["U1"]
    claims = installation().claims
    for member in ("U1", "U12"):
        for what in (("0777", "2026-11-22"), ("2026-11-22", 0)):
            claims.claim(name := Work.REQUEST.named(member, *what), 60)
            claims.done(name)
            assert claims.claim(name, 60) is Claim.DONE
    assert (links.forget("U1"), links.forget("U1")) == (4, 0)
    assert claims.claim(Work.REQUEST.named("U1", "0777", "2026-11-22"), 60) is Claim.ACQUIRED
    assert claims.claim(Work.REQUEST.named("U12", "0777", "2026-11-22"), 60) is Claim.DONE
    assert (links.members("agent of U1"), links.members("agent of U12")) == ([], ["U12"])
    assert (links.linked("U1"), links.wants_notices("U1")) == ("", True)
    assert (links.linked("U12"), links.wants_notices("U12")) == ("agent of U12", False)
    assert links.all_linked(["U1", "U12"]) == {"U12": "agent of U12"}


def test_the_members_of_a_workspace_are_forgotten_and_no_number_is(account: Account) -> None:
    sync()
    before = rows()
    here = installation()
    here.links.link("U1", "agent")
    here.links.set_notices("U2", wanted=False)
    for name in ("slack-D1-100.1", "ask-U1-7777-2026-11-22", "message-V1", "rival-agent-U1-U2"):
        here.claims.claim(name, 20)
    here.claims.claim("summary-2026-11-22", 20)
    assert sync(Job(ForgetMembers(), by="slack"))["forgotten"] == 7
    kept = {row["pk"] for row in table().scan()["Items"]}
    assert not [
        key for key in kept if key.startswith(("link#", "event#slack-", "event#ask-", "event#rival-"))
    ]
    assert "event#summary-2026-11-22" in kept
    assert rows() == before


def test_without_a_channel_there_is_no_summary(account: Account, slack: Slack) -> None:
    os.environ["SUMMARY_CHANNEL"] = ""
    answer = summary_lambda.handler({}, None)
    assert (answer["posted"], "SUMMARY_CHANNEL" in answer["reason"], slack.posted) == (False, True, [])


# call


def test_a_call_is_answered_with_the_agent_of_the_digits(account: Account) -> None:
    sync()
    person = account.connect.people[0]
    number = number_of(person.username)
    answer = call(extension=number)
    assert (answer["found"], answer["agent_id"], answer["username"]) == ("true", person.id, person.username)
    assert answer["agent_arn"].endswith(f"/agent/{person.id}")
    assert (answer["pk"], answer["sk"], answer["sk_value"]) == (number, "agentID", person.username)
    assert call(pk=number) == answer


def test_a_call_to_the_old_number_of_somebody_who_moved_is_answered_with_them(account: Account) -> None:
    sync()
    person = account.connect.people[3]
    old = number_of(person.username)
    sync(Job(Move(person.id, "7099"), by="UADMIN"))
    assert call(extension=old) == call(extension="7099") | {"extension": old, "pk": old}
    account.connect.leave(person.id)
    sync()
    assert [call(extension=digits)["found"] for digits in (old, "7099")] == ["false", "false"]


def test_digits_are_taken_as_keyed(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTENSION_RANGE", "0000-0099")
    sync()
    assert call(extension="0000")["found"] == "true"
    assert call(extension="0000#") == call(extension="0000")
    # Fewer digits than a number has lead to nobody, and are read back as they were keyed.
    short = [call(extension=keyed) for keyed in ("0", "00", "000", "42#")]
    assert [(answer["found"], answer["extension"]) for answer in short] == [
        ("false", "0"),
        ("false", "00"),
        ("false", "000"),
        ("false", "42"),
    ]


def test_an_assigned_number_outside_the_range_still_rings(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTENSION_RANGE", "0000-0099")
    sync()
    monkeypatch.setenv("EXTENSION_RANGE", "00000-00099")
    assert (call(extension="0000")["found"], call(extension="00000")["found"]) == ("true", "false")


def test_a_number_a_name_and_an_offer_take_two_requests_at_most(account: Account) -> None:
    sync()
    person = account.connect.people[3]
    old, now_on = number_of(person.username), "7099"
    sync(Job(Move(person.id, now_on), by="UADMIN"))
    line = call_line()
    asked: list[str] = []
    line.session.events.register("before-call", lambda **call: asked.append(call["model"].name))

    def requests(**parameters: str) -> list[str]:
        asked.clear()
        handled = {"Details": {"Parameters": parameters, "ContactData": {"ContactId": "contact-1"}}}
        said = call_lambda.handler(handled, None)
        assert {type(value) for value in said.values()} == {str}
        assert len(said) == 29
        return [*asked]

    assert requests(extension=now_on) == ["BatchGetItem"]
    assert requests(extension=old) == ["BatchGetItem"] * 2
    sync(Job(Forward(person.id, account.connect.people[4].id, iso(now() + timedelta(hours=1)))))
    for forwarded in (now_on, old):
        assert requests(extension=forwarded) == ["BatchGetItem"] * 2
    assert requests(name_keys=keypad(person.last_name)) == ["BatchGetItem"] * 2
    assert requests(offer=person.id) == ["AssociateContactWithUser"]


def keypad(name: str) -> str:
    """The first three keys of a name of one word."""
    (keys,) = keys_of(name)
    return keys[:3]


def test_a_name_reaches_its_person_by_star_or_by_name_keys(account: Account) -> None:
    sync()
    person = account.connect.people[0]
    # From the first letter of the first name on.
    keys = min(
        keys_of(f"{person.first_name} {person.last_name}"),
        key=lambda each: each[:3] != keypad(person.first_name),
    )
    star, named = call(extension=f"*{keys}#"), call(name_keys=keys)
    assert (star["extension"], star["pk"]) == (f"*{keys}", f"*{keys}")
    assert star["found"] == "true"
    assert (star["matches"], star["agent_id"], star["name_1"]) == (
        "1",
        person.id,
        f"{person.first_name} {person.last_name}",
    )
    assert named == star | {"extension": keys, "pk": keys}


def test_an_offer_is_made_to_somebody_busy_and_refused_to_somebody_offline(account: Account) -> None:
    sync()
    person = account.connect.people[0]
    event = {"Details": {"Parameters": {"offer": person.id}, "ContactData": {"ContactId": "contact-1"}}}
    account.connect.set_status(person.id, "Lunch")
    assert call_lambda.handler(event, None)["offered"] == "true"
    account.connect.set_status(person.id, "Offline")
    assert call_lambda.handler(event, None)["offered"] == "false"
    del event["Details"]["ContactData"]
    assert call_lambda.handler(event, None)["offered"] == "false"


DIGITS: list[Any] = ["7098", "", "Timeout", "70001", "70 0", "٧٠٠٠", "#", None, {}, "9" * 5000]
NOWHERE: list[Any] = [{"Details": {"Parameters": {"extension": digits}}} for digits in DIGITS]
MALFORMED: list[Any] = [{}, None, [], {"Details": None}, {"Details": {"Parameters": []}}]


def test_digits_that_lead_nowhere_are_an_answer(account: Account) -> None:
    answers = [call_lambda.handler(event, None) for event in NOWHERE + MALFORMED]
    assert {answer["found"] for answer in answers} == {"false"}
    assert {type(value) for answer in answers for value in answer.values()} == {str}


# questions


def test_a_cold_question_makes_five_requests_of_aws_and_a_warm_one_two(account: Account) -> None:
    sync()
    here = Installation(Settings.from_env(os.environ))
    asked: list[str] = []
    here._session.events.register("before-call", lambda **call: asked.append(call["model"].name))
    person = account.connect.people[0]

    def ask() -> list[str]:
        asked.clear()
        (match,) = here.lookup.people(f"{person.first_name} {person.last_name}").matches
        assert here.quick_connect.availability([match.entry.agent_id])
        return [*asked]

    assert here.secrets.bot_token
    assert asked == ["GetSecretValue"]
    assert ask() == ["GetObject", "BatchGetItem", "GetCurrentUserData", "ListAgentStatuses"]
    assert ask() == ["BatchGetItem", "GetCurrentUserData"]


def test_connect_finds_a_new_agent_by_a_word_of_the_name_or_username(account: Account) -> None:
    here = Installation(Settings.from_env(os.environ))
    person = account.connect.people[0]
    for word in (person.first_name, person.last_name[1:], person.username.upper()):
        found = here.quick_connect.having(word[:25])
        assert person.id in [agent.id for agent in found]
        assert len(found) < len(account.connect.people)
    assert here.quick_connect.having("qqqq") == ()


def test_a_denied_status_is_counted_each_time_and_logged_and_remembered_once(
    account: Account, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    counted: list[dict[str, float]] = []
    monkeypatch.setattr("bot.wiring.emit", lambda **values: counted.append(values))
    with Loopback(lambda _: Reply(403, "{}", {"x-amzn-ErrorType": "AccessDeniedException"})) as denying:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CONNECT", denying.url)
        here = Installation(Settings.from_env(os.environ))
        assert [here.quick_connect.availability([agent]) for agent in ("one", "two")] == [{}, {}]
    assert counted == [{"AvailabilityDenied": 1}] * 2
    assert [record.levelname for record in caplog.records if "who is available" in record.message] == [
        "ERROR"
    ]
    assert here.incidents.since(Incident.AVAILABILITY_DENIED)


# a container that starts from a snapshot


def test_a_snapshot_holds_all_but_the_secret(account: Account, slack: Slack) -> None:
    here = Installation(Settings.from_env(os.environ))
    asked: list[str] = []
    here._session.events.register("before-call", lambda **call: asked.append(call["model"].name))
    here.warm()
    app = here.app
    assert (asked, here.app is app) == (["GetSecretValue", "PutItem", "GetSecretValue"], True)
    assert [request for request in slack.asked if request == "auth.test"] == ["auth.test"]


def test_a_secret_that_was_changed_after_the_snapshot_counts(account: Account) -> None:
    here = Installation(Settings.from_env(os.environ))
    here.warm()
    changed = json.dumps({"SLACK_BOT_TOKEN": "xoxb-new", "SLACK_SIGNING_SECRET": "new"})
    boto3.client("secretsmanager").put_secret_value(
        SecretId=os.environ["SLACK_SECRET_ID"], SecretString=changed
    )
    assert here.secrets == Secrets("xoxb-new", "new")


# changes of users from the queue


def changes(*ids: str) -> dict[str, Any]:
    """An event of the queue of user changes, as Lambda delivers it."""
    arn = "arn:aws:sqs:eu-central-1:123456789012:changes"
    return {
        "Records": [
            {"messageId": each, "receiptHandle": f"handle-{each}", "eventSourceARN": arn, "body": "{}"}
            for each in ids
        ]
    }


def test_changes_of_users_make_one_sync(account: Account) -> None:
    assert sync_lambda.handler(changes("a", "b"), None)["assigned"] == AGENTS


def test_while_another_run_has_the_lease_the_queue_is_asked_again(account: Account) -> None:
    running = installation().writer()
    running.acquire("run-1", "schedule")
    with pytest.raises(LeaseTaken, match="run-1"):
        sync_lambda.handler(changes("a"), None)
    running.finish(None)
    assert sync_lambda.handler(changes("a"), None)["assigned"] == AGENTS


def test_changes_whose_time_can_not_be_changed_are_logged(
    account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    installation().writer().acquire("run-1", "schedule")
    event = changes("a")
    del event["Records"][0]["eventSourceARN"]
    with pytest.raises(LeaseTaken):
        sync_lambda.handler(event, None)
    assert "the changes come again when they are visible again" in caplog.text


@pytest.mark.parametrize(
    "record",
    ["text", None, 7, [], {}, {"eventSourceARN": 7}, {"eventSourceARN": "arn", "receiptHandle": None}],
)
def test_odd_records_raise_no_other_error_than_the_runs(account: Account, record: Any) -> None:
    installation().writer().acquire("run-1", "schedule")
    with pytest.raises(LeaseTaken):
        sync_lambda.handler({"Records": [record]}, None)


@pytest.mark.parametrize("event", [None, [], ["text"], "text", 7])
def test_an_event_that_is_no_object_is_a_plain_sync(account: Account, event: Any) -> None:
    assert sync_lambda.handler(event, None)["assigned"] == AGENTS


def test_a_schedule_that_finds_the_lease_taken_is_no_failure(account: Account) -> None:
    installation().writer().acquire("run-1", "schedule")
    assert sync()["skipped"]


# notices


def newcomer() -> Person:
    """The next of the people whom the sandbox invents."""
    return people(AGENTS + 1)[AGENTS]


def test_a_sync_tells_a_new_agent_their_number_and_only_them(account: Account, slack: Slack) -> None:
    sync()
    assert slack.posted == []
    account.connect.join(newcomer())
    sync()
    told = [posted["text"] for posted in slack.posted if "text" in posted]
    assert len(told) == 1
    assert "Your extension is 7040" in told[0]


def test_a_forward_leads_calls_to_the_colleague_and_both_are_told_of_it_and_of_its_end(
    account: Account, slack: Slack
) -> None:
    sync()
    jane, bob = account.connect.people[:2]
    sync(Job(Forward(jane.id, bob.id, iso(now() + timedelta(hours=2))), by="UADMIN"))
    answer = call(extension=number_of(jane.username))
    assert (answer["agent_id"], answer["forwarded_from"]) == (bob.id, f"{jane.first_name} {jane.last_name}")
    assert parts_of(slack) == (["Your calls go to", "come to you until"], 2)
    sync(Job(EndForward(jane.id), by="UADMIN"))
    assert call(extension=number_of(jane.username))["agent_id"] == jane.id
    assert parts_of(slack) == (["Your calls ring on", "don't come to you any more"], 2)


def parts_of(slack: Slack) -> tuple[list[str], int]:
    """What the direct messages since the last look say of forwards, and how many there were."""
    texts = [posted["text"] for posted in slack.posted if "text" in posted]
    slack.posted.clear()
    parts = ["Your calls go to", "come to you until", "Your calls ring on", "don't come to you any more"]
    return [part for part in parts if any(part in text for text in texts)], len(texts)


def test_a_slack_that_refuses_changes_no_number(account: Account, slack: Slack) -> None:
    sync()
    account.connect.join(newcomer())
    slack.refusing = "fatal_error"
    assert counts(sync()) == {"assigned": 1}


# the policy file


def test_a_policy_file_gives_teams_their_ranges_and_reserves_its_blocks(
    account: Account, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text(
        "ranges:\n  - team: Billing\n    range: 7050-7069\n"
        "reserved:\n  - numbers: 7090-7099\n    note: doors\n"
        f"queues:\n  - number: 7080\n    name: Claims\n    queue: {QUEUE}\n"
    )
    os.environ["POLICY_FILE"] = str(policy)
    sync()
    teams = {row["pk"]: row.get("team", "") for row in rows() if row["sk"] == "agentID"}
    assert {team for number, team in teams.items() if "7050" <= number <= "7069"} == {"Billing"}
    assert "Billing" not in {team for number, team in teams.items() if not "7050" <= number <= "7069"}
    assert [row["pk"] for row in rows() if row["sk"] == "reserved"] == ["7080", *map(str, range(7090, 7100))]
    told = call(extension="7080")
    assert (told["kind"], told["queue_arn"], told["display_name"]) == ("queue", QUEUE, "Claims")
    assert [(each.extension, each.name) for each in installation().lookup.directory().queues] == [
        ("7080", "Claims")
    ]


def test_a_policy_file_that_is_wrong_stops_the_sync_with_its_line(account: Account, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    policy.write_text("ranges:\n  - team: Billing\n")
    os.environ["POLICY_FILE"] = str(policy)
    with pytest.raises(BadSettings, match=r"policy\.yml, line 2"):
        sync()
    os.environ["POLICY_FILE"] = str(tmp_path / "none.yml")
    with pytest.raises(BadSettings, match="can't be read"):
        sync()


def test_two_agents_are_swapped_and_a_hold_is_ended(account: Account) -> None:
    sync()
    one, other = account.connect.people[2:4]
    before = number_of(one.username), number_of(other.username)
    sync(Job(Swap(one.id, other.id), "U0ADMIN"))
    assert (number_of(other.username), number_of(one.username)) == before
    account.connect.leave(other.id)
    held = number_of(other.username)
    sync()
    assert "is held for" in sync(Job(Free(held), "U0ADMIN"))["refused"]
    hold = installation().reader.table().records[held].state
    assert isinstance(hold, Held)
    assert sync(Job(Free(held, hold.mark), "U0ADMIN"))["freed"] == held
