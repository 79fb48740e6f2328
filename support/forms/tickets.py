"""The forms of the ticket page, one per verb, and the one that raises a ticket."""

from collections.abc import Iterable
from functools import cache

from django import forms
from django.utils.translation import gettext_lazy as _

from support import versions
from support.desk import working
from support.forms.files import FilesField
from support.forms.instants import InstantField
from support.forms.plain_select import PlainSelect
from support.forms.priority import priority_choices
from support.models import (
    Channel,
    Contact,
    Contract,
    Customer,
    Outcome,
    Product,
    User,
    UserKind,
    Visibility,
)
from support.models.waits import REASONS
from support.prepared import Prepared

TEXT = 20_000  # letters in a message


def text_area(rows: int, **attributes) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attributes})


class TicketReplyForm(forms.Form):
    text = forms.CharField(
        label=_("Reply"),
        max_length=TEXT,
        widget=text_area(5),
        help_text=_("Leaves by mail and meets the update clock."),
    )
    files = FilesField(label=_("Files"), required=False)


class TicketNoteForm(forms.Form):
    text = forms.CharField(
        label=_("Internal note"),
        max_length=TEXT,
        widget=text_area(4),
        help_text=_("Only the desk reads this. It meets no clock."),
    )
    files = FilesField(label=_("Files"), required=False)


class TicketReceiveForm(forms.Form):
    text = forms.CharField(label=_("What the customer wrote"), max_length=TEXT, widget=text_area(4))


class TicketCallForm(forms.Form):
    made = forms.ChoiceField(
        label=_("The call"),
        choices=[("yes", _("We called")), ("no", _("They called"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    connected = forms.ChoiceField(
        label=_("Did it connect?"),
        choices=[("yes", _("Yes, we spoke")), ("no", _("No, nobody answered"))],
        widget=forms.RadioSelect,
        initial="yes",
        help_text=_("Only a call that connects is a response."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=600, initial=0)
    text = forms.CharField(label=_("What was said"), max_length=TEXT, widget=text_area(3))
    visibility = forms.ChoiceField(
        label=_("Who may read it"),
        choices=Visibility,
        widget=forms.RadioSelect,
        initial=Visibility.INTERNAL,
        help_text=_("That there was a call, the customer sees in any case."),
    )


class TicketAttachForm(forms.Form):
    files = FilesField(label=_("Files"))
    visibility = forms.ChoiceField(
        label=_("Who may read them"),
        choices=Visibility,
        widget=forms.RadioSelect,
        initial=Visibility.INTERNAL,
    )


class TicketWaitForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Waiting for"), choices=REASONS, help_text=_("Which clocks stop is for the service to say.")
    )
    awaited = forms.CharField(
        label=_("Whom or what"),
        max_length=200,
        help_text=_("In words for the customer: call logs from Robin."),
    )
    wake_at = InstantField(
        label=_("Look at it again at"),
        required=False,
        help_text=_("Its owner is told then; the wait goes on."),
    )


class TicketPromiseForm(forms.Form):
    promised_at = InstantField(
        label=_("Promised for"),
        help_text=_("A clock of its own from now on; it takes an earlier promise's place."),
    )
    text = forms.CharField(
        label=_("In words to the customer"),
        required=False,
        max_length=TEXT,
        widget=text_area(3),
        help_text=_("Leaves by mail with the promise."),
    )


class TicketUnpromiseForm(forms.Form):
    text = forms.CharField(
        label=_("Why it does not stand any more"),
        max_length=TEXT,
        widget=text_area(3),
        help_text=_("Leaves by mail: whoever was promised something is told."),
    )


class TicketWorkForm(forms.Form):
    done = forms.ChoiceField(label=_("What was done"), choices=[], widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In words"),
        required=False,
        max_length=TEXT,
        widget=text_area(3),
        help_text=_("A workaround or a plan leaves by mail; the rest is an internal note."),
    )

    def __init__(self, *args, ways: tuple[tuple[str, str], ...], **options):
        super().__init__(*args, **options)
        self.fields["done"].choices = ways

    @staticmethod
    def facts(ticket) -> dict:
        return {"ways": working.possible(ticket)}

    def clean(self):
        said = super().clean()
        if said.get("done") in (working.Done.WORKAROUND, working.Done.PLAN) and not said.get("text"):
            self.add_error("text", _("Write what the customer is to do, or what will be done."))
        return said


class TicketResolveForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("How did it end?"),
        choices=[choice for choice in Outcome.choices if choice[0] != Outcome.MERGED],
        initial=Outcome.RESOLVED,
    )
    text = forms.CharField(
        label=_("Last words to the customer"),
        required=False,
        max_length=TEXT,
        widget=text_area(3),
        help_text=_("Leaves by mail before it is resolved."),
    )


class TicketReopenForm(forms.Form):
    text = forms.CharField(
        label=_("Why?"), max_length=TEXT, widget=text_area(2), help_text=_("An internal note.")
    )


def people(owner: User | None) -> tuple[tuple[str, str], ...]:
    """Everybody who can own a ticket, and who does. Names alone: two hundred users would cost more than the page around them."""
    found = [("", str(_("Nobody"))), *((str(pk), name) for pk, name in _staff().rows())]
    if owner and not owner.is_active:
        found.append((str(owner.pk), _("%(name)s, who signs in no longer") % {"name": owner.name}))
    return tuple(found)


@cache
def _staff() -> Prepared:
    return Prepared(User.objects.filter(kind=UserKind.STAFF, is_active=True).values_list("pk", "name"))


class TicketOwnerForm(forms.Form):
    owner = forms.TypedChoiceField(
        label=_("Owner"),
        widget=PlainSelect,
        required=False,
        coerce=lambda pk: User.objects.get(pk=pk),
        empty_value=None,
    )

    def __init__(self, *args, owner: int | None, people: Iterable[tuple[str, str]], **options):
        super().__init__(*args, **options)
        self.fields["owner"].choices = list(people)
        self.fields["owner"].initial = owner

    @staticmethod
    def facts(ticket) -> dict:
        return {"owner": ticket.owner_id, "people": people(ticket.owner)}


class CustomerPickForm(forms.Form):
    """The first step of raising a ticket: who it is for decides everything else."""

    customer = forms.ModelChoiceField(
        Customer.objects.filter(active=True),
        to_field_name="code",
        label=_("Customer"),
        empty_label=_("Choose a customer"),
    )


class TicketRaiseForm(forms.Form):
    contract = forms.ModelChoiceField(
        Contract.objects.none(),
        to_field_name="number",
        label=_("Contract"),
        widget=forms.RadioSelect,
        required=False,
        empty_label=None,
        error_messages={"invalid_choice": _("This contract is not in force any more: choose again.")},
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label=_("Who reports it"), required=False, empty_label=_("Not known")
    )
    product = forms.ModelChoiceField(
        Product.objects.none(),
        to_field_name="code",
        label=_("Product"),
        required=False,
        empty_label=_("Not said"),
    )
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.IMPORT],
        initial=Channel.PHONE,
    )
    title = forms.CharField(
        label=_("What is wrong?"),
        max_length=200,
        help_text=_("One line that the customer would recognise. One problem per ticket."),
    )
    priority = forms.ChoiceField(
        label=_("How bad is it?"), choices=[], widget=forms.RadioSelect, required=False
    )
    text = forms.CharField(
        label=_("What happens, exactly?"),
        max_length=TEXT,
        widget=text_area(6),
        help_text=_("What they did, what they expected, what came instead."),
    )
    files = FilesField(label=_("Logs and screenshots"), required=False)

    def __init__(
        self, *args, customer: Customer, contracts: list[Contract], contract: Contract | None, **options
    ):
        super().__init__(*args, **options)
        self.fields["contact"].queryset = customer.contacts.filter(active=True)
        self.fields["product"].queryset = Product.objects.filter(
            contract_lines__contract__in=contracts
        ).distinct()
        self.fields["contract"].queryset = Contract.objects.filter(pk__in=[each.pk for each in contracts])
        sent = self.data.get("contract")  # what the page showed may have ended since
        self.began_since = sent == "" and bool(contracts)  # the page said that there was none
        if len(contracts) < 2 and sent in (None, contracts[0].number if contracts else ""):
            self.fields["contract"].widget = forms.HiddenInput()
        definition = (
            versions.definition(contract.support_service) if contract and contract.support_service else None
        )
        if definition is None:
            del self.fields["priority"]
        else:
            self.fields["priority"].choices = priority_choices(definition.priorities)
            self.fields["priority"].initial = definition.assessment.default
            self.fields["priority"].help_text = _("The words are those of %(service)s.") % {
                "service": definition.name
            }

    def clean(self):
        said = super().clean()
        if self.began_since:
            self.add_error("contract", _("A contract is in force by now: choose it, and see its priorities."))
        return said
