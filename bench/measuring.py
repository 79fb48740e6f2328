"""How every benchmark measures and says it: ours and the peer in turns, medians, a ratio with its goal on one line each."""

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Mapping


def arguments(question: str, **sizes: int) -> argparse.Namespace:
    """The sizes as whole numbers: `--scale 0.1` takes a tenth of each, `--tickets 500` says one as it is."""
    parser = argparse.ArgumentParser(description=question)
    parser.add_argument("--scale", type=float, default=1.0, help="of every size that is not given")
    for name, full in sizes.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, help=f"{full} at full size")
    given = parser.parse_args()
    for name, full in sizes.items():
        if getattr(given, name) is None:
            setattr(given, name, max(1, round(full * given.scale)))
    return given


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


class Turns:
    """What each work took in every round, one after the other in each: noise hits all alike. The first only warms up."""

    def __init__(self, rounds: int, works: Mapping[str, Callable[[], float]]) -> None:
        self._found: dict[str, list[float]] = {name: [] for name in works}
        for number in range(rounds + 1):
            for name, work in works.items():
                measured = work()
                if number:
                    self._found[name].append(measured)

    def median(self, name: str) -> float:
        return statistics.median(self._found[name])

    def ratio(self, name: str, by: str) -> float:
        """The median of the rounds' own ratios: what is slow for a while is slow for both."""
        both = zip(self._found[name], self._found[by], strict=True)
        return statistics.median(one / other for one, other in both)


class Lines:
    """What a benchmark prints; `end` leaves with 1 when a ratio missed its goal."""

    def __init__(self, name: str) -> None:
        self._name, self._missed = name, False

    def fact(self, text: str) -> None:
        """Seen here, and never judged: absolute times mean little on shared machines."""
        print(f"{self._name}: {text}", flush=True)

    def at_most(self, goal: float, what: str, ratio: float) -> None:
        self._judge(ratio <= goal, what, ratio, f"at most {goal:g}")

    def at_least(self, goal: float, what: str, ratio: float) -> None:
        self._judge(ratio >= goal, what, ratio, f"at least {goal:g}")

    def end(self) -> None:
        sys.exit(self._missed)

    def _judge(self, kept: bool, what: str, ratio: float, goal: str) -> None:
        self._missed |= not kept
        self.fact(f"{what}: {ratio:,.3g} (goal {goal}){'' if kept else ' MISSED'}")


def shown(duration: float) -> str:
    """ "4.2 s", "4.20 ms" or "4.2 µs"."""
    if duration >= 1:
        return f"{duration:.1f} s"
    return f"{duration * 1e3:.2f} ms" if duration >= 1e-3 else f"{duration * 1e6:.1f} µs"
