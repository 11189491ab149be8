"""Invocations of the sync function: what is known after a failure."""

from __future__ import annotations

import pytest

from core.aws.clients import aws_client
from core.aws.functions import invoke_later
from core.errors import Unavailable, Unsure
from sandbox.loopback import Answer, Loopback, Reply, aws_error

pytestmark = pytest.mark.guarantee(11, 15)


def invoked(answer: Answer, monkeypatch: pytest.MonkeyPatch, stopped: bool = False) -> Unavailable:
    """The error of an invocation that is answered so."""
    with Loopback(answer) as function:
        monkeypatch.setenv("AWS_ENDPOINT_URL", function.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        client = aws_client("lambda", "eu-central-1", 1.5, attempts=1)
        if stopped:
            function.stop()
        with pytest.raises(Unavailable) as raised:
            invoke_later(client, "sync", {})
    return raised.value


def dropped(_: object) -> Reply | None:
    return None


def failing(_: object) -> Reply:
    return aws_error(500, "ServiceException", "Something broke.")


def throttled(_: object) -> Reply:
    return aws_error(429, "TooManyRequestsException", "Too many.")


def missing(_: object) -> Reply:
    return aws_error(404, "ResourceNotFoundException", "No such function.")


@pytest.mark.parametrize("answer", [dropped, failing])
def test_a_function_whose_answer_was_lost_may_have_started(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(invoked(answer, monkeypatch), Unsure)


@pytest.mark.parametrize("answer", [throttled, missing])
def test_a_function_that_was_refused_has_not_started(answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    error = invoked(answer, monkeypatch)
    assert not isinstance(error, Unsure)
    assert "SYNC_FUNCTION" in str(error)


def test_a_function_that_was_never_reached_has_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not isinstance(invoked(dropped, monkeypatch, stopped=True), Unsure)
