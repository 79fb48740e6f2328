"""What people type to go up the ladder, and to step down from it."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from escalations.ladder import Standing
from support.models import Ticket, User
from support.roles import Role

LONGEST = 2000


def is_manager(user: User) -> bool:
    """Whether this person may raise a level before its time."""
    return user.is_superuser or Role.MANAGER in user.roles


class TicketEscalateForm(forms.Form):
    """The next level of one ticket's ladder. `level` is the one that the page showed; only a manager may override."""

    level = forms.IntegerField(widget=forms.HiddenInput)
    ground = forms.ChoiceField(
        label=_("Why"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the grounds that the service names.")},
    )
    contact = forms.ChoiceField(label=_("Who asked for it"), required=False)
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

    def __init__(self, data=None, *, ticket: Ticket, standing: Standing, user: User, at: datetime):
        super().__init__(
            data, auto_id="escalate_%s", initial={"level": standing.following.level, "contact": "theirs"}
        )
        self.ticket = ticket
        self.fields["ground"].choices = [(item.code, item.text) for item in standing.ladder.grounds]
        self.fields["reason"].required = standing.ladder.reason_required
        if ticket.raised_by:
            self.fields["contact"].choices = [("theirs", ticket.raised_by.name), ("", _("The desk itself"))]
        else:
            del self.fields["contact"]
        if not (is_manager(user) and standing.is_early(at)):
            del self.fields["override_reason"]

    def words(self) -> dict:
        """What the verb takes."""
        said = dict(self.cleaned_data)
        return said | {"contact": self.ticket.raised_by if said.get("contact") == "theirs" else None}


class EscalationCloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it ends"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why it ends.")},
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="deescalate_%s")
