"""Whether the line of an evidence bundle is the price of its entries as it was approved; with Python alone, for check.py."""

from collections.abc import Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

RATES = {  # a line's surcharge, and what the chain calls its rate
    "": "rate",
    "out_of_hours": "out_of_hours_rate",
    "on_site": "on_site_rate",
    "visit": "visit_price",
}


def otherwise(line: dict, yes: dict[str, str]) -> Iterator[str]:
    """A sentence for what is not: `line` as line.json has it, `yes` the fields of the approval in the chain."""
    if line["kind"] == "fixed":
        price = Decimal(yes.get("fixed_price", "0"))
        if (Decimal(line["rate"]), line["minutes"], Decimal(line["net"])) != (price, 0, price) or not price:
            yield f"The fixed price that was approved is {price}. The line says otherwise."
        return
    if line["kind"] == "minimum":
        yield from _not_left(line, Decimal(yes.get("minimum_charge", "0")))
        return
    yield from _longer_than_worked(line["entries"], yes)
    billed, added = [entry["billed_minutes"] for entry in line["entries"]], line.get("surcharge", "")
    rate = Decimal(yes[RATES[added]])
    if added and not all(entry[added] for entry in line["entries"]):
        yield "The surcharge is of time that does not attract it."
    net = _price(rate, sum(billed))
    counts = (0, sum(billed)) if added else (sum(billed), 0)
    if added == "visit":
        net, counts = rate * len(billed), (0, 0)
    elif before := [Decimal(each["net"]) for each in line.get("before", [])]:
        yield from _sound(line["before"])
        net = max(min(net, _price(rate, int(yes["cap"])) - sum(before)), Decimal(0))
    kind = "surcharge" if added else "time"
    claimed = (line["kind"], Decimal(line["rate"]), line["minutes"], line.get("surcharged", 0))
    if (*claimed, Decimal(line["net"])) != (kind, rate, *counts, net):
        yield f"By entries and approval the line is {sum(billed)} minutes at {rate}: {net}. It says otherwise."


def _price(rate: Decimal, minutes: int) -> Decimal:
    return (rate * minutes / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _sound(lines: list) -> Iterator[str]:
    if min(Decimal(each["net"]) for each in lines) < 0 or len({each["line"] for each in lines}) < len(lines):
        yield "The lines that were asked before are doubled or negative."


def _longer_than_worked(entries: list, yes: dict[str, str]) -> Iterator[str]:
    """Minutes are counted by the clock, the one that was begun in full, and rounded up by less than the increment or to the minimum."""
    increment, minimum = int(yes["increment"]), int(yes.get("minimum") or 0)
    for entry in entries:
        begun, over = (
            datetime.fromisoformat(entry[at][:-1]) for at in ("started_at", "stopped_at")
        )  # both in UTC
        worked, raw = (over - begun).total_seconds() // 60 + 1, entry["raw_minutes"]
        if raw > worked or entry["billed_minutes"] > max(raw + increment - 1, minimum):
            yield f"Entry {entry['id']} bills more minutes than were worked."


def undelivered(line: dict, yes: dict[str, str], until: str) -> Iterator[str]:
    """Whether what the fixed price is for was delivered while the approval was in force."""
    if line["entries"] or not yes["decided_at"] <= line["delivery"]["delivered_at"] < until:
        yield "What the fixed price is for was not delivered while the approval was in force."


def _not_left(line: dict, minimum: Decimal) -> Iterator[str]:
    """Whether the line is what the lines that it counts leave to the minimum."""
    names = [each["line"] for each in line["counted"]]
    nets = [Decimal(each["net"]) for each in line["counted"]]
    left = minimum - sum(nets)
    claimed = (Decimal(line["rate"]), line["minutes"], Decimal(line["net"]))
    if claimed != (left, 0, left) or left <= 0 or line["entries"]:
        yield f"The minimum that was approved is {minimum}, of which the lines that count leave {left}. The line says otherwise."
    if not names or min(nets) < 0 or len(set(names)) < len(names):
        yield "The lines that count are none, doubled or negative."
