"""Where the embedded PostgreSQL keeps its data and its socket, and as whom it runs."""

import hashlib
import os
import pwd
import secrets
import stat
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parents[2]
OUTSIDE = Path("/var/lib/countersign")
LONGEST = 103 - len("/.s.PGSQL.5432")  # bytes of a socket's path: 103 on macOS, 107 on Linux


@dataclass(frozen=True)
class Place:
    """One cluster's directory; its lock, its programs and the next one in the making lie beside it."""

    data: Path

    @classmethod
    def here(cls) -> "Place":
        """EMBEDDED_POSTGRES_DIR, seen from the project; else var/postgres; for root in a closed home OUTSIDE."""
        if chosen := os.environ.get("EMBEDDED_POSTGRES_DIR"):
            return cls(Path(os.path.abspath(PROJECT / chosen)))
        inside = cls(PROJECT / "var" / "postgres")
        if os.geteuid() != 0 or inside.is_made:
            return inside
        outside = cls(OUTSIDE / hashlib.sha256(os.fsencode(PROJECT)).hexdigest()[:12])
        return outside if outside.is_made or not inside.is_open else inside

    @property
    def lock(self) -> Path:
        return self.data.with_name(f"{self.data.name}.lock")

    @property
    def new(self) -> Path:
        return self.data.with_name(f"{self.data.name}.new")

    @property
    def programs(self) -> Path:
        return self.data.with_name(f"{self.data.name}.programs")

    @property
    def is_made(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def major(self) -> int | None:
        return int((self.data / "PG_VERSION").read_text()) if self.is_made else None

    @property
    def is_open(self) -> bool:
        """Whether the server's user may pass to the data. Tried as that user: a mode says nothing of an ACL."""
        nearest = next(parent for parent in self.data.parents if parent.exists())
        passes = ["/bin/sh", "-c", 'cd -- "$0"', nearest]
        return subprocess.run(passes, capture_output=True, **self.as_server()).returncode == 0

    @property
    def sockets(self) -> Path | None:
        """The folder of the socket, None before the first start.

        Its name is new with each cluster: a server whose data is gone removes its socket by path, and would
        take its successor's.
        """
        inside = min(self.data.glob("sockets-*"), default=None)
        if inside is None or _can_be_a_host(inside):
            return inside
        outside = Path("/tmp") / f"countersign-{hashlib.sha256(os.fsencode(inside)).hexdigest()[:12]}"  # noqa: S108
        with suppress(FileNotFoundError):  # anybody may make a folder in /tmp and listen there
            found, owner = outside.lstat(), self.data.stat().st_uid
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
                raise ImproperlyConfigured(
                    f"{outside} belongs to somebody else: remove it, or set EMBEDDED_POSTGRES_DIR."
                )
        return outside

    def make_sockets(self) -> Path:
        if self.sockets is None:
            self.make(self.data / f"sockets-{secrets.token_hex(4)}")
        if not self.sockets.exists():
            self.make(self.sockets)
        return self.sockets

    def make(self, directory: Path) -> None:
        """An empty directory for the server's user alone."""
        directory.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(directory, *self.account, follow_symlinks=False)

    def make_parents(self) -> None:
        """Whatever the umask, the server's user has to pass; a directory that exists keeps its mode."""
        for parent in reversed(self.data.parents):
            if not parent.exists():
                with suppress(FileExistsError):  # by another who starts at the same time
                    parent.mkdir()
                    parent.chmod(0o755)

    def check(self) -> None:
        """Before a start: refuse what would fail later with an obscure message."""
        if self.data.exists() and not self.is_made and any(self.data.iterdir()):
            raise ImproperlyConfigured(f"{self.data} holds other things than a database: move it away.")
        if os.geteuid() == 0 and not self.is_open:
            raise ImproperlyConfigured(
                f"{self.data} is closed to user {_name(self.account[0])}, as whom PostgreSQL runs when root starts "
                "it: set EMBEDDED_POSTGRES_DIR to a directory that everybody may pass to."
            )

    @property
    def account(self) -> tuple[int, int]:
        """User and group of the server. Asked as root only, for PostgreSQL refuses to run as root."""
        if self.is_made:
            owner = self.data.stat()
            if owner.st_uid == 0:
                raise ImproperlyConfigured(
                    f"{self.data} belongs to root, as whom PostgreSQL does not run: chown it."
                )
            return owner.st_uid, owner.st_gid
        for name in ("postgres", "nobody"):
            with suppress(KeyError):
                return pwd.getpwnam(name)[2:4]
        raise ImproperlyConfigured(
            "PostgreSQL does not run as root: add a user postgres, or set DATABASE_URL."
        )

    def as_server(self, **environment: str) -> dict:
        """How to start its programs: the same on every machine, whatever LANG, TZ, HOME or PGDATA say."""
        options = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"} | environment}
        if os.geteuid() == 0:
            user, group = self.account
            options |= {"user": user, "group": group, "extra_groups": []}
        return options


def _can_be_a_host(sockets: Path) -> bool:
    """libpq splits hosts at a comma, and takes UTF-8 where a file's name may be anything."""
    return len(os.fsencode(sockets)) <= LONGEST and "," not in str(sockets) and str(sockets).isascii()


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
