"""Guards are .sql files: what to do, a line `-- reverse`, how to undo it. `migrations.RunSQL(*sql("now"))`."""

from pathlib import Path

HERE = Path(__file__).parent


def sql(name: str, folder: Path = HERE) -> list[str]:
    """The forward and the reverse statements of a guard, as RunSQL takes them."""
    return (folder / f"{name}.sql").read_text().split("-- reverse\n")
