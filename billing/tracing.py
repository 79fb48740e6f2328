"""From a line of an invoice back to the written yes: its entries, the approval, the offer's bytes, who signed and how."""

import csv
import io
import json
import re
import zipfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from billing import asked, minimums
from billing.models import (
    Approval,
    Delivery,
    EvidenceLink,
    Invoice,
    InvoiceLine,
    Offer,
    Signature,
    TimeEntry,
    WrittenCheck,
    WrittenYes,
)
from support.models import File
from support.refusal import Refused

README = """The evidence of {line}.

Run `python check.py` in this folder, with any Python from 3.11 on and nothing else: it compares the invoice's line with its
entries, the entries with the approval, the offer with the hash that was approved, and the chain of approvals with itself.

line.json   the line, its entries and the approval
offer.html  the offer, byte for byte as it was shown and approved
statement.html  where there is one: the statement of work that the offer names by its hash
links.csv   the chain of approvals, from its first link on
originals/  what came on paper, where the yes did: the mail, the signed document, the purchase order
check.py    what checks them, with chain.py and priced.py; they hold no secret and ask nobody
"""


@dataclass(frozen=True, slots=True)
class Trace:
    """`line` is what was billed; where a credit note was asked for, the line that it credits. `links` are the approval's."""

    line: InvoiceLine
    entries: list[TimeEntry]
    approval: Approval
    offer: Offer
    signatures: list[Signature]
    links: list[EvidenceLink]
    delivery: Delivery | None = None
    counted: tuple[InvoiceLine, ...] = ()  # of a minimum: the lines that it tops up
    before: tuple[InvoiceLine, ...] = ()  # of one that asks less than its minutes: those that left no more

    @property
    def reference(self) -> str:
        """INV-2026-000003/1."""
        return f"{self.line.invoice.reference}/{self.line.position}"


def line_named(reference: str) -> InvoiceLine:
    """The line "INV-2026-000003/1". Refused, with how to write it, where there is none."""
    invoice, _slash, position = reference.strip().rpartition("/")
    line = None
    if re.fullmatch(r"[0-9]{1,4}", position):
        lines = InvoiceLine.objects.select_related("invoice__legal_entity", "credits__invoice")
        line = lines.filter(invoice__in=Invoice.objects.called(invoice), position=int(position)).first()
    if line is None:
        raise Refused(
            _(
                "No issued invoice has the line %(line)s: write the invoice’s number and the line, like INV-2026-000003/1."
            )
            % {"line": reference}
        )
    return line


def trace(line: InvoiceLine) -> Trace:
    """What stands behind a line, or behind the line that it credits."""
    line = line.credits or line
    approval = Approval.objects.select_related("offer__engagement__ticket__customer", "balance").get(
        pk=line.approval_id
    )
    links = EvidenceLink.objects.filter(legal_entity=line.invoice.legal_entity)
    ended = getattr(approval, "end", None)
    mine = links.filter(kind="approval", subject_id=approval.pk) | links.filter(
        kind="approval_end", subject_id=ended.pk if ended else 0
    )
    signatures = _signed(approval.offer)
    for said in (one.written for one in signatures if one.written):
        mine |= links.filter(kind="written_yes", subject_id=said.pk)
        mine |= links.filter(kind="written_check", subject_id=said.check_made.pk)
    return Trace(
        line=line,
        entries=[
            billed.entry
            for billed in line.billed.select_related("entry__person").order_by("entry__started_at")
        ],
        approval=approval,
        offer=approval.offer,
        signatures=signatures,
        links=list(mine.order_by("seq")),
        delivery=Delivery.objects.filter(billed__line=line).first(),
        counted=tuple(minimums.counted(line)) if line.kind == InvoiceLine.Kind.MINIMUM else (),
        before=tuple(asked.before(line)) if asked.is_less(line) else (),
    )


def told(found: Trace) -> dict:
    """The trace as JSON values: instants in UTC, amounts as text, minutes as numbers."""
    line, offer = found.line, found.offer
    return {
        "line": found.reference,
        "company": line.invoice.legal_entity_id,
        "engagement": offer.engagement.reference,
        "kind": line.kind,
        "description": line.description,
        "minutes": line.minutes,
        "surcharge": line.surcharge,
        "surcharged": line.surcharged,
        "rate": f"{line.rate}",
        "net": f"{line.net}",
        "currency": line.invoice.currency,
        "entries": [
            {
                "id": entry.pk,
                "person": entry.person.name,
                "text": entry.text,
                "started_at": _instant(entry.started_at),
                "stopped_at": _instant(entry.stopped_at),
                "raw_minutes": entry.raw_minutes,
                "billed_minutes": entry.billed_minutes,
                "out_of_hours": entry.out_of_hours,
                "on_site": entry.on_site,
                "visit": entry.visit,
                "basis": entry.basis,
            }
            for entry in found.entries
        ],
        "delivery": _delivery(found.delivery),
        "counted": [_named(each) for each in found.counted],
        "before": [_named(each) for each in found.before],
        "approval": found.approval.pk,
        "approved_as": found.approval.reference,
        "decided_at": _instant(found.approval.decided_at),
        "offer_sha256": bytes(offer.sha256).hex(),
        "sentence": offer.sentence,
        "signed": [
            {
                "contact": f"{one.contact_name} <{one.contact_email}>",
                "typed_name": one.typed_name,
                "how": one.how,
                "signed_at": _instant(one.signed_at),
                "from": one.address or "",
                "written": _written(one.written),
            }
            for one in found.signatures
        ],
        "links": [
            {"seq": link.seq, "kind": link.kind, "hash": bytes(link.hash).hex()} for link in found.links
        ],
    }


def bundle(found: Trace) -> bytes:
    """A ZIP with everything that the line rests on, and the script that checks it with Python alone.

    Refused where the original of what came on paper is not in the storage any more.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", README.format(line=found.reference))
        packed.writestr("line.json", json.dumps(told(found), indent=2, ensure_ascii=False))
        packed.writestr("offer.html", bytes(found.offer.document))
        if found.offer.statement:
            packed.writestr("statement.html", bytes(found.offer.statement.document))
        for place, original in enumerate(_originals(found), 1):
            packed.writestr(f"originals/{place}-{original.name}", _bytes(original))
        packed.writestr("links.csv", "".join(rows(links_of(found.line.invoice.legal_entity_id))))
        for script in ("check.py", "chain.py", "priced.py"):
            packed.writestr(script, (Path(__file__).parent / script).read_bytes())
    return held.getvalue()


def links_of(entity: int) -> Iterable[tuple[int, str, bytes]]:
    """A company's chain, in order."""
    links = EvidenceLink.objects.filter(legal_entity=entity).order_by("seq")
    return links.values_list("legal_entity", "text", "hash")


def rows(links: Iterable[tuple[int, str, bytes]]) -> Iterator[str]:
    """The lines of the file that billing/chain.py reads."""
    for entity, text, hash in links:
        held = io.StringIO(newline="")
        csv.writer(held).writerow([entity, b64encode(text.encode()).decode(), bytes(hash).hex()])
        yield held.getvalue()


def _signed(offer: Offer) -> list[Signature]:
    rows = offer.signatures.select_related("written__original", "written__check_made")
    return list(rows.order_by("pk"))


def _named(line: InvoiceLine) -> dict[str, str]:
    return {
        "line": f"{line.invoice.reference}/{line.position}",
        "kind": line.kind,
        "net": f"{line.net}",
    }


def _delivery(said: Delivery | None) -> dict | None:
    if said is None:
        return None
    return {"text": said.text, "delivered_at": _instant(said.delivered_at), "by": said.actor_name}


def _written(said: WrittenYes | None) -> dict | None:
    """What came on paper, as the chain's text names it."""
    if said is None:
        return None
    return {
        "way": said.way,
        "written_reference": said.reference,
        "says": said.says,
        "dated_on": f"{said.dated_on:%Y-%m-%d}",
        "original": said.original.name,
        "original_sha256": said.original_sha256,
        "recorded_by": _person(said),
        "recorded_at": _instant(said.recorded_at),
        "checked_by": _person(said.check_made),
        "checked_at": _instant(said.check_made.checked_at),
    }


def _originals(found: Trace) -> list[File]:
    return [one.written.original for one in found.signatures if one.written]


def _bytes(original: File) -> bytes:
    try:
        with original.open() as stored:
            return stored.read()
    except FileNotFoundError:
        raise Refused(
            _("The original %(name)s is not in the storage any more: bring it back from a backup first.")
            % {"name": original.name}
        ) from None


def _person(row: WrittenYes | WrittenCheck) -> str:
    return f"{row.actor_kind} {row.actor_id} {row.actor_name}"


def _instant(at) -> str:
    """As the texts of the chain write one: "2026-10-06T13:04:00.000000Z"."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"
