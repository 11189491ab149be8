from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from botocore.loaders import create_loader
from botocore.retries.standard import ExponentialBackoff


@pytest.fixture(scope="session", autouse=True)
def no_waiting_between_tries() -> Iterator[None]:
    """Tries follow each other at once, botocore's and our own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ExponentialBackoff, "delay_amount", lambda self, context: 0)
        patch.setattr("core.aws.table.sleep", lambda seconds: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def botocore_reads_its_data_once() -> Iterator[None]:
    """All sessions of a process share what was read: a client takes 20 ms by this, not 110 to 190.

    botocore changes none of it; the clients of one session share it in the product too.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", cache(create_loader))
        yield


@pytest.fixture(scope="session", autouse=True)
def a_busy_machine_is_no_silent_slack() -> Iterator[None]:
    """The stand-ins of Slack share two cores with the tests: they answer at once, or a little later."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.slack.clients._TIMEOUT_SECONDS", 20)
        yield


@pytest.fixture(scope="session", autouse=True)
def coverage_leaves_moto_out() -> Iterator[None]:
    """Moto's threads run nothing of ours, and being traced doubles their time."""
    if sys.gettrace() is None:
        yield
        return
    from werkzeug.serving import ThreadedWSGIServer

    serve = ThreadedWSGIServer.process_request_thread

    def untraced(server: ThreadedWSGIServer, *request: Any) -> None:
        sys.settrace(None)
        serve(server, *request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ThreadedWSGIServer, "process_request_thread", untraced)
        yield
