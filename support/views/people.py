"""One's own page: name, zone, language, light or dark."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from support.actors import Actor
from support.forms.people import ProfileForm


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.instance.by(Actor.of(request.user))
        form.save()
        messages.success(request, _("Saved."))
        return redirect("support:profile")
    return render(request, "support/profile.html", {"form": form})
