"""Checks the evidence of an invoice's line with Python alone: `python check.py [FOLDER]`, the folder of this file unless named.

line.json is compared with the chain of approvals in links.csv and with the offer's bytes; chain.py, beside this file, verifies
the chain itself, priced.py the line's amount. What the chain says is never taken from line.json.
"""

import csv
import json
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import chain
import priced

ONCE = ("decided_at", "sentence", "currency", "engagement", "offer_sha256")
SIGNED = ("contact", "typed_name", "how", "signed_at")
PAPER = (
    "way",
    "written_reference",
    "dated_on",
    "original_sha256",
    "recorded_by",
    "recorded_at",
    "checked_by",
)
BAD = (ValueError, OSError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)


def unfounded(line: dict, offer: bytes, originals: set[str], links: list) -> Iterator[str]:
    """A sentence for each claim of the line, as line.json has it, that its company's chain does not bear out.

    `originals` are the hashes of what is in the folder of that name; links are (company, text, hash in hex).
    """
    texts = [chain.fields(text) for _company, text, _hash in links]
    of_it = {("id", str(line["approval"])), ("kind", "approval"), ("legal_entity", str(line["company"]))}
    found = [text for text in texts if of_it <= set(text[:6])]
    if len(found) != 1 or {company for company, _text, _hash in links} != {str(line["company"])}:
        yield "The approval that the line names is not in the chain of its company, once and alone."
        return
    said, entries = found[0], line["entries"]
    yes = dict(reversed(said))  # of several who signed, the first
    told = {name: [value for each, value in said if each == name] for name, _value in said}
    if {*told["offer_sha256"], *told["shown_sha256"]} != {sha256(offer).hexdigest()}:
        yield "The offer is not the one that was shown and approved."
    claims = [(name, [line[name]]) for name in ONCE]
    claims += [(name, [one[name] for one in line["signed"]]) for name in SIGNED]
    papers = [one["written"] for one in line["signed"] if one["written"]]
    claims += [(name, [one[name] for one in papers]) for name in PAPER]
    yield from (f"The chain says another {name}." for name, value in claims if told.get(name, []) != value)
    if originals != set(told.get("original_sha256", [])):
        yield "The originals of what came on paper are not those that were recorded."
    two = list(zip(told.get("recorded_by", []), told.get("checked_by", []), strict=True))
    if set(told.get("confirmed", [])) - {"yes"} or any(recorder == checker for recorder, checker in two):
        yield "What came on paper was not confirmed by another person than who recorded it."
    ends = [dict(text) for text in texts if {("kind", "approval_end"), ("approval", yes["id"])} <= set(text)]
    until = min([yes["work_until"], *(text["ended_at"] for text in ends)])
    for entry in entries:
        if not yes["decided_at"] <= entry["started_at"] < entry["stopped_at"] <= until:
            yield f"Entry {entry['id']} was not worked while the approval was in force."
    billed = [entry["billed_minutes"] for entry in entries]
    if line["kind"] == "fixed":
        yield from priced.undelivered(line, yes, until)
    elif line["kind"] != "minimum" and (
        not entries or min(billed) < 0 or len({entry["id"] for entry in entries}) < len(entries)
    ):
        yield "The entries are none, doubled or negative."
    if sum(billed) > int(yes["cap"]):
        yield f"{sum(billed)} minutes are more than the {yes['cap']} that were approved."
    yield from priced.otherwise(line, yes)


def found_in(folder: Path) -> list[str]:
    """What does not hold; prints where the chain ends, to be compared with a hash that was kept elsewhere."""
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        links = list(chain.read(csv.reader(file)))
    if broken := list(chain.broken(links)):
        return broken
    line = json.loads((folder / "line.json").read_text("utf-8"))
    offer, statement = (folder / "offer.html").read_bytes(), folder / "statement.html"
    originals = {sha256(file.read_bytes()).hexdigest() for file in folder.glob("originals/*")}
    found = list(unfounded(line, offer, originals, links))
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
