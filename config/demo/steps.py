"""Steps that say how long they took: progress goes to stderr while it lasts, the figures are kept for the table."""

import sys
import time
from contextlib import contextmanager


class Steps:
    def __init__(self, stream=sys.stderr) -> None:
        self.stream = stream
        self.taken: list[tuple[str, float]] = []

    @contextmanager
    def step(self, name: str):
        self._say(f"{name} ...")
        start = time.monotonic()
        yield
        self.taken.append((name, time.monotonic() - start))
        self._say(f"{name}: {self.taken[-1][1]:.1f} s", end="\n")

    def progress(self, done: int, of: int, what: str) -> None:
        """For what lasts longer than a second; drawn over the last line on a terminal, every tenth otherwise."""
        if self.stream.isatty() or done % max(1, of // 5) == 0:
            self._say(f"{done} of {of} {what}")

    def _say(self, text: str, end: str = "") -> None:
        terminal = self.stream.isatty()
        self.stream.write(f"\r\033[K{text}{end}" if terminal else f"{text}\n")
        self.stream.flush()
