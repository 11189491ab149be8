"""`/ext-admin`: single numbers, by name. Admins only, by middleware."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt import Ack, BoltRequest, BoltResponse

from bot.jobs import Job, Task
from bot.listeners.sync import hand_over
from bot.messages.blocks import Message
from bot.messages.help import admin_help
from bot.messages.lookup_results import Surface, found
from bot.services import Services
from bot.slack.deduplication import job_name
from bot.slack.members import Members
from bot.slack.payload import Written, nearest, text_at, written
from bot.slack.replies import private
from core.errors import Refused
from core.lookup import People
from core.models import Assigned
from core.questions import AskMine, exact
from core.search.ranking import Certainty, Match

_WORDS = ("reserve", "unreserve", "move", "swap", "free", "help")
# More words than two names have; each way to part them costs a look-up.
_MOST_SWAPPED = 8
_SWAP = "Who changes numbers with whom? Name both exactly, for example: /ext-admin swap jdoe bob"
# Anybody can say that they are anybody: good enough to be told a number, not to be given one.
_BY_THEIR_WORD = "They are {0} by their own word only. Say whom you mean by username, as in move {1} 0042."


def ext_admin(
    ack: Ack, command: dict[str, Any], request: BoltRequest, services: Services, members: Members
) -> BoltResponse:
    """Check what was asked for, hand it to the sync function, and say so at once."""
    said = written(text_at(command, "text"))
    words = said.text[:1000].split()
    verb, arguments = (words[0].lower(), words[1:]) if words else ("help", [])
    by = text_at(command, "user_id")
    match verb:
        case "reserve" | "unreserve" | "free":
            planned: Job | Message = _single(services, Task(verb), arguments)
        case "move":
            planned = _move(services, members, by, Written(" ".join(arguments), said.mentions))
        case "swap":
            planned = _swap(services, arguments)
        case "help":
            planned = admin_help()
        case _:
            planned = admin_help(verb, nearest(verb, _WORDS))
    if isinstance(planned, Message):
        return ack(private(planned))
    url = text_at(command, "response_url")
    return hand_over(ack, replace(planned, id=job_name(request), by=by, response_url=url), services)


def _single(services: Services, task: Task, arguments: list[str]) -> Job:
    if not arguments:
        raise Refused(f"Which number? Type, for example: /ext-admin {task} 0042")
    note = " ".join(arguments[1:]) if task is Task.RESERVE else ""
    return Job(task, extension=_extension(services, arguments[0]), note=note)


def _move(services: Services, members: Members, by: str, said: Written) -> Job | Message:
    name, _, typed = said.text.rpartition(" ")
    if not typed or not (name or said.mentions):
        raise Refused("Who moves, and to which number? Type, for example: /ext-admin move jdoe 0042")
    if len(said.mentions) + bool(name) > 1:
        raise Refused("Name one person, by mention or by name. Type, for example: /ext-admin move jdoe 0042")
    extension = _extension(services, typed)
    agent = _agent(services, members, by, Written(name, said.mentions))
    if isinstance(agent, Message):
        return agent
    if not agent.agent_id:
        raise Refused(f"{agent.label} is not known by a Connect user id yet. Run /ext-sync first.")
    return Job(Task.MOVE, agent=agent.agent_id, extension=extension)


def _swap(services: Services, arguments: list[str]) -> Job:
    """Part the words into two names that each name one agent exactly; there has to be one way to do it."""
    words = [word for word in arguments if word.casefold() not in ("and", "with", "&")][:_MOST_SWAPPED]
    pairs = []
    for at in range(1, len(words)):
        one, other = (services.lookup.exactly(" ".join(part)) for part in (words[:at], words[at:]))
        pairs += [(one[0], other[0])] if len(one) == len(other) == 1 else []
    if len(pairs) != 1:
        raise Refused(_SWAP)
    for agent in pairs[0]:
        if not agent.agent_id:
            raise Refused(f"{agent.label} is not known by a Connect user id yet. Run /ext-sync first.")
    return Job(Task.SWAP, agent=pairs[0][0].agent_id, other=pairs[0][1].agent_id)


def _extension(services: Services, typed: str) -> str:
    extensions = services.settings.policy.range
    extension = extensions.normalise(typed)
    if extension is None or extension not in extensions:
        raise Refused(f"{typed[:40]} is not one of our numbers. They run from {extensions}.")
    return extension


def _agent(services: Services, members: Members, by: str, said: Written) -> Assigned | Message:
    """The one agent whom the words name exactly; otherwise a list of the agents who may be meant."""
    who = said.text
    named = services.lookup.exactly(who) if who else ()
    if said.mentions or (exact(who) == AskMine() and not named):
        known = members.agent_of(said.mentions[0] if said.mentions else by)
        if known and known.linked:
            raise Refused(_BY_THEIR_WORD.format(known.entry.label, known.entry.username))
        return known.entry if known else _nobody(who)
    if len(named) == 1:
        return named[0]
    if named:
        matches = tuple(Match(entry, 1.0, "name") for entry in named)
        return found(People(who, Certainty.SEVERAL, matches, len(named)), None, Surface.MODAL)
    people = services.lookup.people(who)
    return found(replace(people, certainty=Certainty.GUESS), None, Surface.MODAL)


def _nobody(who: str) -> Message:
    return found(People(who, Certainty.NONE, (), 0), None, Surface.MODAL)
