"""The embedded server is started once, whoever asks, and outlives who asked."""

import os
import shutil
import signal
import threading
from pathlib import Path

from config.database import embedded, server
from config.database.place import Place


def test_five_starters_at_once_share_one_server(fresh):
    starters = [fresh.popen() for _ in range(5)]
    said = {starter.communicate() for starter in starters}
    assert said == {(f"{fresh.place.sockets}\n", "")}
    assert (fresh.place.data / "log").read_text().count("starting PostgreSQL") == 1
    assert fresh.ask("SHOW timezone") == "UTC"


def test_five_threads_share_one_server(shared, monkeypatch):
    monkeypatch.setenv("EMBEDDED_POSTGRES_DIR", str(shared.place.data))
    server.halt(shared.place)
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(embedded.start())) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [shared.place.sockets] * 5


def test_the_server_outlives_its_starter(shared):
    server.halt(shared.place)
    shared.run()
    assert shared.ask("SELECT 1") == 1


def test_a_start_of_a_running_server_changes_nothing(shared):
    shared.run()
    before = shared.pid
    shared.run()
    assert shared.pid == before


def test_stopping_twice_is_fine(shared):
    shared.run()
    assert [shared.run("stop"), shared.run("stop")] == ["", ""]
    assert server.ping(shared.place) is server.Ping.NO_RESPONSE


def test_stopping_what_was_never_started_makes_nothing(folder, monkeypatch):
    monkeypatch.setenv("EMBEDDED_POSTGRES_DIR", str(folder / "var" / "postgres"))
    embedded.stop()
    embedded.remove()
    assert not any(folder.iterdir())


def test_the_data_survives_a_stop(shared):
    shared.run()
    shared.ask("CREATE TABLE IF NOT EXISTS kept (x int)")
    server.halt(shared.place)
    shared.run()
    assert shared.ask("SELECT count(*) FROM kept") == 0


def test_removed_data_is_made_anew_with_another_socket(shared, monkeypatch):
    monkeypatch.setenv("EMBEDDED_POSTGRES_DIR", str(shared.place.data))
    server.halt(shared.place)
    first, old = embedded.start(), shared.pid
    shutil.rmtree(shared.place.data)
    second, new = embedded.start(), shared.pid
    os.kill(old, signal.SIGINT)  # our child, so the number is still its own; it would notice within a minute
    os.waitpid(old, 0)
    assert (second == first, new == old) == (False, False)
    assert shared.ask("SELECT 1") == 1


def test_a_log_above_ten_megabytes_is_moved_away(shared, monkeypatch):
    server.halt(shared.place)
    log = shared.place.data / "log"
    with log.open("ab") as grown:
        grown.truncate(server.LARGEST_LOG + 1)
    shared.run()
    assert log.stat().st_size < 10_000
    assert (shared.place.data / "log.old").stat().st_size > server.LARGEST_LOG


def test_the_environment_variable_is_read_from_the_project(monkeypatch):
    monkeypatch.setenv("EMBEDDED_POSTGRES_DIR", "var/other")
    assert Place.here().data.relative_to(Path(embedded.__file__).parents[2]) == Path("var/other")


def test_an_unknown_word_is_answered_with_the_usage(shared):
    assert "start|stop|remove" in shared.run("restart")
