"""How commands name a month and a company."""

import re
from datetime import date

from django.core.management.base import CommandError

from support.models import LegalEntity


def month_named(text: str) -> date:
    """The first day of "2026-10"; CommandError for anything else."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text) or not "2000" <= text < "2100":
        raise CommandError(f"{text!r} is not a month: write it as 2026-10.")
    return date.fromisoformat(f"{text}-01")


def entity_named(text: str) -> LegalEntity:
    """The company with this name or number series."""
    for field in ("number_series", "name"):
        if found := LegalEntity.objects.filter(**{f"{field}__iexact": text}).first():
            return found
    known = ", ".join(LegalEntity.objects.values_list("number_series", flat=True))
    raise CommandError(f"No company has the name or the number series {text!r}. Series: {known}.")
