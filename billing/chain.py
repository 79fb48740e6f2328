"""Verifies an exported chain of approvals without Django and without a database: `python billing/chain.py < links.csv`.

A row is the company's number, the link's text in base64 and its hash in hex, in order. What the database claims is
checked here by another implementation of SHA-256.
"""

import base64
import csv
import hashlib
import sys
from collections.abc import Iterable, Iterator


def fields(text: str) -> list[tuple[str, str]]:
    """The `name=value` lines. Split at newlines alone: str.splitlines() also splits at U+2028, which a name may hold."""
    pairs = (line.partition("=")[::2] for line in text.split("\n")[:-1])
    return [
        (name, value.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")) for name, value in pairs
    ]


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


def main(lines: Iterable[str]) -> int:
    """Prints what it finds; 0 where the chain holds. A file without a link proves nothing.

    What was cut off at the end shows in no file: compare each company's last hash with one that was kept elsewhere.
    """
    try:
        links = list(read(csv.reader(lines)))
    except ValueError as error:
        sys.stdout.write(f"This is no export of the chain: {error}.\n")
        return 1
    found = list(broken(links)) if links else ["There is no link in this file."]
    last = {company: claimed for company, _text, claimed in links}
    holds = [f"The chain holds: {len(links)} links."]
    holds += [f"Company {company} ends in {claimed}." for company, claimed in last.items()]
    sys.stdout.writelines(f"{line}\n" for line in found or holds)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.stdin or ()))
