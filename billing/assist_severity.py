"""The severities of a vendor's cases, as the vendor's own definition has them: whoever opens a case names one."""

from support import versions
from support.catalogue.promises import Step
from support.models import ServiceVersion
from support.models.definitions import ServiceKind


def known() -> list[Step]:
    """Of the newest version of each vendor's definition, the most urgent first, each code once."""
    newest = (
        ServiceVersion.objects.filter(kind=ServiceKind.VENDOR).order_by("code", "-version").distinct("code")
    )
    found: dict[str, Step] = {}
    for service in newest:
        for level in versions.definition(service).priorities:
            found.setdefault(level.code, level)
    return sorted(found.values(), key=lambda level: level.rank)


def of(code: str) -> Step | None:
    """What a code means; None for none, and for one that no definition has."""
    return next((level for level in known() if level.code == code), None) if code else None
