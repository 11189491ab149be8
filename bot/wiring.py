"""The one place that builds things. Importing it does nothing; each thing is built when first asked for.

An installation is kept for as long as its part of the environment stays the same: in Lambda, for the
life of the container.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bot.config import Settings
from bot.region import region_of
from bot.telemetry import emit, in_lambda
from core.aws.clients import Service, Session, aws_client, aws_session
from core.aws.reader import DynamoTableReader
from core.aws.table import Table
from core.errors import BadSettings, Unavailable
from core.ports import Incident

if TYPE_CHECKING:
    from slack_bolt import App
    from slack_sdk import WebClient

    from bot.jobs import Job, JobServices
    from bot.mcp import Tools
    from bot.messages.blocks import Message
    from bot.services import Services
    from bot.slack.app_secrets import Secrets, SecretStore
    from bot.slack.notices import Notices
    from bot.slack.verification import SlackSignature, Workspace
    from core.asking.lookup import Lookup
    from core.aws.connect import ConnectInstance
    from core.aws.exports_and_links import S3Exports
    from core.aws.small_rows import (
        DynamoClaims,
        DynamoIncidents,
        DynamoLinks,
        DynamoRunRecords,
        DynamoSummaries,
    )
    from core.aws.writer import DynamoTableWriter
    from core.models import HistoryEntry, Policy
    from core.numbering.admin import Admin
    from core.numbering.sync import Sync
    from core.status import Status

_log = logging.getLogger(__name__)

# How long an answer may wait for an agent's status, and for anything else that a person waits for.
_STATUS_SECONDS, _ASKED_SECONDS = 0.8, 1.5


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


class Installation:
    """All objects of one set of settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._app: tuple[str, Workspace, App] | None = None
        self._tools: tuple[tuple[str, Workspace, App], Tools] | None = None
        self._denial_is_told = False

    def _client(self, service: Service, patience: float = 10, attempts: int = 4) -> Any:
        return aws_client(service, self.settings.region, patience, attempts, self._session)

    @cached_property
    def _session(self) -> Session:
        return aws_session()

    @cached_property
    def _table(self) -> Table:
        return Table(self._client("dynamodb"), self.settings.table)

    @cached_property
    def _quick_table(self) -> Table:
        return Table(self._client("dynamodb", _ASKED_SECONDS, attempts=2), self.settings.table)

    @cached_property
    def reader(self) -> DynamoTableReader:
        return DynamoTableReader(self._quick_table, now)

    @cached_property
    def _patient_reader(self) -> DynamoTableReader:
        """For jobs, which have time."""
        return DynamoTableReader(self._table, now)

    @cached_property
    def claims(self) -> DynamoClaims:
        from core.aws.small_rows import DynamoClaims

        return DynamoClaims(self._quick_table, now)

    @cached_property
    def summaries(self) -> DynamoSummaries:
        from core.aws.small_rows import DynamoSummaries

        return DynamoSummaries(self._quick_table)

    @cached_property
    def records(self) -> DynamoRunRecords:
        from core.aws.small_rows import DynamoRunRecords

        return DynamoRunRecords(self._quick_table, now)

    @cached_property
    def links(self) -> DynamoLinks:
        from core.aws.small_rows import DynamoLinks

        return DynamoLinks(self._quick_table, now)

    @cached_property
    def incidents(self) -> DynamoIncidents:
        from core.aws.small_rows import DynamoIncidents

        return DynamoIncidents(self._quick_table, now)

    @cached_property
    def exports(self) -> S3Exports:
        """For exports, which may be large."""
        return self._exports(self._client("s3"))

    @cached_property
    def quick_exports(self) -> S3Exports:
        """For answers that a person waits for."""
        return self._exports(self._client("s3", _ASKED_SECONDS, attempts=2))

    def _exports(self, client: Any) -> S3Exports:
        from core.aws.exports_and_links import S3Exports

        return S3Exports(client, self.settings.bucket, self.settings.link_minutes)

    @cached_property
    def connect(self) -> ConnectInstance:
        """For a sync, which has time."""
        return self._connect(self._client("connect", patience=20))

    @cached_property
    def quick_connect(self) -> ConnectInstance:
        """For answers that a person waits for."""
        from core.aws.connect import CONTAINERS

        client = self._client("connect", _STATUS_SECONDS, attempts=1)
        among = CONTAINERS if in_lambda() else 1
        return self._connect(client, patient=False, on_denied=self._availability_denied, containers=among)

    def _connect(self, client: Any, **how: Any) -> ConnectInstance:
        from core.aws.connect import ConnectInstance

        return ConnectInstance(client, self.settings.instance_id, **how)

    def _availability_denied(self, said: str) -> None:
        """Count that an answer could not say who is available; log and remember the first such of all."""
        emit(AvailabilityDenied=1)
        if not self._denial_is_told:
            self._denial_is_told = True
            _log.error("Answers don't say who is available: %s", said)
            with suppress(Unavailable):
                self.incidents.remember(Incident.AVAILABILITY_DENIED)

    def writer(self) -> DynamoTableWriter:
        """A writer for one run."""
        from core.aws.writer import DynamoTableWriter

        settings = self.settings
        return DynamoTableWriter(self._table, settings.policy.range, now, settings.lease_seconds)

    @cached_property
    def policy(self) -> Policy:
        """The rules of a sync, with the ranges and blocks of POLICY_FILE. Raises BadSettings."""
        policy, file = self.settings.policy, self.settings.policy_file
        if not file:
            return policy
        from bot.policy_file import read_policy

        try:
            text = Path(file).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise BadSettings(f"POLICY_FILE: '{file}' can't be read: {type(error).__name__}.") from error
        return replace(policy, teams=read_policy(text, policy.range))

    def sync(self) -> Sync:
        """One run of a sync."""
        from core.numbering.sync import Sync
        from core.readings.latin import readings_of

        renew = self.settings.lease_seconds / 3
        return Sync(
            self.connect,
            self.writer(),
            self.exports,
            self.policy,
            now,
            renew,
            phone=self.settings.directory_phone,
            read=readings_of,
        )

    def admin(self, run_id: str) -> Admin:
        """One change by a person, under the name of a run."""
        from core.numbering.admin import Admin

        return Admin(self.writer(), self.policy, now, run_id, self._patient_reader.history)

    @cached_property
    def lookup(self) -> Lookup:
        from core.asking.lookup import Lookup

        return Lookup(self.reader, self.quick_exports, self.settings.policy.range)

    @cached_property
    def _secrets(self) -> SecretStore:
        from bot.slack.app_secrets import SecretStore

        return SecretStore(self._read_secrets)

    def _read_secrets(self) -> Secrets:
        """Read the environment's secrets, or those of the secret that SLACK_SECRET_ID names."""
        from bot.slack.app_secrets import Secrets
        from core.aws.secrets import read_slack_secret

        settings = self.settings
        if not settings.slack_secret_id:
            return Secrets(settings.slack_bot_token, settings.slack_signing_secret)
        client = self._client("secretsmanager", _ASKED_SECONDS, attempts=2)
        secret = read_slack_secret(client, settings.slack_secret_id)
        return Secrets(
            settings.slack_bot_token or secret.get("SLACK_BOT_TOKEN", ""),
            settings.slack_signing_secret or secret.get("SLACK_SIGNING_SECRET", ""),
        )

    @property
    def secrets(self) -> Secrets:
        """The Slack app's secrets, as they are now. Raises Unavailable."""
        return self._secrets.current()

    @property
    def web(self) -> WebClient:
        """Slack's Web API; waits and tries again when Slack asks for that."""
        from bot.slack.clients import web_client

        return web_client(self.secrets.bot_token, self.settings.slack_api_url, patient=True)

    @property
    def notices(self) -> Notices:
        """Direct messages that nobody asked for."""
        from bot.slack.notices import Notices

        return Notices(self.web, self.connect, self.links, self.incidents)

    @property
    def signature(self) -> SlackSignature:
        """The check of signatures. Raises BadSettings, or Unavailable when the secret can't be read."""
        from bot.slack.verification import SlackSignature

        return SlackSignature(self.secrets.signing_secret)

    def changed_signature(self) -> SlackSignature | None:
        """The check by a secret that was changed a moment ago, None if it was not. Raises as `signature`."""
        from bot.slack.verification import SlackSignature

        changed = self._secrets.changed()
        return SlackSignature(changed.signing_secret) if changed else None

    @property
    def app(self) -> App:
        """The Slack app. Raises BadSettings, or Unavailable when the secret can't be read."""
        return self._slack()[2]

    def _slack(self) -> tuple[str, Workspace, App]:
        """The token that is the app's now, its workspace, and the app."""
        from bot.slack.clients import web_client
        from bot.slack.verification import Workspace

        token = self.secrets.bot_token
        if self._app is None or self._app[0] != token:
            workspace = Workspace(web_client(token, self.settings.slack_api_url), self.incidents)
            self._app = token, workspace, self._make_app(token, workspace)
        return self._app

    @property
    def tools(self) -> Tools:
        """The tools for Slackbot, of the app as it is now. Raises as `app`."""
        from bot.app import make_tools

        slack = self._slack()
        if self._tools is None or self._tools[0] is not slack:
            token, workspace, _ = slack
            self._tools = slack, make_tools(self._services, token, workspace)
        return self._tools[1]

    def tools_of(self, me: str) -> Tools:
        """The tools for one person with AWS credentials, who is `me`: a username, or an email."""
        from bot.app import answers_of
        from bot.mcp import Tools, by_terminal
        from bot.slack.members import Oneself

        services = self._services
        members = Oneself(me, services.lookup, services.reader, services.connect, services.links)
        return Tools(by_terminal, answers_of(services, members))

    @property
    def _services(self) -> Services:
        from bot.services import Services

        return Services(
            lookup=self.lookup,
            reader=self.reader,
            exports=self.quick_exports,
            connect=self.quick_connect,
            claims=self.claims,
            links=self.links,
            incidents=self.incidents,
            records=self.records,
            start=self.start,
            settings=self.settings,
            clock=now,
        )

    def _show_home(self, member_id: str, said: Message | None) -> None:
        """Publish somebody's Home tab after a run. Raises what Slack's client and the table raise."""
        from bot.listeners.home import publish
        from bot.slack.admins import Admins
        from bot.slack.members import Members
        from bot.slack.verification import Workspace

        web, services = self.web, self._services
        members = Members(services.lookup, services.reader, services.connect, services.links, web)
        admins = Admins(self.settings, web, Workspace(web, self.incidents))
        publish(member_id, web, services, members, admins, said)

    def _make_app(self, token: str, workspace: Workspace) -> App:
        from bot.app import make_app

        return make_app(self._services, token, workspace)

    @property
    def job_services(self) -> JobServices:
        """The services that jobs use."""
        from bot.jobs import JobServices
        from bot.slack.replies import post
        from core.aws.small_rows import forget_members

        return JobServices(
            self.sync,
            self.admin,
            self.exports,
            self.claims,
            now,
            self._notify,
            self.records,
            self._patient_reader.history,
            self._show_home,
            self._status,
            self.settings.slack_api_url,
            lambda: forget_members(self._table),
            lambda member_id, said: post(self.web, member_id, said),
        )

    def _status(self) -> Status:
        from core.status import read_status

        return read_status(self._patient_reader, self.records, self.policy, now())

    def warm(self) -> None:
        """Import, build and ask all that a question needs, but for the secrets as they are then.

        Raises as `app`.
        """
        _ = self.signature, self.app
        if self._app:
            workspace = self._app[1]
            workspace.own()
            workspace.settle()
        self._secrets.doubt()

    def ask_again(self, records: Sequence[Mapping[str, Any]], seconds: int) -> None:
        """Let records of a queue come again soon. Raises Unavailable."""
        from core.aws.queue import ask_again

        ask_again(self._client("sqs"), records, seconds)

    def _notify(self, entries: Sequence[HistoryEntry]) -> int:
        """Tell agents of their new numbers, where Slack's token is known here. Raises Unavailable."""
        settings = self.settings
        if not (settings.slack_secret_id or settings.slack_bot_token):
            return 0
        return self.notices.send_all(entries, settings.tell_people)

    def start(self, job: Job) -> None:
        """Hand a job to the sync function; where there is none, to a thread of this process."""
        if self.settings.sync_function:
            from core.aws.functions import invoke_later

            client = self._client("lambda", _ASKED_SECONDS, attempts=1)
            invoke_later(client, self.settings.sync_function, job.to_event())
        else:
            from threading import Thread

            from bot.jobs import run_job

            Thread(target=partial(run_job, job, self.job_services), name=job.task).start()


def check_environment(environ: Mapping[str, str]) -> Settings:
    """Read the settings and see that AWS can be asked. Raises BadSettings, which names every fault."""
    from core.aws.inspect import aws_faults

    faults = aws_faults(region_of(environ))
    try:
        settings = Settings.from_env(environ)
    except BadSettings as error:
        raise BadSettings("\n".join([str(error), *faults])) from error
    if faults:
        raise BadSettings("\n".join(faults))
    return settings


def installation() -> Installation:
    """The installation that the environment describes. Raises BadSettings."""
    return _installation(frozenset(item for item in os.environ.items() if not item[0].startswith("_")))


@lru_cache(maxsize=1)
def _installation(environ: frozenset[tuple[str, str]]) -> Installation:
    return Installation(Settings.from_env(dict(environ)))
