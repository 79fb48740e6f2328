"""Invoices on their way to finance: a month's issued invoices as files of one format, kept byte for byte."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import chain, groupby
from operator import itemgetter

from django.db import connection
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from billing import copying, exported
from billing.allowed import must_hold
from billing.formats import PROFILES, lines
from billing.formats.form import Form, Settings
from billing.models import ExportBatch, ExportedInvoice, ExportVoid, FinanceTarget, Invoice
from billing.rules import ask, verb
from support.actors import Actor
from support.models import LegalEntity
from support.naming import is_said
from support.refusal import Refused

NAMED = 20  # of what blocks a file, in a sentence; the others are counted


@dataclass(frozen=True, slots=True)
class Exported:
    """The batches, and whether they are old: the month's invoices had all been exported before. A new one is alone."""

    batches: tuple[ExportBatch, ...]
    again: bool
    before: tuple[ExportBatch, ...] = ()  # those that hold the month's other invoices

    @property
    def batch(self) -> ExportBatch:
        """The newest."""
        return self.batches[-1]


@verb
def export(entity: LegalEntity, month: date, profile: str, *, by: Actor, at: datetime) -> Exported:
    """The invoices of work done in this month that no batch of this format holds yet; when all are held, every batch again.

    `month` is that of the work in the legal entity's zone, whatever an invoice's date. Refused, with a list of what to
    do, when the finance program could not take them; when there is nothing; for a format that is not known.
    """
    form, month = form_named(profile), month.replace(day=1)
    ask("SELECT 1 FROM pg_advisory_xact_lock(hashtext(%s))", f"export of {entity.pk} {month:%Y-%m} {profile}")
    settings = settings_of(entity, profile)
    waiting = _to_export(entity, month, profile)
    [until] = _ask(lines.ISSUED_UNTIL, waiting)
    if until is None:
        return _again(entity, month, profile)
    waiting["until"] = until  # what is issued from now on waits for the next batch
    if missing := _missing(form, settings, waiting):
        raise Refused(" ".join([_("Nothing was exported."), *missing]))
    before = tuple(_live(entity, month, profile))
    return Exported((_batch(form, settings, waiting, by),), again=False, before=before)


@verb
def void(batch: ExportBatch, *, reason: str, by: Actor, at: datetime) -> ExportVoid:
    """Take a batch back: its files stay as they are, its invoices are to be exported again. Finance's act, with a reason."""
    must_hold("billing.add_exportvoid", by, _("Only finance voids what was exported."))
    if not is_said(reason):
        raise Refused(_("Write down why."), "reason")
    taken_back = ExportVoid(batch=batch, reason=reason.strip())
    taken_back.actor = by
    taken_back.save(force_insert=True)
    return taken_back


def form_named(profile: str) -> Form:
    if profile not in PROFILES:
        known = ", ".join(sorted(PROFILES))
        raise Refused(
            _("No format is called %(name)s. There are: %(known)s.") % {"name": profile, "known": known}
        )
    return PROFILES[profile]


def settings_of(entity: LegalEntity, profile: str) -> Settings:
    """What the company's finance program wants."""
    target = FinanceTarget.objects.filter(legal_entity=entity, profile=profile).first()
    return target.settings if target else Settings()


def missing(entity: LegalEntity, month: date, profile: str) -> list[str]:
    """What would block the month's export in this format: a sentence each, with what to do and the names."""
    settings = settings_of(entity, profile)
    return _missing(form_named(profile), settings, _to_export(entity, month.replace(day=1), profile))


def live_formats(entity: LegalEntity, month: date) -> defaultdict[int, list[str]]:
    """Invoice → the formats in which it stands in a batch that is not voided."""
    live = ExportedInvoice.objects.filter(batch__void=None, batch__legal_entity=entity, batch__month=month)
    found = defaultdict(list)
    for invoice, profile in live.order_by("batch_id").values_list("invoice", "profile"):
        found[invoice].append(profile)
    return found


def offered(
    entity: LegalEntity, month: date, issued: int, live: dict[int, list[str]]
) -> list[tuple[str, Form, int, list[str]]]:
    """Each format with its name, how many invoices wait for it, and what would block them."""
    done = Counter(chain.from_iterable(live.values()))
    waiting = {name: issued - done[name] for name in PROFILES}
    return [
        (name, form, waiting[name], missing(entity, month, name) if waiting[name] else [])
        for name, form in PROFILES.items()
    ]


def entities_of(month: date) -> list[LegalEntity]:
    """The companies that have issued invoices for this month."""
    issued = Invoice.objects.issued().filter(month=month.replace(day=1))
    return list(LegalEntity.objects.filter(pk__in=issued.values("legal_entity")).order_by("name"))


def nothing(month: date, drafts: int) -> Refused:
    """The sentence for a month without issued invoices."""
    sentence = _("There is nothing to export for %(month)s: no invoice is issued.")
    if drafts:
        sentence += " " + _("Drafts that wait to be issued: %(drafts)d.")
    return Refused(sentence % {"month": date_format(month, "F Y"), "drafts": drafts})


def drafts_of(month: date) -> int:
    return Invoice.objects.drafts().filter(month=month.replace(day=1)).count()


def _to_export(entity: LegalEntity, month: date, profile: str) -> dict:
    return {"entity": entity.pk, "month": month, "profile": profile, "until": "infinity"}


def _ask(sql: str, parameters: dict) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


def _missing(form: Form, settings: Settings, waiting: dict) -> list[str]:
    needs = form.needs(settings)
    with connection.cursor() as cursor:
        cursor.execute(lines.what_is_missing(form, settings), lines.parameters(settings, **waiting))
        found = groupby(cursor.fetchall(), key=itemgetter(0))
        listed = [(needs[place].do, [whose for _place, whose in rows]) for place, rows in found]
    return [f"{do}: {_names(whose)}." for do, whose in listed]


def _names(whose: list[str]) -> str:
    named = ", ".join(whose[:NAMED])
    more = len(whose) - NAMED
    return _("%(names)s and %(more)d more") % {"names": named, "more": more} if more > 0 else named


def _again(entity: LegalEntity, month: date, profile: str) -> Exported:
    batches = tuple(_live(entity, month, profile))
    if not batches:
        raise nothing(month, drafts_of(month))
    return Exported(batches, again=True)


def _live(entity: LegalEntity, month: date, profile: str) -> QuerySet[ExportBatch]:
    """The batches of the month that stand, in their order."""
    return ExportBatch.objects.live().filter(legal_entity=entity, month=month, profile=profile).order_by("pk")


def _batch(form: Form, settings: Settings, waiting: dict, by: Actor) -> ExportBatch:
    rows, net, gross = _ask(lines.TOTALS, waiting)
    batch = ExportBatch(
        legal_entity_id=waiting["entity"],
        profile=waiting["profile"],
        month=waiting["month"],
        settings=asdict(settings),
        rows=rows,
        net=net,
        gross=gross,
    )
    batch.actor = by
    batch.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(lines.INTO_THE_BATCH, waiting | {"batch": batch.pk})
    copying.write(batch, form, settings)
    _must_add_up(batch)
    return batch


def _must_add_up(batch: ExportBatch) -> None:
    """The files are read back before they count: as many rows, the same sums."""
    said = exported.sums(batch)
    taxed = said.tax is not None
    wanted = [batch.rows, batch.net, batch.gross - batch.net if taxed else None]
    if [said.rows, said.net, said.tax] != wanted:
        raise RuntimeError(f"the files of {batch} say {said}, not {wanted}")
