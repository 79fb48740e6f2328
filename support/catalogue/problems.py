"""What is wrong with a definition: every problem of a file, each with its place and one sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

Flaw = tuple[str, str]  # dotted key below the part that reports it, and the reason


@dataclass(frozen=True, slots=True)
class Problem:
    """`key` is the dotted path inside the file; it is empty when the file as a whole is meant."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.reason}" if self.key else f"{self.file}: {self.reason}"


class DefinitionRefused(ValueError):
    """A definition or a calendar that cannot be taken; `problems` holds all that was found, in reading order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


@runtime_checkable
class Checked(Protocol):
    """A part that knows which of its own values contradict one another."""

    def flaws(self) -> Iterator[Flaw]: ...


def below(key: str, step: str) -> str:
    """The dotted path of `step` inside `key`; either may be empty."""
    return ".".join(part for part in (key, step) if part)
