"""Guards are .sql files: what to do, a line `-- reverse`, how to undo it. `migrations.RunSQL(*sql("now"))`."""

import re
from pathlib import Path

HERE = Path(__file__).parent


def sql(name: str, folder: Path = HERE) -> list[str]:
    """The forward and the reverse statements of a guard, as RunSQL takes them."""
    return (folder / f"{name}.sql").read_text().split("-- reverse\n")


def functions(name: str, folder: Path = HERE) -> str:
    """Every function of a guard as its file has it now, for a migration that brings an older database up to it."""
    forward, _reverse = sql(name, folder)
    found = re.findall(r"^CREATE FUNCTION .*?\$\$.*?\$\$;$", forward, re.DOTALL | re.MULTILINE)
    return "\n".join(each.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1) for each in found)
