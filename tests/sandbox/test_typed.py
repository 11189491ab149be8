from __future__ import annotations

import pytest

from sandbox.terminal.typed import VERBS, Deed, read_line


@pytest.mark.parametrize(
    ("line", "deed"),
    [
        ("", Deed("nothing")),
        ("/ext jane  doe ", Deed("command", ("/ext", "jane  doe"))),
        ("/ext-sync", Deed("command", ("/ext-sync", ""))),
        ("@bot who is on 42?", Deed("mention", ("who is on 42?",))),
        ("@Bot, help", Deed("mention", ("help",))),
        ("@jane hello", Deed("direct_message", ("@jane hello",))),
        ("3", Deed("press", ("3", ""))),
        ("3 jane doe", Deed("press", ("3", "jane doe"))),
        ("7042", Deed("direct_message", ("7042",))),
        ("what is Jane's extension?", Deed("direct_message", ("what is Jane's extension?",))),
        ("dm help", Deed("dm", ("help",))),
        ("as Jane Doe", Deed("as", ("Jane Doe",))),
        ("HELP", Deed("help")),
        ("help me please", Deed("direct_message", ("help me please",))),
        ("exit", Deed("quit")),
        ("home", Deed("home")),
        ("find jane", Deed("find", ("jane",))),
        ("rename jane doe to Jane Roe", Deed("rename", ("jane doe", "Jane Roe"))),
        ("rename jane doe", Deed("hint", ("Write it as: rename jane doe to Jane Roe",))),
        ("status jane doe lunch", Deed("status", ("jane doe", "lunch"))),
        ("call 7042", Deed("call", ("7042",))),
        ("call jane", Deed("hint", ("Write it as: call 7000",))),
        ("john", Deed("direct_message", ("john",))),
        ("carl jones", Deed("direct_message", ("carl jones",))),
        ("hello there", Deed("direct_message", ("hello there",))),
    ],
)
def test_a_line_means(line: str, deed: Deed) -> None:
    assert read_line(line) == deed


@pytest.mark.parametrize("line", ["hepl", "qiut", "sumary", "renam jane to joan", "statuss jdoe lunch"])
def test_a_mistyped_verb_gets_a_hint(line: str) -> None:
    assert read_line(line).name == "hint"
    assert read_line(line).words[0].startswith("Did you mean: ")


def test_what_the_help_writes_means_what_it_says() -> None:
    for verb in VERBS:
        assert [read_line(usage).name for usage in verb.usage.split(", ")] == [verb.name] * len(
            verb.usage.split(", ")
        )
