"""Records the frozen answers anew: `python -m tests.frozen.record`. Then read the diff: it is what changed.

A line of the data is a text and its answers: who asks and where, several with one answer beside each other
-> the answer. A new text is a line `{"text": "...", "answers": {"member /ext, guest /ext": ""}}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tests.bot.slack.bot import Bot
from tests.frozen.asking import ask
from tests.frozen.house import house

DATA = sorted((Path(__file__).parent / "answers").glob("*.jsonl"))
# A text, and (who asks and where) -> the answer.
Line = tuple[str, dict[str, str]]


def read(file: Path) -> Iterator[Line]:
    """The texts of a file with their answers, one for each who asks."""
    for line in file.read_text("utf-8").splitlines():
        told = json.loads(line)
        yield told["text"], {who: said for many, said in told["answers"].items() for who in many.split(", ")}


def written(text: str, answers: dict[str, str]) -> str:
    """One line of a file: those who get the same answer are told together."""
    together: dict[str, list[str]] = {}
    for who, said in answers.items():
        together.setdefault(said, []).append(who)
    told = {"text": text, "answers": {", ".join(many): said for said, many in together.items()}}
    return json.dumps(told, ensure_ascii=False)


def answered(bot: Bot, line: Line) -> Line:
    """The text with the answers of now."""
    text, answers = line
    return text, {who: ask(bot, who, text) for who in answers}


def main() -> None:
    """Write every file anew."""
    with house() as bot:
        for file in DATA:
            lines = [written(*answered(bot, line)) for line in read(file)]
            file.write_text("".join(f"{line}\n" for line in lines), "utf-8")


if __name__ == "__main__":
    main()
