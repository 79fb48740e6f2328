"""Checks the evidence of an invoice's line with Python alone: `python check.py [FOLDER]`, the folder of this file unless named.

line.json is compared with the chain of approvals in links.csv and with the offer's bytes; chain.py, beside this file, verifies
the chain itself. What the chain says is never taken from line.json.
"""

import csv
import json
import sys
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from pathlib import Path

import chain

BAD = (ValueError, OSError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def unfounded(line: dict, offer: bytes, links: list[tuple[str, str, str]]) -> Iterator[str]:
    """A sentence for each claim of the line, as line.json has it, that its company's chain does not bear out."""
    texts = [chain.fields(text) for _company, text, _hash in links]
    of_it = {("id", str(line["approval"])), ("kind", "approval"), ("legal_entity", str(line["company"]))}
    found = [text for text in texts if of_it <= set(text[:6])]
    if len(found) != 1 or {company for company, _text, _hash in links} != {str(line["company"])}:
        yield "The approval that the line names is not in the chain of its company, once and alone."
        return
    said, entries = found[0], line["entries"]
    yes = dict(reversed(said))  # of several who signed, the first
    if {value for name, value in said if name in ("offer_sha256", "shown_sha256")} != {
        sha256(offer).hexdigest()
    }:
        yield "The offer is not the one that was shown and approved."
    told = {name: [value for each, value in said if each == name] for name, _value in said}
    claims = [
        ("decided_at", [line["decided_at"]]),
        ("sentence", [line["sentence"]]),
        ("currency", [line["currency"]]),
    ]
    claims += [("engagement", [line["engagement"]]), ("offer_sha256", [line["offer_sha256"]])]
    claims += [
        (name, [one[name] for one in line["signed"]])
        for name in ("contact", "typed_name", "how", "signed_at")
    ]
    yield from (f"The chain says another {name}." for name, value in claims if told.get(name) != value)
    ends = [dict(text) for text in texts if {("kind", "approval_end"), ("approval", yes["id"])} <= set(text)]
    until = min([yes["work_until"], *(text["ended_at"] for text in ends)])
    for entry in entries:
        if not yes["decided_at"] <= entry["started_at"] < entry["stopped_at"] <= until:
            yield f"Entry {entry['id']} was not worked while the approval was in force."
    billed = [entry["billed_minutes"] for entry in entries]
    if not entries or min(billed) < 0 or len({entry["id"] for entry in entries}) < len(entries):
        yield "The entries are none, doubled or negative."
    if sum(billed) > int(yes["cap"]):
        yield f"{sum(billed)} minutes are more than the {yes['cap']} that were approved."
    net = (Decimal(yes["rate"]) * sum(billed) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
    claimed = (line["kind"], Decimal(line["rate"]), line["minutes"], Decimal(line["net"]))
    if claimed != ("time", Decimal(yes["rate"]), sum(billed), net):
        yield f"By entries and approval the line is {sum(billed)} minutes at {yes['rate']}: {net}. It says otherwise."


def found_in(folder: Path) -> list[str]:
    """What does not hold; prints where the chain ends, to be compared with a hash that was kept elsewhere."""
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        links = list(chain.read(csv.reader(file)))
    if broken := list(chain.broken(links)):
        return broken
    line = json.loads((folder / "line.json").read_text("utf-8"))
    offer, statement = (folder / "offer.html").read_bytes(), folder / "statement.html"
    found = list(unfounded(line, offer, links))
    if statement.exists() and sha256(statement.read_bytes()).hexdigest().encode() not in offer:
        found.append("The statement of work is not the one that the offer names.")
    if not found:
        company, _text, last = links[-1]
        sys.stdout.write(
            f"The line rests on approval {line['approval']}; company {company} ends in {last}.\n"
        )
    return found


if __name__ == "__main__":
    try:
        found = found_in(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).absolute().parent)
    except BAD as error:
        found = [f"This is not whole: {error!r}"]
    sys.stdout.writelines(f"{sentence}\n" for sentence in found)
    sys.exit(bool(found))
