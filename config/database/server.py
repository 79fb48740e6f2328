"""The running embedded server: whether it answers, how it is launched and halted."""

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from config.database.place import Place

DATABASE, USER, PORT = "countersign", "postgres", 5432
PATIENCE = 60  # seconds, for a recovery after a crash or the last checkpoint
LINGERING = 5  # seconds in which the children of a killed server let go of its shared memory
LARGEST_LOG = 10 * 1024 * 1024


def ping(place: Place) -> Ping:
    """Ask the server itself, never a process number: that may be a stranger's by now."""
    if (sockets := place.sockets) is None:
        return Ping.NO_RESPONSE
    where = {"host": str(sockets), "hostaddr": "", "port": PORT, "user": USER, "dbname": "postgres"}
    answer = Ping(PGconn.ping(make_conninfo(**where, connect_timeout=30).encode()))
    if answer is Ping.NO_ATTEMPT:
        raise ImproperlyConfigured("An environment variable that begins with PG keeps libpq from connecting.")
    return answer


def settled_ping(place: Place) -> Ping:
    """It answers "not now" while it recovers after a crash, or while it is being stopped."""
    end = time.monotonic() + PATIENCE
    while (answer := ping(place)) is Ping.REJECT:
        if time.monotonic() > end:
            raise ImproperlyConfigured(
                f"The embedded PostgreSQL in {place.data} takes no connections yet: try again."
            )
        time.sleep(0.02)
    return answer


def launch(place: Place, folder: Path) -> None:
    """Start it and wait until it takes connections."""
    sockets, log = str(place.make_sockets()).replace('"', '""'), place.data / "log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.rename(place.data / "log.old")
    settings = [f'unix_socket_directories="{sockets}"', "unix_socket_permissions=0700", "listen_addresses="]
    settings += [f"port={PORT}", "timezone=UTC"]
    command = [folder / "postgres", "-D", place.data, *(f"--{setting}" for setting in settings)]
    begun, crashed = time.monotonic(), bool(_left_over(place))
    while _launch_once(place, command, log) is not Ping.OK:
        if not crashed or time.monotonic() > begun + LINGERING:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else ""
            raise ImproperlyConfigured(f"The embedded PostgreSQL in {place.data} did not start:\n{last}")
        time.sleep(0.1)


def halt(place: Place) -> None:
    """Stop it, rolling back what is open, and wait until it is gone."""
    if ping(place) is Ping.NO_RESPONSE:
        return
    with suppress(FileNotFoundError, ConnectionRefusedError, ProcessLookupError):  # it ended meanwhile
        if not (server := _listener(place.sockets / f".s.PGSQL.{PORT}")):
            raise ImproperlyConfigured(
                f"The server in {place.data} runs in another container: stop it there."
            )
        os.kill(server, signal.SIGINT)
    end = time.monotonic() + PATIENCE
    while (place.data / "postmaster.pid").exists() or ping(place) is not Ping.NO_RESPONSE:
        if time.monotonic() > end:
            raise ImproperlyConfigured(f"The embedded PostgreSQL in {place.data} is still being stopped.")
        time.sleep(0.02)


def _launch_once(place: Place, command: list[str | Path], log: Path) -> Ping:
    """postmaster.pid may name a stranger or a zombie, for which PostgreSQL would not start.

    As a "grandparent" it is overlooked, and PostgreSQL asks the shared memory, which does not lie.
    """
    server = subprocess.Popen(
        ["/bin/sh", "-c", 'exec "$@" >>"$0" 2>&1', log, *command],  # its user opens the log, not root
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **place.as_server(PG_GRANDPARENT_PID=_left_over(place)),
    )
    end = time.monotonic() + PATIENCE
    while (answer := ping(place)) is not Ping.OK and server.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    server.returncode = 0  # it outlives us on purpose: no ResourceWarning
    return answer


def _left_over(place: Place) -> str:
    for file in (place.data / "postmaster.pid", place.sockets / f".s.PGSQL.{PORT}.lock"):
        if file.exists() and (number := file.read_text(errors="replace").split("\n")[0]).isdigit():
            return number
    return ""


def _listener(path: Path) -> int:
    """Who listens, from the kernel; 0 if it is in another container. A file with a number may be wrong."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        if sys.platform == "darwin":
            return line.getsockopt(0, 2)  # SOL_LOCAL, LOCAL_PEERPID
        return struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
