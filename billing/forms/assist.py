"""Forms of the help in a customer's own case with Microsoft: the pack, its hand-over, and what both sides write down."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing import assist_pack, assist_severity
from billing.models import AssistHandover, AssistNote, Engagement
from support.forms.instants import InstantField
from support.models import Contact, File, User, UserKind
from support.rendering import DayInput

TEXT = 8000  # letters in a field of a pack
LISTED = 100  # files to choose from, the newest
DESK = User.objects.filter(kind=UserKind.STAFF, is_active=True)


def words(label, rows=3, most=TEXT, **options):
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


def severity_field(label):
    levels = [
        (level.code, f"{level.code} {level.name}: {level.meaning}") for level in assist_severity.known()
    ]
    return forms.ChoiceField(label=label, required=False, choices=[("", _("Not said")), *levels])


class Files(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, file: File) -> str:
        return file.name


class AssistMakeForm(forms.Form):
    """What Microsoft asks whoever opens a case; `files` are those that the customer reads on the ticket."""

    summary = words(_("What is wrong"), 5, help_text=_("As the customer can paste it into Microsoft’s form."))
    product = forms.CharField(label=_("Product affected"), max_length=200)
    domains = forms.CharField(label=_("Tenant and domains affected"), max_length=300)
    subscription = forms.CharField(label=_("Subscription ID"), required=False, max_length=100)
    users_count = forms.IntegerField(label=_("Users affected"), min_value=0, max_value=10_000_000)
    users = words(_("Which accounts"), required=False)
    errors_seen = words(_("Error messages"), required=False)
    reproduce = words(_("Steps to reproduce"))
    steps_taken = words(_("Steps tried"), 5)
    tools = forms.CharField(label=_("Tools used"), required=False, max_length=300)
    reached = words(
        _("Who opens the case, and how Microsoft reaches him"),
        help_text=_("Name, e-mail, phone, preferred way and time, time zone."),
    )
    with_messages = forms.BooleanField(
        label=_("Tell what was said on the ticket, too"),
        required=False,
        initial=True,
        help_text=_("The document tells what happened on the ticket; offers and approvals are left out."),
    )
    files = Files(File.objects.none(), label=_("Files"), required=False)
    answers = forms.ModelChoiceField(
        AssistNote.objects.none(),
        label=_("It answers"),
        required=False,
        empty_label=_("Nothing yet: a new case"),
    )

    def __init__(self, *args, engagement: Engagement, requests, **options):
        super().__init__(*args, auto_id="make_%s", **options)
        self.fields["severity"] = severity_field(_("Severity to ask for"))
        self.order_fields(["summary", "severity"])
        seen = assist_pack.files_of(engagement.ticket)
        self.fields["files"].queryset = seen if self.is_bound else seen[:LISTED]
        self.fields["answers"].queryset = requests
        self.fields["answers"].label_from_instance = lambda each: each.text[:80]
        if not requests:
            del self.fields["answers"]

    def case(self) -> assist_pack.Case:
        said = dict(self.cleaned_data)
        said["errors"] = said.pop("errors_seen")
        return assist_pack.Case(
            **{name: value for name, value in said.items() if name not in ("files", "answers")}
        )


class _ToAContact(forms.Form):
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("To whom"))

    def __init__(self, *args, engagement: Engagement, people=None, **options):
        """`people` are those to choose from where the page has them already: it shows the form for each pack."""
        super().__init__(*args, **options)
        field, customer = self.fields["contact"], engagement.ticket.customer
        field.queryset = customer.contacts.filter(active=True)
        if people is not None:
            field.choices = [("", "---------"), *((each.pk, each.name) for each in people)]


class AssistSendForm(_ToAContact):
    text = words(
        _("To the customer"), 5, 20_000, help_text=_("Leaves as it stands here, with the way to the pack.")
    )


class AssistHandForm(_ToAContact):
    way = forms.ChoiceField(
        label=_("How"),
        choices=[each for each in AssistHandover.Way.choices if each[0] != AssistHandover.Way.MAIL],
        widget=forms.RadioSelect,
    )
    words = words(_("In words"), help_text=_("Where, when, on what; the customer reads it on his page."))


class AssistCaseForm(forms.Form):
    case_number = forms.CharField(label=_("Number of the case"), max_length=40)
    on = forms.DateField(label=_("Opened on"), widget=DayInput())

    def __init__(self, *args, **options):
        super().__init__(*args, auto_id="case_%s", **options)
        self.fields["severity"] = severity_field(_("Its severity"))


class AssistRequestForm(forms.Form):
    text = words(_("What does Microsoft ask for?"))
    on = forms.DateField(label=_("Asked on"), widget=DayInput())

    def __init__(self, *args, **options):
        super().__init__(*args, auto_id="request_%s", **options)


class AssistCallForm(forms.Form):
    starts_at = InstantField(label=_("When it begins"))
    bridge = forms.CharField(
        label=_("How to join"),
        max_length=300,
        required=False,
        help_text=_("A number with its code, or a link."),
    )
    text = words(_("What it is about"), required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, auto_id="call_%s", **options)


class AssistAnswerForm(forms.Form):
    text = words(_("To the customer"), 4, 20_000, help_text=_("Leaves by mail as it stands here."))


class AssistOutcomeForm(forms.Form):
    joined = forms.ModelMultipleChoiceField(
        DESK, label=_("Who of us joined"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = words(_("What came of it"), help_text=_("The customer reads it."))

    def __init__(self, *args, people=None, **options):
        super().__init__(*args, **options)
        if people is not None:
            self.fields["joined"].choices = [(each.pk, each.name) for each in people]
