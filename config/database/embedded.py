"""The PostgreSQL that the product starts for itself when DATABASE_URL is unset.

It outlives its starter: every process of the project shares it until `python -m config.database.embedded stop`.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.exceptions import ImproperlyConfigured
from psycopg.pq import Ping

from config.database import programs, server
from config.database.place import Place
from config.database.server import DATABASE, USER


def start() -> Path:
    """Make sure that the server takes connections, and say in which folder its socket is.

    Any number of processes and threads may call it at once. Raises ImproperlyConfigured with a sentence.
    """
    place = Place.here()
    if server.ping(place) is not Ping.OK:
        with _alone(place) as lock:
            if server.settled_ping(place) is not Ping.OK:
                place.check()
                folder = programs.find(place)
                if not place.is_made:
                    _create(place, folder, lock)
                server.launch(place, folder)
    return place.sockets


def stop() -> None:
    """Fast: open transactions are rolled back. Nothing happens if it does not run."""
    place = Place.here()
    if place.data.exists():
        with _alone(place):
            server.halt(place)


def remove() -> None:
    """Stop it, and delete the cluster with all that is in it."""
    place = Place.here()
    if not place.data.parent.exists():
        return
    with _alone(place):
        server.halt(place)
        leftovers = [place.new, place.programs, place.sockets]
        if place.is_made:
            shutil.rmtree(place.new, ignore_errors=True)
            place.data.rename(place.new)  # at once: half a cluster must not look like one
        for leftover in leftovers:
            if leftover and leftover.exists():
                shutil.rmtree(leftover)
        place.lock.unlink()


@contextmanager
def _alone(place: Place) -> Iterator[IO[str]]:
    try:
        place.make_parents()
        with _lock(place.lock) as lock:
            yield lock
    except OSError as error:
        raise ImproperlyConfigured(
            f"The embedded PostgreSQL cannot use {place.data} ({error}): set EMBEDDED_POSTGRES_DIR to a "
            "directory of your own, or DATABASE_URL."
        ) from error


def _lock(path: Path) -> IO[str]:
    """The lock is the kernel's: it ends with the process, however that ends."""
    while True:
        lock = open(path, "a")  # noqa: SIM115
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists() and path.stat().st_ino == os.fstat(lock.fileno()).st_ino:
            return lock
        lock.close()  # removed while we waited: the next process would lock another file


def _create(place: Place, folder: Path, lock: IO[str]) -> None:
    """Beside, then moved into place: a creation cut short leaves nothing that looks like a cluster."""
    if place.new.exists():
        shutil.rmtree(place.new)
    place.make(place.new)
    initdb, postgres = folder / "initdb", folder / "postgres"
    builtin = [
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]  # sorts alike on all machines
    locale = builtin if "--builtin-locale" in _run(place, lock, initdb, "--help") else ["--locale=C.UTF-8"]
    access = ["--username", USER, "--auth-local=trust", "--auth-host=reject"]
    _run(place, lock, initdb, "-D", place.new, "--encoding=UTF8", "--data-checksums", *access, *locale)
    single = ["--single", "-D", place.new, "-c", "exit_on_error=on", "postgres"]
    _run(place, lock, postgres, *single, input=f"CREATE DATABASE {DATABASE};\n")
    place.new.rename(place.data)


def _run(place: Place, lock: IO[str], *command: str | Path, **options: str) -> str:
    """The programs inherit the lock, so that no second creation begins while they outlive us."""
    done = subprocess.run(
        command, capture_output=True, text=True, pass_fds=[lock.fileno()], **place.as_server(), **options
    )
    if done.returncode:
        raise ImproperlyConfigured(f"{command[0]} failed for {place.data}:\n{done.stderr or done.stdout}")
    return done.stdout


def main(words: list[str]) -> None:
    commands = {"start": start, "stop": stop, "remove": remove}
    if len(words) != 1 or words[0] not in commands:
        sys.exit(f"usage: python -m config.database.embedded {'|'.join(commands)}")
    try:
        if sockets := commands[words[0]]():
            sys.stdout.write(
                f"{sockets}\n"
            )  # psql -U postgres -h "$(python -m config.database.embedded start)"
    except (ImproperlyConfigured, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
