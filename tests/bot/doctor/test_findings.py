"""The exit code of findings, and what is left out of their words."""

from __future__ import annotations

import pytest

from bot.doctor.findings import Finding, Section, exit_code, right, unknown, wrong


@pytest.mark.parametrize(
    ("findings", "code"),
    [
        ((right("a", ""),), 0),
        ((right("a", ""), unknown("b", "")), 2),
        ((right("a", ""), unknown("b", ""), wrong("c", "", "")), 1),
    ],
)
def test_the_exit_code_is_the_worst_that_was_found(findings: tuple[Finding, ...], code: int) -> None:
    assert exit_code([Section("Some", findings[:1]), Section("Other", findings[1:])]) == code


def test_emails_and_tokens_are_left_out() -> None:
    said = wrong("a", "assumed-role/Admin/jane.doe@example.co.uk may not", "not xoxb-1-abc nor xapp-1-A")
    assert said.redacted() == wrong(
        "a", "assumed-role/Admin/(an email) may not", "not (a token) nor (a token)"
    )
