"""How far a command is, on stderr, once it takes longer than a second."""

import sys
import time


class Progress:
    """How far it is, once it takes longer than a second: one line that changes on a terminal, else one every ten seconds."""

    def __init__(self, stderr, total: int, what: str) -> None:
        self._stderr, self._total, self._done, self._shown = stderr, total, 0, False
        self._what = what
        self._live = sys.stderr.isatty()
        self._next = time.monotonic() + 1

    def show(self, done: int) -> None:
        self._done = done
        if time.monotonic() < self._next:
            return
        self._next, self._shown = time.monotonic() + (0.2 if self._live else 10), True
        self._say()

    def show_of(self, done: int, total: int) -> None:
        """As `show`, where the total is only known on the way."""
        self._total = total
        self.show(done)

    def end(self) -> None:
        if self._shown:
            self._say()
            if self._live:
                self._stderr.write("")

    def _say(self) -> None:
        line = f"{self._done} of {self._total} {self._what}"
        self._stderr.write(f"\r{line}" if self._live else line, ending="" if self._live else None)
