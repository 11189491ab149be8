"""The buttons below answers: turn the page, share, that's me, the directory."""

from __future__ import annotations

from functools import partial

from slack_bolt import Ack, BoltResponse

from bot.listeners.home import publish
from bot.messages import lookup_results as words
from bot.messages.blocks import Message
from bot.messages.button_values import AgentRef, PageRef
from bot.messages.finder_window import window
from bot.messages.help import all_help, outdated
from bot.messages.lookup_results import Surface
from bot.messages.share_window import WHERE_BLOCK, share_window
from bot.services import Services
from bot.slack.admins import Admins
from bot.slack.answers import Answers, Asker
from bot.slack.deadline import check_deadline
from bot.slack.members import Members
from bot.slack.press import Press
from bot.slack.replies import post
from core.asking.questions import AskDirectory
from core.models import Assigned
from core.once import once
from core.work import Work

# Longer than a message takes to be posted.
_TELL_SECONDS = 20


def turn(ack: Ack, press: Press, answers: Answers) -> None:
    """Next and Previous: the page stands where the one before it stood."""
    asker = Asker(press.by, press.surface)
    press.respond(answers.people(PageRef.read(press.value), asker), instead=True)
    ack()


def chosen(ack: Ack, press: Press, answers: Answers, members: Members) -> None:
    """The menu of a row: show the agent beside the list, or share their number."""
    verb, _, agent = press.value.partition(" ")
    ref = AgentRef.read(agent)
    if verb == words.SHOW and press.url:
        press.respond(answers.agent(ref, press.surface), openly=press.surface is Surface.DIRECT)
    else:
        _share(press, ref, members)
    ack()


def more_help(ack: Ack, press: Press, services: Services) -> None:
    """The button below the short help."""
    press.tell(all_help(press.value, services.lookup.examples()))
    ack()


def share(ack: Ack, press: Press, members: Members) -> None:
    """The Share button."""
    _share(press, AgentRef.read(press.value), members)
    ack()


def _share(press: Press, agent: AgentRef, members: Members) -> None:
    """Post a number openly beside a command, as of this moment and with who shared it; else ask where."""
    entry = members.current(agent)
    if entry is None:
        press.tell(words.gone())
    elif press.url and press.surface is Surface.COMMAND:
        press.respond(words.shared(entry, press.by), openly=True)
    else:
        press.open(share_window(entry))


def share_where_picked(ack: Ack, press: Press, members: Members) -> BoltResponse:
    """The window that asked where: post it there."""
    entry = members.current(AgentRef.read(press.meta))
    if entry is None:
        return ack(response_action="update", view=window("Share a number", words.gone()))
    if not press.url:
        return ack(response_action="errors", errors={WHERE_BLOCK: "Pick a channel or a person."})
    press.respond(words.shared(entry, press.by), openly=True)
    return ack()


def link(ack: Ack, press: Press, services: Services, members: Members) -> None:
    """Link the presser to an agent, unless either is linked to somebody else."""
    entry = members.current(AgentRef.read(press.value))
    if entry is None or not entry.agent_id:
        press.tell(words.gone())
    else:
        press.tell(_linked(press, entry, services, members))
    ack()


def _linked(press: Press, entry: Assigned, services: Services, members: Members) -> Message:
    known = members.agent_of(press.by)
    if known and not known.linked:
        return words.verified_already(known.entry)
    rival = members.become(press.by, entry)
    if rival is None:
        return words.linked(entry)
    check_deadline()
    if not rival.verified:
        news = words.claimed_by_another(entry, press.by)
        name = Work.RIVAL.named(entry.agent_id, press.by, rival.member_id)
        once(services.claims, name, _TELL_SECONDS, partial(post, press.client, rival.member_id, news))
    return words.taken(entry, rival.member_id, verified=rival.verified)


def unlink(ack: Ack, press: Press, services: Services, members: Members, admins: Admins) -> None:
    """Forget which agent the presser said to be. On the Home tab that shows at once."""
    check_deadline()
    services.links.unlink(press.by)
    if press.view.get("type") == "home":
        publish(press.by, press.client, services, members, admins)
    else:
        press.tell(words.unlinked())
    ack()


def open_directory(ack: Ack, press: Press, answers: Answers) -> None:
    """The directory button: a link signed now, for the person who pressed it."""
    press.tell(answers.to(AskDirectory(), Asker(press.by, Surface.COMMAND)))
    ack()


def outdated_button(ack: Ack, press: Press) -> None:
    """A button or shortcut that this version doesn't have any more."""
    press.tell(outdated())
    ack()


def acknowledge(ack: Ack) -> BoltResponse:
    """Nothing to do, but Slack wants to hear that it came: a link was followed, a window was closed."""
    return ack()
