"""After whatever end, the next start succeeds and touches no process but its own."""

import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from config.database import embedded, programs
from config.database.server import Ping, ping

BUSY = "pre-existing shared memory block"


@pytest.fixture
def killed(shared):
    """A server that ended by kill -9, with its postmaster.pid left over."""
    shared.run()
    _kill(shared)
    return shared


@pytest.fixture
def stranger(shared):
    """A process of the server's own user: PostgreSQL overlooks those of others by itself."""
    process = subprocess.Popen(["sleep", "60"], **shared.place.as_server())
    yield process
    process.kill()
    process.wait()


def _kill(server) -> None:
    os.kill(server.pid, signal.SIGKILL)
    while ping(server.place) is not Ping.NO_RESPONSE:
        pass


def test_a_killed_server_is_started_again(killed):
    killed.run()
    assert killed.ask("SELECT 1") == 1


def test_a_killed_server_is_started_again_when_its_busy_client_is_done(shared):
    shared.run()
    query = "SELECT pg_backend_pid(), pg_sleep(600)"
    psql = [programs.find(shared.place) / "psql", "-h", shared.place.sockets, "-U", "postgres", "-c", query]
    with subprocess.Popen(psql, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
        while not (busy := shared.ask(f"SELECT max(pid) FROM pg_stat_activity WHERE query = '{query}'")):
            assert client.poll() is None
        os.kill(busy, signal.SIGSTOP)  # hence it does not notice the end of its server
        _kill(shared)
        with shared.popen() as start:
            try:
                while BUSY not in (shared.place.data / "log").read_text():
                    assert start.poll() is None
            finally:
                os.kill(busy, signal.SIGCONT)
    assert shared.ask("SELECT 1") == 1


def test_a_zombie_is_not_taken_for_the_server(shared, monkeypatch):
    monkeypatch.setenv("EMBEDDED_POSTGRES_DIR", str(shared.place.data))
    shared.run("stop")
    embedded.start()  # our own child, which we do not wait for
    dead = shared.pid
    _kill(shared)
    os.kill(dead, 0)  # it still counts as alive
    shared.run()
    assert shared.pid != dead


@pytest.mark.parametrize("file", ["postmaster.pid", ".s.PGSQL.5432.lock"])
def test_a_stranger_named_by_a_left_over_file_is_not_believed_and_lives(killed, stranger, file):
    left_over = killed.place.data / "postmaster.pid"
    if file != "postmaster.pid":
        left_over.unlink()
        left_over = killed.place.sockets / file
    left_over.write_text("\n".join([str(stranger.pid), *left_over.read_text().split("\n")[1:]]))
    killed.run()
    assert killed.ask("SELECT 1") == 1
    killed.run("stop")
    assert stranger.poll() is None


def test_stop_does_not_believe_the_file_either(shared, stranger):
    shared.run()
    file = shared.place.data / "postmaster.pid"
    file.write_text("\n".join([str(stranger.pid), *file.read_text().split("\n")[1:]]))
    shared.run("stop")
    assert stranger.poll() is None
    assert ping(shared.place) is Ping.NO_RESPONSE


def test_a_creation_cut_short_is_never_used(fresh):
    for end in (os.killpg, os.kill):  # with its children, then they go on without it
        with fresh.popen(start_new_session=True) as starter:
            while not (fresh.place.new / "PG_VERSION").exists():
                assert starter.poll() is None
            end(starter.pid, signal.SIGKILL)
        assert fresh.place.new.exists()
        assert not fresh.place.is_made
    fresh.run()
    assert fresh.ask("SELECT 1") == 1
    assert not fresh.place.new.exists()


def test_who_waits_for_a_lock_that_is_removed_takes_the_new_one(folder):
    path = folder / "lock"
    with ThreadPoolExecutor() as pool, embedded._lock(path):
        waiting = pool.submit(embedded._lock, path)
        path.unlink()
    with waiting.result() as lock:
        assert os.fstat(lock.fileno()).st_ino == path.stat().st_ino
