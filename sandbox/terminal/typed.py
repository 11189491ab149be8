"""What a typed line means in the sandbox. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Deed:
    """What is to be done, and the words that go with it."""

    name: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the sandbox's own. `words` is what follows it; with "" it stands alone."""

    name: str
    words: str
    usage: str
    about: str


VERBS = (
    Verb("more", "", "more", "the whole of what was folded"),
    Verb("home", "", "home", "open the app's Home"),
    Verb("finder", "", "finder", "the global shortcut: look for a person in a modal"),
    Verb("find", r"(.+)", "find jane", "type into the search field on show"),
    Verb("author", r"(.+)", "author jdoe", "the message shortcut, on something jdoe wrote"),
    Verb("dm", r"(.+)", "dm help", "send the bot a line that would mean something here"),
    Verb("as", r"(.+)", "as jane, as admin", "be somebody else"),
    Verb("join", r"(.+)", "join Ada Lovelace", "somebody new in Connect"),
    Verb("leave", r"(.+)", "leave jdoe, leave 60", "somebody leaves Connect, or so many at once"),
    Verb("rename", r"(.+?) to (.+)", "rename jane doe to Jane Roe", "somebody is called something else"),
    Verb("status", r"(.+) (\S+)", "status jdoe lunch", "what somebody is doing now"),
    Verb("call", r"([\d*#]+)", "call 7000", "what a caller gets who keys that number"),
    Verb("summary", "", "summary", "the daily post, now"),
    Verb("help", "", "help", "this"),
    Verb("quit", "", "quit", "the end; Ctrl-D too"),
)
_BY_NAME = {verb.name: verb for verb in VERBS}
_ALIASES = {"exit": "quit", "?": "help"}
# Names of people are short: only a near miss of a longer word is taken for one.
_LONG = 5


def read_line(line: str) -> Deed:
    """The deed that a line asks for; whatever is nothing else is a message to the bot."""
    text = line.strip()
    if not text:
        return Deed("nothing")
    if text.startswith("/"):
        name, _, words = text.partition(" ")
        return Deed("command", (name, words.strip()))
    if mention := re.fullmatch(r"@bot\b[\s,:]*(.*)", text, re.IGNORECASE | re.DOTALL):
        return Deed("mention", (mention[1],))
    if number := re.fullmatch(r"(\d{1,2})(?:\s+(.+))?", text):
        return Deed("press", (number[1], number[2] or ""))
    return _verb(text) or Deed("direct_message", (text,))


def _verb(text: str) -> Deed | None:
    first, _, rest = text.partition(" ")
    first, rest = first.lower(), rest.strip()
    verb = _BY_NAME.get(_ALIASES.get(first, first))
    if verb is None:
        return _near_miss(first, alone=not rest)
    found = re.fullmatch(verb.words, rest, re.IGNORECASE)
    if found:
        return Deed(verb.name, found.groups())
    # "help me please" is for the bot.
    return Deed("hint", (f"Write it as: {verb.usage}",)) if verb.words else None


def _near_miss(first: str, alone: bool) -> Deed | None:
    verbs = [
        verb for verb in VERBS if alone != bool(verb.words) and len(verb.name) >= (4 if alone else _LONG)
    ]
    near = get_close_matches(first, [verb.name for verb in verbs], n=1, cutoff=0.75 if alone else 0.81)
    if not near:
        return None
    usage = _BY_NAME[near[0]].usage
    return Deed("hint", (f"Did you mean: {usage}   (to send the bot just that: dm {first} ...)",))
