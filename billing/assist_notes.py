"""What becomes of a customer's own case with Microsoft: its number, what Microsoft asks for, calls. Both sides read it."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing import wording
from billing.assisting import add
from billing.models import AssistNote, Engagement
from billing.rules import verb
from billing.telling import instant, tell
from support.actors import Actor, ActorKind
from support.models import Contact, Message, User
from support.naming import is_said
from support.portal import tickets as portal
from support.refusal import Refused

CASE, REQUEST, ANSWER, CALL, OUTCOME = AssistNote.Kind


@verb
def tell_case(
    engagement: Engagement, *, case_number: str, severity: str, on: date, by: Actor, at: datetime
) -> AssistNote:
    """The number under which Microsoft has the customer's case. A later one counts instead."""
    if not is_said(case_number):
        raise Refused(_("Write the number that Microsoft gave the case."), "case_number")
    fields = {"case_number": case_number.strip(), "severity": severity, "on": on}
    return _note(engagement, CASE, by=by, at=at, **fields)


@verb
def ask_for_more(engagement: Engagement, *, text: str, on: date, by: Actor, at: datetime) -> AssistNote:
    """Microsoft wants more than the pack holds. A further pack answers it, or words do."""
    if not is_said(text):
        raise Refused(_("Write what Microsoft asks for."), "text")
    return _note(engagement, REQUEST, by=by, at=at, text=text.strip(), on=on)


@verb
def answer(request: AssistNote, *, text: str, by: Actor, at: datetime) -> AssistNote:
    """In words, as a reply on the ticket: to whoever asked, or to whoever raised the ticket. Raises Refused."""
    if not is_said(text):
        raise Refused(_("Write the answer."), "text")
    engagement = request.engagement
    engagement.lock()
    asked = None
    if request.actor_kind == ActorKind.CONTACT:
        asked = Contact.objects.filter(pk=request.actor_id, active=True).first()
    Message.reply(engagement.ticket, text.strip(), to=asked, by=by, at=instant(engagement, at))
    return _note(engagement, ANSWER, by=by, at=at, text=text.strip(), about=request)


@verb
def schedule(
    engagement: Engagement, *, starts_at: datetime, bridge: str, text: str, by: Actor, at: datetime
) -> AssistNote:
    """The customer has a call with Microsoft and wants the desk on it."""
    fields = {"starts_at": starts_at, "bridge": bridge.strip(), "text": text.strip()}
    return _note(engagement, CALL, by=by, at=at, **fields)


@verb
def conclude(call: AssistNote, *, joined: Sequence[User], text: str, by: Actor, at: datetime) -> AssistNote:
    """Who of the desk joined a call, maybe nobody, and what came of it."""
    if not is_said(text):
        raise Refused(_("Write down what came of it."), "text")
    call.engagement.lock()
    if call.followed_by.exists():
        raise Refused(_("What came of this call is written down already."))
    people = [person.pk for person in joined]
    return _note(call.engagement, OUTCOME, by=by, at=at, text=text.strip(), about=call, joined=people)


@verb
def told(engagement: Engagement, user: User, kind: str, said: dict, *, at: datetime) -> AssistNote:
    """What a customer's person writes on his page: noted, and a word to the desk as if he had mailed it.

    The number of a case on a ticket that is done is noted alone; anything else opens the ticket again. Raises Refused.
    """
    act = {CASE: tell_case, REQUEST: ask_for_more, CALL: schedule}[AssistNote.Kind(kind)]
    if engagement.ticket.undone or kind != CASE:
        portal.write(engagement.ticket, user, _words(kind, said, user), at=at)
    return act(engagement, **said, by=Actor.of(user), at=at)


def _words(kind: str, said: dict, user: User) -> str:
    if kind == CASE:
        on = date_format(said["on"])
        known = {**said, "on": on}
        if said["severity"]:
            return (
                _("Our case with Microsoft is %(case_number)s, severity %(severity)s, opened on %(on)s.")
                % known
            )
        return _("Our case with Microsoft is %(case_number)s, opened on %(on)s.") % known
    if kind == REQUEST:
        return _("Microsoft asks for more:") + "\n\n" + said["text"].strip()
    when = wording.when(said["starts_at"], user.time_zone)
    begin = _("We have a call with Microsoft, and would like you to join it: %(when)s.") % {"when": when}
    return "\n".join(line for line in (begin, said["bridge"].strip(), said["text"].strip()) if line)


def _note(engagement: Engagement, kind: str, *, by: Actor, at: datetime, **fields) -> AssistNote:
    engagement.lock()
    note = AssistNote(engagement=engagement, kind=kind, **fields)
    add(note, by)
    tell(engagement, "assist.noted", by=by, at=at, id=note.pk, what=str(kind))
    return note
