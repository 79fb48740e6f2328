"""Which contract renews which, and what each had, as it was agreed at an instant: a renewal ends no outage and no maintenance."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from itertools import pairwise

from escalations.objectives import Agreed, agreed, as_of
from support.models import ContractLine

FOREVER = datetime.max.replace(tzinfo=UTC)


def renews(later: Agreed, earlier: Agreed) -> bool:
    """Of two contracts of one holder, whether one begins after the last day of the other. Service and plan may differ: it is
    the products of both that go on."""
    return earlier.ends_on is not None and earlier.ends_on < later.starts_on


class Past:
    """What these contracts have said, and which products they have had; two queries."""

    def __init__(self, contracts: Collection[int]) -> None:
        self._said = agreed(contracts)
        self._lines = _lines(contracts)

    def known_since(self, contract: int) -> datetime | None:
        """When it was first written down."""
        return self._said[contract][0].since if contract in self._said else None

    def follow(self, one: int, other: int, at: datetime) -> bool:
        """Whether one of these two of one holder renews the other, as it was agreed by then."""
        first, second = as_of(self._said[one], at), as_of(self._said[other], at)
        return bool(first and second) and (renews(first, second) or renews(second, first))

    def products(
        self, contract: int, begin: datetime, end: datetime, deployments: Collection[str]
    ) -> frozenset[int]:
        """Those that were on it in one of these deployments at some time of [begin, end); where that lies before its first line
        was written down, all that it ever had."""
        lines = self._lines[contract]
        begun = min((since for _product, _deployment, since, _until in lines), default=FOREVER)
        return frozenset(
            product
            for product, deployment, since, until in lines
            if deployment in deployments and (begun >= end or (since < end and begin < until))
        )


def _lines(contracts: Iterable[int]) -> dict[int, list[tuple[int, str, datetime, datetime]]]:
    """Of each contract its lines as they ever were: product, deployment, from when, until when."""
    rows = ContractLine.history.filter(contract_id__in=contracts).order_by("id", "history_date", "history_id")
    found = defaultdict(list)
    for row, following in pairwise([*rows, None]):
        if row.history_type != "-":
            until = following.history_date if following and following.id == row.id else FOREVER
            found[row.contract_id].append((row.product_id, row.deployment, row.history_date, until))
    return found
