"""The page about clocks tells what the vocabulary does: its table is compared with the one made here."""

import pytest

from config.env import ROOT
from support.clocks.effects import Action, When
from support.clocks.terms import ClockKind, WaitReason
from support.clocks.vocabulary import KINDS

PAGE = (ROOT / "docs" / "clocks.md").read_text()
LETTERS = {
    ClockKind.RESPONSE: "R",
    ClockKind.TROUBLESHOOT: "T",
    ClockKind.UPDATE: "U",
    ClockKind.CUSTOMER_UPDATE: "C",
    ClockKind.FIX: "F",
    ClockKind.COMMITTED: "K",
    ClockKind.CUSTOMER_ANSWER: "N",
    ClockKind.VENDOR_RESPONSE: "V",
    ClockKind.DISPATCH: "D",
}
COLUMNS = {
    "starts": (Action.START, Action.PROMISE),
    "stops": (Action.STOP, Action.RESPOND),
    "next cycle": (Action.NEXT,),
    "replaces": (Action.REPLACE, Action.PROMISE),
    "restarts": (Action.RESTART,),
    "cancels": (Action.CANCEL,),
    "moves": (Action.MOVE,),
}
WAITS = {
    Action.PAUSE: "begins one",
    Action.RESUME: "ends it",
    Action.ANSWER: "ends those for the customer",
    Action.RELEASE: "ends all",
}
ALARM = {Action.ARM: "starts", Action.DISARM: "stops"}


def letters(kinds):
    return (
        "all"
        if set(kinds) == set(LETTERS)
        else " ".join(one for kind, one in LETTERS.items() if kind in kinds)
    )


def line(kind):
    """One line of the table: what this kind of event does."""
    does = {column: set() for column in COLUMNS}
    for effect in kind.effects:
        for column, actions in COLUMNS.items():
            if effect.action in actions:
                does[column] |= effect.kinds
        if effect.action is Action.RESPOND:
            does["starts"].add(ClockKind.TROUBLESHOOT)
    cells = {column: letters(kinds) for column, kinds in does.items()}
    for effect in kind.effects:
        if column := ALARM.get(effect.action):
            cells[column] = f"{cells[column]} M".strip()
    waits = ", ".join(WAITS[effect.action] for effect in kind.effects if effect.action in WAITS)
    when = dict.fromkeys(effect.when for effect in kind.effects if effect.when is not When.ALWAYS)
    named = dict.fromkeys(effect.by for effect in kind.effects if effect.by)
    only = "; ".join([*when, *(f"the service counts a {by}" for by in named)])
    return row(f"`{kind.name}`", *cells.values(), waits, only)


def row(*cells):
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)


def table():
    moving = [
        kind for kind in KINDS.values() if {effect.action for effect in kind.effects} - {Action.CORRECT}
    ]
    head = ["event", *COLUMNS, "waits", "only where"]
    return "\n".join([row(*head), "|" + "---|" * len(head), *map(line, moving)])


def test_the_table_is_the_vocabulary():
    assert table() in PAGE, f"docs/clocks.md should hold:\n{table()}"


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if not kind.effects])
def test_what_moves_no_clock_is_listed(kind):
    assert f"`{kind}`" in PAGE.split("## What moves no clock")[1]


@pytest.mark.parametrize(("kind", "letter"), LETTERS.items())
def test_every_kind_of_clock_is_explained_by_its_letter(kind, letter):
    assert f"| {letter} | {kind.value.replace('_', ' ')} |" in PAGE


@pytest.mark.parametrize("reason", WaitReason)
def test_every_reason_to_wait_is_named(reason):
    assert f"`{reason}`" in PAGE
