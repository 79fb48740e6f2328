"""What people type about onsite assistance."""

import re
import unicodedata
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escalations import onsite
from escalations.models import Document, Help, OnsiteState, OnsiteVisitor
from support.forms.instants import InstantField
from support.forms.people import ZONE_CHOICES
from support.forms.plain_select import PlainSelect
from support.models import Contact, Ticket
from support.naming import is_said, is_written
from support.zones import ZONES

LONGEST, VISITORS = 2000, 12
AWAY = "away"  # in place of a document
# As shows_a_document_number() in escalations/guards/onsite.sql.
NUMBER = re.compile(r"([0-9][^0-9]{0,2}){5}")
UNSEEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\ufe00-\ufe0f\ufeff]"
)
NO_NUMBERS = _("This looks like the number of a document: it is checked at the door, and never written down.")
WINDOW_ORDER = _("The window ends after it begins.")


def words(label, **options) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), **options
    )


def shows_a_number(text: str) -> bool:
    """Whether five figures of any script stand so close that they may be the number of a document."""
    plain = UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return bool(NUMBER.search("".join(str(unicodedata.decimal(each, each)) for each in plain)))


def no_document_number(text: str) -> None:
    """Validator: refuses what could be read as the number of a passport or a card."""
    if shows_a_number(text):
        raise forms.ValidationError(NO_NUMBERS)


class Zoned(forms.Form):
    """Its instants are typed as wall clock of the site, whose zone a form names or is told."""

    def site_zone(self) -> str:
        return self.data.get("zone", "")

    def full_clean(self):
        said = self.site_zone()
        zone = ZoneInfo(said) if said in ZONES else timezone.get_current_timezone()
        for field in self.fields.values():
            if isinstance(field, InstantField):
                field.widget.zone = zone
        with timezone.override(zone):
            super().full_clean()


class AskForm(forms.Form):
    """`contact` is asked for by the desk alone: a customer's person asks in his own name."""

    contact = forms.ModelChoiceField(
        label=_("Authorised contact who asks"), queryset=Contact.objects.none(), empty_label=_("Choose")
    )

    def __init__(self, data=None, *, ticket: Ticket, asker: Contact | None = None, **options):
        super().__init__(data, **options)
        self.asker = asker
        if asker:
            del self.fields["contact"]
        else:
            self.fields["contact"].queryset = onsite.authorised(ticket)

    def said(self) -> dict:
        return {"contact": self.asker, **self.cleaned_data} if self.asker else self.cleaned_data


class HandsForm(AskForm):
    task = forms.ChoiceField(label=_("What shall be done"), widget=PlainSelect)
    equipment = forms.CharField(label=_("Equipment, and where it stands"), max_length=300)
    words = words(_("Anything else"), required=False)

    def __init__(self, data=None, *, ticket: Ticket, asker: Contact | None = None):
        super().__init__(data, ticket=ticket, asker=asker, auto_id="hands_%s")
        tasks = onsite.known(ticket)[Help.HANDS].choices
        self.fields["task"].choices = [("", _("Choose")), *((task, task) for task in tasks)]


class AccessForm(Zoned, AskForm):
    company = forms.CharField(
        label=_("Vendor or carrier who comes"), max_length=200, validators=[no_document_number]
    )
    visitors = forms.CharField(
        label=_("Who comes"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One name a line. Each shows a valid document of a government at the door; write no number of it."
        ),
        validators=[no_document_number],
    )
    equipment = forms.CharField(
        label=_("Equipment, and where it stands"), max_length=300, validators=[no_document_number]
    )
    zone = forms.ChoiceField(label=_("The site’s time zone"), choices=ZONE_CHOICES, widget=PlainSelect)
    window_from = InstantField(label=_("Earliest arrival"), help_text=_("In the site’s time."))
    window_until = InstantField(label=_("End of the window"), help_text=_("In the site’s time."))
    words = words(_("What they come for"), required=False, validators=[no_document_number])
    waits = forms.BooleanField(label=_("The ticket waits for site access"), required=False)

    def __init__(self, data=None, *, ticket: Ticket, asker: Contact | None = None):
        super().__init__(data, ticket=ticket, asker=asker, auto_id="access_%s")
        self.fields["zone"].initial = ticket.customer.time_zone
        if asker:
            del self.fields["waits"]

    def clean_visitors(self):
        names = [name.strip() for name in self.cleaned_data["visitors"].splitlines() if name.strip()]
        if len(names) > VISITORS or not all(map(is_written, names)):
            raise forms.ValidationError(
                _("Write one name a line, %(most)d at most."), params={"most": VISITORS}
            )
        return "\n".join(names)

    def clean(self):
        said = super().clean()
        begins, ends = said.get("window_from"), said.get("window_until")
        if begins and ends and ends <= begins:
            self.add_error("window_until", WINDOW_ORDER)
        return said


class StepForm(Zoned):
    """`of`: the request; what is asked depends on the step."""

    def __init__(self, data=None, *, of, kind: str):
        self.of = of
        super().__init__(data, auto_id=f"{kind}_{of.position}_%s")

    def site_zone(self) -> str:
        return self.of.zone

    def clean(self):
        said = super().clean()
        for name in ("words", "by_whom"):
            if self.of.kind == Help.ACCESS and shows_a_number(said.get(name) or ""):
                self.add_error(name, NO_NUMBERS)
        return said


class AnswerForm(StepForm):
    words = words(_("In words"), required=False)


class DeclineForm(StepForm):
    words = words(_("Why not"), error_messages={"required": _("Write why: whoever asked reads it.")})


class DoneForm(StepForm):
    words = words(_("What was done"))
    by_whom = forms.CharField(label=_("By whom"), max_length=200)
    happened_at = InstantField(label=_("When"), initial=timezone.now)


class ArriveForm(StepForm):
    """Of each visitor who was announced: what he showed and who looked at it, or why he was turned away."""

    happened_at = InstantField(label=_("Arrived"), help_text=_("In the site’s time."))
    words = words(_("In words"), required=False)

    def __init__(self, data=None, *, of, kind: str):
        super().__init__(data, of=of, kind=kind)
        for place, name in enumerate(of.named, 1):
            self.fields |= _of_visitor(place, name)
        self.order_fields([each for each in self.fields if each not in ("happened_at", "words")])

    def clean(self):
        said, away = super().clean(), []
        said["visitors"] = []
        for place, _name in enumerate(self.of.named, 1):
            names = {name: f"{name}_{place}" for name in ("document", "by_whom", "turned_away")}
            row = {name: said.pop(field, "") for name, field in names.items()}
            for name in ("by_whom", "turned_away"):
                if shows_a_number(row[name]):
                    self.add_error(names[name], NO_NUMBERS)
            if row["document"] == AWAY:
                row["document"] = ""
                if not is_said(row["turned_away"]):
                    self.add_error(names["turned_away"], _("Write why he was turned away."))
                away.append(place)
            else:
                row["turned_away"] = ""
            said["visitors"].append(OnsiteVisitor(position=place, **row))
        if len(away) == len(self.of.named):
            self.add_error(
                None, _("Everybody was turned away, so nobody has arrived: cancel it below and write why.")
            )
        return said


def _of_visitor(place: int, name: str) -> dict[str, forms.Field]:
    said = {"name": name}
    shown = [("", _("Choose")), *Document.choices, (AWAY, _("Turned away"))]
    return {
        f"document_{place}": forms.ChoiceField(
            label=_("%(name)s showed") % said,
            choices=shown,
            error_messages={"required": _("Say what was shown, or that he was turned away.")},
            help_text=_("Valid, and his own. Write no number of it anywhere."),
        ),
        f"by_whom_{place}": forms.CharField(label=_("%(name)s, checked by") % said, max_length=200),
        f"turned_away_{place}": forms.CharField(
            label=_("%(name)s, why turned away") % said, max_length=300, required=False
        ),
    }


class LeaveForm(StepForm):
    happened_at = InstantField(label=_("Left"), help_text=_("In the site’s time."))
    words = words(_("In words"), required=False)


STEPS = {
    OnsiteState.ACCEPTED: AnswerForm,
    OnsiteState.APPROVED: AnswerForm,
    OnsiteState.DECLINED: DeclineForm,
    OnsiteState.CANCELLED: AnswerForm,
    OnsiteState.DONE: DoneForm,
    OnsiteState.ARRIVED: ArriveForm,
    OnsiteState.LEFT: LeaveForm,
    OnsiteState.NO_SHOW: AnswerForm,
}
