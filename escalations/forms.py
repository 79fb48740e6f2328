"""What people type to go up the ladder, and to step down from it."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from escalations.ladder import Standing, definition_of, missed_clocks
from escalations.models.asking import RECORDED, named
from support import saying
from support.catalogue.upward import Asks
from support.explaining.words import KINDS
from support.models import Contact, Ticket, User
from support.roles import Role

LONGEST = 2000


def is_manager(user: User) -> bool:
    """Whether this person may raise a level before its time."""
    return user.is_superuser or Role.MANAGER in user.roles


class TicketEscalateForm(forms.Form):
    """The next level of one ticket's ladder. `level` is the one that the page showed; only a manager may override; `askers`
    spares the query for those who may have asked."""

    level = forms.IntegerField(widget=forms.HiddenInput)
    ground = forms.ChoiceField(
        label=_("Why"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the grounds that the service names.")},
    )
    missed = forms.ChoiceField(label=_("Which target was missed"), required=False)
    contact = forms.TypedChoiceField(
        label=_("Who asked for it"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Choose somebody who may see this ticket.")},
    )
    channel = forms.ChoiceField(
        label=_("How it was asked for"),
        required=False,
        choices=[
            ("", _("Nobody asked: it is the desk’s own")),
            *((way.value, way.label) for way in RECORDED),
        ],
    )
    reason = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    override_reason = forms.CharField(
        label=_("Why before its time"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the desk reads this. It is kept with your name."),
        error_messages={"required": _("Write why the next level cannot wait.")},
    )

    def __init__(
        self, data=None, *, ticket: Ticket, standing: Standing, user: User, at: datetime, askers=None
    ):
        super().__init__(data, auto_id="escalate_%s", initial={"level": standing.following.level})
        self.fields["ground"].choices = [(item.code, item.text) for item in standing.ladder.grounds]
        self.fields["reason"].required = standing.ladder.reason_required
        if missed := _missed(ticket, standing, at):
            self.fields["missed"].choices = [("", _("None of them")), *missed]
        else:
            del self.fields["missed"]
        names = named(ticket) if askers is None else askers
        self.fields["contact"].choices = [("", _("The desk itself")), *names]
        if not (is_manager(user) and standing.is_early(at)):
            del self.fields["override_reason"]

    def clean(self):
        said = super().clean()
        if said.get("channel") and "contact" in said and said["contact"] is None:
            self.add_error("contact", _("Say who asked for it."))
        return said

    def words(self) -> dict:
        """What the verb takes."""
        said = dict(self.cleaned_data)
        return said | {"contact": Contact.objects.get(pk=said["contact"]) if said.get("contact") else None}


def _missed(ticket: Ticket, standing: Standing, at: datetime) -> list[tuple[str, str]]:
    """The clocks that may be cited, where a ground of the ladder asks for one."""
    if all(ground.asks is not Asks.CLOCK for ground in standing.ladder.grounds):
        return []
    words = _("%(kind)s, due %(due)s")
    return [
        (clock.key, words % {"kind": KINDS[clock.kind], "due": saying.here(clock.due_at, at)})
        for clock in missed_clocks(ticket, at)
        if clock.due_at
    ]


class OwnEscalateForm(TicketEscalateForm):
    """What a customer types on his own page: he asks for himself, and nobody of his overrides anything."""

    def __init__(self, *args, **facts):
        super().__init__(*args, askers=(), **facts)
        for name in ["contact", "channel", "override_reason"]:
            self.fields.pop(name, None)

    def words(self) -> dict:
        return dict(self.cleaned_data)


class EscalationDeclineForm(forms.Form):
    item = forms.ChoiceField(
        label=_("What of it is not accepted"),
        error_messages={"required": _("Choose an entry of what the service does not accept.")},
    )
    words = forms.CharField(
        label=_("What you write with it"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever asked for it reads this in the mail."),
    )

    def __init__(self, data=None, *, ticket: Ticket):
        super().__init__(data, auto_id="decline_%s")
        listed = definition_of(ticket).not_accepted() if ticket.service else ()
        self.fields["item"].choices = [("", _("Choose")), *((item.code, item.text) for item in listed)]


class EscalationActForm(forms.Form):
    words = forms.CharField(
        label=_("What is done about it"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only the desk reads this."),
        error_messages={"required": _("Write what is done about it.")},
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="act_%s")


class EscalationStepDownForm(forms.Form):
    reason = forms.CharField(
        label=_("Why a level down"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why it steps down.")},
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="stepdown_%s")


class EscalationCloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it ends"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why it ends.")},
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="deescalate_%s")
