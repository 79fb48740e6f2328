"""Real servers in directories of their own, which are gone when the test is."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from config.database.place import PROJECT, Place

STRANGE = ("PG", "EMBEDDED_", "LC_")


class Embedded:
    """One cluster, started and stopped by processes of their own as a person would."""

    def __init__(self, data: Path) -> None:
        self.place = Place(data)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(STRANGE)}
        self.environment = kept | {"EMBEDDED_POSTGRES_DIR": str(data)}

    def popen(self, word: str = "start", **options: object) -> subprocess.Popen:
        command = [sys.executable, "-m", "config.database.embedded", word]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=PROJECT, **{"env": self.environment, **pipes, **options})

    def run(self, word: str = "start", **options: object) -> str:
        """What it says; the sentence of its refusal begins with "refused: "."""
        with self.popen(word, **options) as process:
            said, refused = process.communicate()
        return said.strip() if process.returncode == 0 else f"refused: {refused}"

    def ask(self, query: str) -> object:
        where = {"host": str(self.place.sockets), "port": 5432, "user": "postgres", "dbname": "countersign"}
        with psycopg.connect(**where, autocommit=True) as connection:
            cursor = connection.execute(query)
            return cursor.fetchone()[0] if cursor.description else None

    @property
    def pid(self) -> int:
        """Ours to end only while it answers."""
        self.ask("SELECT 1")
        return int((self.place.data / "postmaster.pid").read_text().split("\n")[0])


@pytest.fixture(scope="session")
def shared_folder() -> Iterator[Path]:
    """Under root pytest's own tmp_path is closed to the server's user."""
    yield from _folder()


@pytest.fixture
def folder() -> Iterator[Path]:
    yield from _folder()


def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="countersign-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def shared(shared_folder) -> Iterator[Embedded]:
    """One cluster for all tests that leave it whole, running or not."""
    server = Embedded(shared_folder / "postgres")
    server.run()
    yield server
    assert server.run("remove") == ""


@pytest.fixture
def server_at(folder) -> Iterator[Callable[[str], Embedded]]:
    servers: list[Embedded] = []

    def server_at(name: str) -> Embedded:
        servers.append(Embedded(folder / name))
        return servers[-1]

    yield server_at
    assert [server.run("remove") for server in servers] == [""] * len(servers)


@pytest.fixture
def fresh(server_at) -> Embedded:
    return server_at("postgres")
