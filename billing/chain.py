"""Verifies evidence without Django and without a database: a chain of approvals, or all that a line of an invoice rests on.

`python chain.py < links.csv` reads the chain alone; `python check.py [FOLDER]`, as it lies in a bundle, the line as well. A row is
the company's number, the link's text in base64 and its hash in hex, in order: here another SHA-256 checks what the database claims.
"""

import base64
import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path


def fields(text: str) -> list[tuple[str, str]]:
    """The `name=value` lines. Split at newlines alone: str.splitlines() also splits at U+2028, which a name may hold."""
    pairs = [line.partition("=")[::2] for line in text.split("\n")[:-1]]
    return [(n, v.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")) for n, v in pairs]


def broken(links: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """A sentence for each link that does not hold; links are (company, text, hash in hex)."""
    before: dict[str, tuple[int, str]] = {}
    for company, text, claimed in links:
        said = dict(fields(text)[:6])
        seq, hash = before.get(company, (0, ""))
        link = f"company {company}, link {seq + 1} ({said.get('kind')} {said.get('id')})"
        if hashlib.sha256(text.encode()).hexdigest() != claimed:
            yield f"{link}: the text is not the one that was hashed"
        elif (said.get("seq"), said.get("before"), said.get("legal_entity")) != (str(seq + 1), hash, company):
            yield f"{link}: it does not follow from the link before"
        before[company] = (seq + 1, claimed)


def read(rows: Iterable[list[str]]) -> Iterator[tuple[str, str, str]]:
    """ValueError with the line that is no link."""
    line = 1
    try:
        for row in rows:
            company, text, claimed = row
            yield company, base64.b64decode(text, validate=True).decode(), claimed
            line += 1
    except (ValueError, csv.Error):
        raise ValueError(f"line {line} is no link: write the file with verify_approvals --export") from None


def unfounded(line: dict, offer: bytes, links: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """A sentence for each claim of the line, as line.json has it, that the chain does not bear out."""
    texts, number = [fields(text) for _company, text, _hash in links], str(line["approval"])
    said = next((text for text in texts if {("kind", "approval"), ("id", number)} <= set(text[:6])), [])
    if not said:
        yield "The approval that the line names is not in the chain."
        return
    yes = dict(reversed(said))  # of several who signed, the first
    shown = {value for name, value in said if name in ("offer_sha256", "shown_sha256")}
    if shown != {hashlib.sha256(offer).hexdigest()}:
        yield "The offer is not the one that was shown and approved."
    over = [dict(text) for text in texts if {("kind", "approval_end"), ("approval", number)} <= set(text)]
    until = min([yes["work_until"], *(text["ended_at"] for text in over)])
    for entry in line["entries"]:
        if not yes["decided_at"] <= entry["started_at"] < entry["stopped_at"] <= until:
            yield f"Entry {entry['id']} was not worked while the approval was in force."
    billed = sum(entry["billed_minutes"] for entry in line["entries"])
    if billed > int(yes["cap"]):
        yield f"{billed} minutes are more than the {yes['cap']} that were approved."
    if (Decimal(line["rate"]), line["currency"]) != (Decimal(yes["rate"]), yes["currency"]):
        yield "The rate is not the approved one."
    net = (Decimal(yes["rate"]) * billed / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if line["kind"] == "time" and (billed, net) != (line["minutes"], Decimal(line["net"])):
        yield f"The line says {line['minutes']} minutes and {line['net']}, its entries {billed} and {net}."


def main(lines: Iterable[str], folder: Path | None = None) -> int:
    """Prints what it finds; 0 where all holds. What was cut off at the end shows in no file: compare the last hash with one kept elsewhere."""
    try:
        links = list(read(csv.reader(lines)))
        line = json.loads((folder / "line.json").read_text("utf-8")) if folder else None
    except (ValueError, OSError) as error:
        sys.stdout.write(f"This is no export of the chain: {error}.\n")
        return 1
    found = list(broken(links)) if links else ["There is no link in this file."]
    holds = [f"The chain holds: {len(links)} links."]
    if folder:
        found += unfounded(line, (folder / "offer.html").read_bytes(), links)
        holds.append(f"{line['line']} rests on approval {line['approved_as']} of {line['decided_at']}.")
    last = {company: claimed for company, _text, claimed in links}.items()
    holds += [f"Company {company} ends in {claimed}." for company, claimed in last]
    sys.stdout.writelines(f"{line}\n" for line in found or holds)
    return int(bool(found))


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).absolute().parent
    if not (folder / "line.json").exists():
        sys.exit(main(sys.stdin or ()))
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        sys.exit(main(file, folder))
