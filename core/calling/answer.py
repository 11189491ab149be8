"""The answer to a flow: flat strings, every key in every answer."""

from __future__ import annotations

from collections import Counter

from core.calling.reach import MOST_CHOICES, Person, Reached


def answer(
    keyed: str, reached: Reached | None = None, *, by_name: bool = False, offered: bool = False
) -> dict[str, str]:
    """The answer about whom the keys reach; a flow that reads a key that is missing takes its error branch.

    `matches` counts the people of a name: "0" to "5", or "many"; "" for digits.
    """
    reached = reached or Reached()
    person, queue = reached.person, reached.queue
    said = {
        "found": _truth(person or queue),
        "extension": keyed,
        "agent_id": person.agent_id if person else "",
        "agent_arn": person.arn if person else "",
        "username": person.username if person else "",
        "display_name": person.label if person else queue.name if queue else "",
        "pk": keyed,
        "sk": "agentID" if person else "",
        "sk_value": person.username if person else "",
        "kind": "agent" if person else "queue" if queue else "",
        "queue_arn": queue.arn if queue else "",
        "forwarded_from": reached.forwarded_from.label if reached.forwarded_from else "",
        "matches": ("many" if reached.too_many else str(len(reached.choices))) if by_name else "",
        "offered": _truth(offered),
    }
    return said | _choices(reached.choices)


def _truth(value: object) -> str:
    return "true" if value else "false"


def _choices(people: tuple[Person, ...]) -> dict[str, str]:
    """The people to choose from, each with what tells them apart."""
    spoken = _told_apart(people)
    said = {}
    for place in range(MOST_CHOICES):
        there = place < len(people)
        said[f"name_{place + 1}"] = spoken[place] if there else ""
        said[f"extension_{place + 1}"] = people[place].extension if there else ""
        said[f"agent_id_{place + 1}"] = people[place].agent_id if there else ""
    return said


def _told_apart(people: tuple[Person, ...]) -> list[str]:
    """The names; with the team where a name is somebody else's too, and with the number where both are."""
    names = Counter(person.label.casefold() for person in people)
    spoken = [
        f"{person.label}, {person.team}"
        if person.team and names[person.label.casefold()] > 1
        else person.label
        for person in people
    ]
    alike = Counter(each.casefold() for each in spoken)
    return [
        f"{each}, {' '.join(person.extension)}" if alike[each.casefold()] > 1 else each
        for each, person in zip(spoken, people, strict=True)
    ]
