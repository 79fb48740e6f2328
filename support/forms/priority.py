"""How urgent a ticket is and in which hours it is worked on: what the desk assesses, what the customer asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from support import versions
from support.catalogue.promises import Party, Step
from support.clocks.facts import Effort
from support.models import Channel, Ticket

TEXT = 20_000  # letters in a message
Choices = tuple[tuple[str, str], ...]


class TicketPriorityForm(forms.Form):
    priority = forms.ChoiceField(label=_("Priority"), choices=[], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label=_("Agreed with the customer"), required=False)

    def __init__(self, *args, levels: Choices, present: str, **options):
        super().__init__(*args, **options)
        self.fields["priority"].choices = levels
        self.fields["priority"].initial = present

    @staticmethod
    def facts(ticket: Ticket) -> dict:
        steps = versions.definition(ticket.service).priorities if ticket.service else ()
        return {"levels": priority_choices(steps), "present": ticket.priority}


class TicketEffortForm(forms.Form):
    effort = forms.TypedChoiceField(
        label=_("When it is worked on"),
        choices=[
            (Effort.AROUND_THE_CLOCK.value, _("Day and night")),
            (Effort.BUSINESS.value, _("In the service’s hours")),
        ],
        coerce=Effort,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why, and who agreed"), max_length=300, help_text=_("Kept as an internal note.")
    )


class TicketClaimForm(forms.Form):
    level = forms.ChoiceField(
        label=_("Which priority do they ask for?"), choices=[], widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(
        label=_("How they asked"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.IMPORT],
        initial=Channel.PHONE,
    )
    statement = forms.CharField(
        label=_("What it means for their business"),
        required=False,
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In their words. It is kept with what they ask for."),
    )

    def __init__(self, *args, levels: Choices, with_statement: bool, **options):
        super().__init__(*args, **options)
        self.fields["level"].choices = levels
        self.fields["statement"].required = with_statement

    @staticmethod
    def facts(ticket: Ticket) -> dict:
        if not ticket.service:
            return {"levels": (), "with_statement": False}
        definition = versions.definition(ticket.service)
        open_to_them = tuple(step for step in definition.priorities if Party.CUSTOMER in step.declared_by)
        return {
            "levels": priority_choices(open_to_them),
            "with_statement": definition.assessment.statement,
        }


def priority_choices(steps: tuple[Step, ...]) -> Choices:
    """Code → name and meaning, most urgent first, with the channels that alone may bring it."""
    ordered = sorted(steps, key=lambda step: step.rank)
    return tuple((step.code, f"{priority_name(step)}: {step.meaning}{_only_by(step)}") for step in ordered)


def priority_name(step: Step) -> str:
    """ "P1 Critical", or "High" where code and name are the same."""
    return step.name if step.name == step.code else f"{step.code} {step.name}"


def _only_by(step: Step) -> str:
    if not step.channels:
        return ""
    words = dict(Channel.choices)
    return " " + _("By %(channels)s only.") % {
        "channels": ", ".join(str(words[channel]).lower() for channel in step.channels)
    }
