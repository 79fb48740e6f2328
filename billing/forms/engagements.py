"""Forms of scope, engagement and offer: texts become values, the verbs say what they mean."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import gdap_roles, scope
from billing.models import Surcharge
from billing.models.scope import ENGAGEMENT
from support import versions
from support.catalogue.scope import Ask, Verdict
from support.forms.instants import InstantField
from support.models import Contact, Ticket
from support.naming import a_written_name

IN, OUT = "in", "out"
VERDICTS = {
    Verdict.ELIGIBLE: "",
    Verdict.NOT_ELIGIBLE: _("not eligible"),
    Verdict.CASE_BY_CASE: _("case by case"),
}


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ScopeDecideForm(forms.Form):
    scope = forms.ChoiceField(
        label=_("Is this work inside the contract?"),
        choices=[(IN, _("In scope: it is done under the contract")), (OUT, _("Out of scope"))],
        widget=forms.RadioSelect,
    )
    item = forms.ChoiceField(label=_("Which item of the service's list is it?"), choices=[], required=False)
    outcome = forms.ChoiceField(
        label=_("Out of scope: which way does it go?"), choices=[], required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(label=_("Why?"), widget=lines(), max_length=4000)
    agreed_with = forms.CharField(
        label=_("Agreed with"),
        required=False,
        max_length=200,
        help_text=_("Somebody of the customer or partner: asked for where it is out of scope."),
    )
    agreed_at = InstantField(label=_("Agreed at"), required=False)
    consulted = forms.CharField(
        label=_("Head of support consulted"),
        required=False,
        max_length=200,
    )
    override = forms.BooleanField(
        label=_("Decide against the list, for this single case"),
        required=False,
        help_text=_("Support managers only."),
    )

    def __init__(self, *args, ticket: Ticket, **options):
        super().__init__(*args, **options)
        listed = scope.items(ticket.contract)
        self.fields["item"].choices = [("", _("Choose an item"))] + [
            (each.item.code, _item_words(each.item)) for each in listed
        ]
        known = scope.outcomes(ticket.contract).values()
        for name, ask in (
            ("agreed_with", Ask.AGREED),
            ("agreed_at", Ask.AGREED),
            ("consulted", Ask.CONSULTED),
        ):
            if not any(ask in way.asks for way in known):
                del self.fields[name]
        ways = [(way.code, way.text) for way in known]
        if ticket.contract and ticket.contract.engagement_service:
            ways.insert(0, (ENGAGEMENT, _("Offer it as an Extended Support Engagement")))
        self.fields["outcome"].choices = ways
        if not ways:
            del self.fields["outcome"]


def _item_words(item) -> str:
    verdict = VERDICTS.get(item.verdict, "")
    return f"{item.text} ({verdict})" if verdict else item.text


class EngagementRequestForm(forms.Form):
    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("What the customer gets, in one line.")
    )
    included = forms.CharField(label=_("Included"), widget=lines(4), help_text=_("One line each."))
    excluded = forms.CharField(
        label=_("Not included"), widget=lines(), required=False, help_text=_("One line each.")
    )
    deliverables = forms.CharField(label=_("What they get"), widget=lines(), help_text=_("One line each."))
    estimate = forms.IntegerField(label=_("Estimate in minutes"), min_value=1, max_value=60_000)
    kind = forms.ChoiceField(label=_("Kind of work"), choices=[])
    priority = forms.ChoiceField(label=_("Priority"), choices=[], required=False)
    gdap_roles = forms.MultipleChoiceField(
        label=_("Microsoft roles that the work needs"),
        choices=[],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: no GDAP is asked for."),
    )
    expected_delay = forms.CharField(label=_("What is waited for first"), required=False, max_length=200)

    def __init__(self, *args, ticket: Ticket, **options):
        super().__init__(*args, **options)
        self.fields["gdap_roles"].choices = sorted(gdap_roles.ROLES.items(), key=lambda role: role[1])
        definition = versions.definition(ticket.contract.engagement_service)
        self.fields["kind"].choices = [(kind.code, kind.name) for kind in definition.engagement.kinds]
        steps = sorted(definition.priorities, key=lambda step: step.rank)
        self.fields["priority"].choices = [("", _("The usual one for this kind"))] + [
            (step.code, f"{step.code}: {step.meaning}") for step in steps
        ]


class StatementWriteForm(forms.Form):
    text = forms.CharField(
        label=_("What the work consists of"),
        max_length=60_000,
        widget=lines(12),
        help_text=_("Step by step, with what each side does. An empty line begins a paragraph."),
    )
    base = forms.IntegerField(
        required=False, widget=forms.HiddenInput
    )  # the version that it was written upon


class EngagementPriorityForm(forms.Form):
    priority = forms.ChoiceField(
        label=_("Priority"),
        choices=[],
        widget=forms.RadioSelect,
        help_text=_("Its update clock begins anew."),
    )

    def __init__(self, *args, engagement, **options):
        super().__init__(*args, **options)
        definition = versions.definition(engagement.service)
        kind = next(kind for kind in definition.engagement.kinds if kind.code == engagement.kind)
        steps = sorted(definition.priorities, key=lambda step: step.rank)
        self.fields["priority"].choices = [
            (step.code, f"{step.code}: {step.meaning}") for step in steps if step.code in kind.priorities
        ]
        self.fields["priority"].initial = engagement.priority


class OfferSendForm(forms.Form):
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("Who is asked"),
        help_text=_("People of the customer who may approve money."),
    )
    cap = forms.IntegerField(
        label=_("Cap in billed minutes"),
        min_value=1,
        max_value=60_000,
        required=False,
        help_text=_("We stop there and ask again."),
    )
    fixed_price = forms.DecimalField(
        label=_("Or at a fixed price"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        required=False,
        help_text=_("For the statement of work: charged once, as it is delivered. Leave the cap empty."),
    )
    fixed_for = forms.CharField(label=_("What the fixed price is for"), max_length=300, required=False)
    visits = forms.IntegerField(
        label=_("Visits on site at most"),
        min_value=0,
        max_value=200,
        required=False,
        help_text=_("Empty: no work on site is offered. Each visit is a piece of work there."),
    )
    answer_by = InstantField(label=_("Answer by"))
    work_until = InstantField(label=_("Work until"))
    statement = forms.IntegerField(
        required=False, widget=forms.HiddenInput
    )  # the version that was on the page

    def clean_visits(self):
        return self.cleaned_data["visits"] or 0

    def clean_cap(self):
        return self.cleaned_data["cap"] or 0

    def __init__(self, *args, engagement, **options):
        super().__init__(*args, **options)
        on_site = {"card__contracts__contract": engagement.contract_id, "what": Surcharge.What.ON_SITE}
        if not self.data.get("visits") and not Surcharge.objects.filter(**on_site).exists():
            del self.fields["visits"]
        if not engagement.statements.exists():
            del self.fields["fixed_price"], self.fields["fixed_for"]
            self.fields["cap"].required = True
        self.fields["contact"].queryset = engagement.ticket.customer.contacts.signing()
        self.fields["contact"].label_from_instance = lambda contact: (
            _("%(name)s, up to %(limit)s")
            % {
                "name": contact.name,
                "limit": contact.approves_up_to,
            }
        )


class OfferInviteForm(forms.Form):
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("Who else is asked"))

    def __init__(self, *args, engagement, **options):
        super().__init__(*args, **options)
        self.fields["contact"].queryset = engagement.ticket.customer.contacts.signing()


class EngagementFinishForm(forms.Form):
    """Nothing to fill in; it says what keeps the engagement from its end."""


class PriceDeliverForm(forms.Form):
    text = forms.CharField(
        label=_("What was handed over, and to whom"),
        widget=lines(2),
        max_length=2000,
        help_text=_("The fixed price then stands on the next invoice."),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        widget=lines(2),
        max_length=2000,
        help_text=_("In words for the customer, who reads them."),
    )


class OwnWithdrawForm(WithdrawForm):
    """As the customer himself withdraws."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("In your words: the desk reads them.")


class AnswerCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text=_("Six figures, from the mail that we just sent."),
    )


class AnswerApproveForm(forms.Form):
    typed_name = forms.CharField(
        label=_("Type your full name to sign"),
        max_length=200,
        validators=[a_written_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    read = forms.BooleanField(label=_("I have read what is included and what is not."))


class AnswerDeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("What should be different?"),
        widget=lines(),
        max_length=4000,
        help_text=_("A few words are enough: “not this quarter”."),
        error_messages={"required": _("Tell us in a few words what should be different.")},
    )
