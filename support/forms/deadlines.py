"""What the deadline calculator asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from support import versions
from support.clocks.terms import Deployment, WaitReason
from support.desk.deadlines import Question, Wait, services
from support.forms.instants import InstantField
from support.forms.priority import priority_name
from support.models.contracts import DEPLOYMENTS
from support.models.waits import REASONS


class DeadlineForm(forms.Form):
    level = forms.ChoiceField(label=_("Service and priority"), choices=[])
    at = InstantField(label=_("Begins"))
    deployment = forms.ChoiceField(label=_("Deployment"), choices=DEPLOYMENTS, widget=forms.RadioSelect)
    wait_from = InstantField(label=_("Waits from"), required=False)
    wait_to = InstantField(label=_("Waits until"), required=False)
    wait_for = forms.ChoiceField(label=_("Waits for"), choices=[("", _("Nothing")), *REASONS], required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._services = {service.code: service for service in services()}
        self.fields["level"].choices = [
            (f"{service.code}:{step.code}", f"{service.name}: {priority_name(step)}")
            for service in self._services.values()
            for step in _steps(service)
        ]

    def clean(self):
        said = super().clean()
        given = [name for name in ("wait_from", "wait_to", "wait_for") if said.get(name)]
        if given and len(given) < 3:
            missing = next(name for name in ("wait_from", "wait_to", "wait_for") if name not in given)
            self.add_error(missing, _("A wait has a beginning, an end and a reason."))
        return said

    def question(self) -> Question:
        said = self.cleaned_data
        code, _colon, priority = said["level"].partition(":")
        waits = ()
        if said["wait_for"]:
            waits = (Wait(said["wait_from"], said["wait_to"], WaitReason(said["wait_for"])),)
        return Question(self._services[code], priority, said["at"], waits, Deployment(said["deployment"]))


def _steps(service):
    return sorted(versions.definition(service).priorities, key=lambda step: step.rank)
