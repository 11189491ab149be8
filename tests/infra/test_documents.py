"""docs/deploy.md holds when followed literally: variables are filled, commands fit what is deployed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

from core.aws import small_rows
from core.aws.rows import HISTORY_DAYS
from infra import package, settings_page
from tests.infra.template import Template

DEPLOY = (package.ROOT / "docs" / "deploy.md").read_text()
COSTS = (package.ROOT / "docs" / "costs.md").read_text()
README = (package.ROOT / "README.md").read_text()
OPERATIONS = (package.ROOT / "docs" / "operations.md").read_text()
PRIVACY = (package.ROOT / "PRIVACY.md").read_text()
# The services of the stack's resources, as the page calls what they make.
_MADE = {
    "ApiGatewayV2": "an HTTP API",
    "CloudWatch": "alarms",
    "Connect": "connect:*ContactFlow*",
    "DynamoDB": "a DynamoDB table",
    "Events": "EventBridge rules",
    "IAM": "IAM roles",
    "Lambda": "Lambda functions",
    "Logs": "log groups",
    "S3": "S3 buckets",
    "SNS": "an SNS topic",
    "SQS": "SQS queues",
    "Scheduler": "schedules",
    "SecretsManager": "a secret",
}


def commands(page: str) -> str:
    """The indented lines: what a reader pastes into a shell."""
    return "\n".join(line for line in page.splitlines() if line.startswith("    "))


def test_every_variable_is_set_before_it_is_used() -> None:
    shell = f"{commands(DEPLOY)}\n{commands(OPERATIONS)}"
    for name in set(re.findall(r'"\$\{?([A-Z_]+)', shell)):
        set_at = re.search(rf"(?:^|\s|read -rs ){name}(=|$)", shell, re.MULTILINE)
        assert set_at, f"{name} is never set"
        used = re.search(rf'"\$\{{{{?{name}\b', shell)
        assert used is None or set_at.start() < used.start()


def test_no_command_has_a_place_for_the_reader_to_fill_in_an_id_or_arn() -> None:
    for line in commands(DEPLOY).splitlines():
        bare = re.sub(r'"[^"]*"|[A-Z_]+=\S*', "", line)
        assert not re.search(r"(?<![$\w{-])(?:ID|[A-Z]+_(?:ARN|ID|URL))\b", bare), line


@pytest.mark.deploy
def test_every_output_that_is_read_is_one_of_the_stack(template: Template) -> None:
    assert set(re.findall(r"\$\(output (\w+)\)", DEPLOY)) <= template.raw["Outputs"].keys()


def test_the_manifest_gets_its_address_by_the_line_of_the_page(tmp_path: Path) -> None:
    (line,) = re.findall(r"^ +(sed .+)$", DEPLOY, re.MULTILINE)
    ours = line.replace("my-manifest.yml", str(tmp_path / "mine.yml"))
    url = "https://abc.execute-api.eu-central-1.amazonaws.com/slack/events"
    environ = {"REQUEST_URL": url, "PATH": "/usr/bin:/bin"}
    subprocess.run(["bash", "-c", ours], cwd=package.ROOT, env=environ, check=True)
    mine = (tmp_path / "mine.yml").read_text()
    assert yaml.safe_load(mine)["settings"]["event_subscriptions"]["request_url"] == url
    assert sum(url in each for each in mine.splitlines()) == 6
    assert "url: https://YOUR-API" not in mine
    assert "agent_view" in yaml.safe_load(mine)["features"]


def test_the_shell_of_the_page_parses() -> None:
    blocks = re.findall(r"(?:^ {4,}.+\n|^\n(?= {4}))+", DEPLOY, re.MULTILINE)
    for block in blocks:
        text = re.sub(r"^ {4,8}", "", block, flags=re.MULTILINE)
        ran = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
        assert ran.returncode == 0, text + ran.stderr


def test_no_command_replaces_a_whole_schedule() -> None:
    assert "update-schedule" not in commands(OPERATIONS) + commands(DEPLOY)


def test_the_price_at_the_top_is_that_of_the_sums() -> None:
    (low, high) = re.findall(r"costs about (\d+) to (\d+) US dollars", " ".join(DEPLOY.split()))[0]
    (line,) = re.findall(r"^\| a month, in all \|(.+)\|$", COSTS, re.MULTILINE)
    sums = [float(found) for found in re.findall(r"[\d.]+", line)]
    assert (int(low), int(high)) == (round(min(sums)), round(max(sums)))


def test_the_page_of_settings_is_the_one_that_the_code_gives() -> None:
    assert settings_page.PAGE.read_text() == settings_page.page(), "run: python -m infra.settings_page"


def test_every_variable_that_config_reads_is_a_setting_of_the_page() -> None:
    read = set(re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', (package.ROOT / "bot" / "config.py").read_text()))
    assert len(read) > 20
    assert read == {setting.name for setting in settings_page.settings()}


def test_the_settings_of_the_readme_are_six_that_are_read() -> None:
    named = re.findall(r"^\| `([A-Z_]+)`", README, re.MULTILINE)
    assert len(named) == 6
    assert set(named) <= {setting.name for setting in settings_page.settings()}


def test_the_names_that_aws_and_its_sdk_use_for_other_things_are_told_apart() -> None:
    assert all(name in DEPLOY for name in ("Amazon Connect\nCustomer", "`getExtension()`"))


@pytest.mark.deploy
def test_the_rights_of_whoever_deploys_are_for_all_that_the_stack_makes(template: Template) -> None:
    services = {each.split("::")[1] for each in template.types if each.startswith("AWS::")}
    rights = " ".join(DEPLOY[DEPLOY.index("these rights") : DEPLOY.index("`AdministratorAccess`")].split())
    assert {service for service in services if _MADE[service] not in rights} == set()


def test_the_bot_is_invited_by_the_name_that_the_manifest_gives_it() -> None:
    manifest = yaml.safe_load((package.ROOT / "slack-manifest.yml").read_text())
    assert f"`/invite @{manifest['features']['bot_user']['display_name']}`" in DEPLOY


def test_the_page_says_what_each_answer_to_an_unsigned_request_means() -> None:
    answers = " ".join(DEPLOY[DEPLOY.index("If the address doesn't verify") :].split())
    assert all(
        answer in answers for answer in ("401 is right", "500: the log", "404: the address", "No answer:")
    )


def test_the_privacy_page_says_how_long_the_rows_of_people_are_kept() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PRIVACY.splitlines() if "|" in line]
    kept = {what: how_long for what, where, how_long, _ in rows if where in ("the table", "the bucket")}
    expected = {
        "the history": f"{HISTORY_DAYS} days",
        "messages that were answered": f"{small_rows.CLAIM_DAYS} days",
        "releases wait for an approval": f"{small_rows.RECORD_DAYS} days",
    }
    for part, days in expected.items():
        (how_long,) = (kept[what] for what in kept if part in what)
        assert days in how_long
    for words in ("link of a Slack", "wants no messages", "asked for a number", "the newest report"):
        assert [what for what in kept if words in what], words
