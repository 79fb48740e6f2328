"""Any machine, any name of a directory, any environment; never the mode of a directory that is not ours."""

import os
import stat
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import embedded, place
from config.database.place import Place
from config.database.server import halt
from tests.config.conftest import Embedded

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")


def _modes(path: Path) -> dict[Path, tuple[int, int]]:
    return {
        parent: (parent.stat().st_mode, parent.stat().st_uid) for parent in path.parents if parent.exists()
    }


def test_where_no_client_could_find_the_socket_it_is_in_tmp(server_at):
    server = server_at("Zürich, Genève/" + "long" * 40)
    sockets = Path(server.run())
    assert (sockets.parent, stat.S_IMODE(sockets.stat().st_mode)) == (Path("/tmp"), 0o700)
    assert server.ask("SELECT 1") == 1
    assert server.run("remove") == ""
    assert not sockets.exists()


@pytest.mark.parametrize("name", ["one,two", "Zürich", "long" * 22])
def test_no_client_could_find_a_socket_there(name):
    assert place._can_be_a_host(Path("/srv"))
    assert not place._can_be_a_host(Path("/srv") / name)


def test_a_folder_in_tmp_of_somebody_else_is_refused(folder):
    data = Place(folder / "one,two")
    data.make(data.data)
    sockets = data.make_sockets()
    try:
        sockets.chmod(0o755)
        with pytest.raises(ImproperlyConfigured, match="belongs to somebody else"):
            Place(data.data).sockets  # noqa: B018
        sockets.rmdir()
        sockets.symlink_to(folder)
        with pytest.raises(ImproperlyConfigured, match="belongs to somebody else"):
            Place(data.data).sockets  # noqa: B018
    finally:
        sockets.unlink()


def test_a_strange_name_and_a_strange_environment_change_nothing(server_at):
    server = server_at("'1' \"2\" = $H */new/postgres")
    server.environment |= {"PGPORT": "1", "PGHOSTADDR": "192.0.2.1", "PGDATA": "/nowhere", "PGTZ": "Japan"}
    server.environment |= {"LANG": "tr_TR.ISO-8859-9", "LC_ALL": "xx_XX", "TZ": "Asia/Kathmandu"}
    server.environment.pop("HOME", None)
    assert Path(server.run(umask=0o077)).parent == server.place.data
    assert server.ask("SELECT upper('ı') || current_setting('TimeZone')") == "IUTC"
    assert server.ask("SELECT datlocale FROM pg_database WHERE datname = 'countersign'") == "C.UTF-8"
    assert stat.S_IMODE(server.place.data.parent.stat().st_mode) == 0o755
    assert stat.S_IMODE(server.place.data.stat().st_mode) == 0o700
    assert server.run("remove") == ""
    assert not any(server.place.data.parent.iterdir())


def test_a_directory_of_other_things_is_refused_and_kept(fresh):
    fresh.place.data.mkdir()
    (fresh.place.data / "thesis.txt").write_text("years of work")
    assert "holds other things than a database" in fresh.run()
    assert fresh.run("remove") == ""
    assert (fresh.place.data / "thesis.txt").exists()


@as_root
def test_root_runs_it_as_the_owner_of_the_data_and_refuses_to_run_it_as_root(shared):
    halt(shared.place)
    owner = shared.place.data.stat()
    assert shared.place.account == (owner.st_uid, owner.st_gid)
    os.chown(shared.place.data, 0, 0)
    try:
        assert "belongs to root" in shared.run()
    finally:
        os.chown(shared.place.data, owner.st_uid, owner.st_gid)


@as_root
@pytest.mark.parametrize(("users", "chosen"), [({"postgres", "nobody"}, 1), ({"nobody"}, 2)])
def test_root_takes_postgres_then_nobody(folder, monkeypatch, users, chosen):
    known = {"postgres": ("postgres", "x", 1, 1), "nobody": ("nobody", "x", 2, 2)}
    monkeypatch.setattr(place.pwd, "getpwnam", {name: known[name] for name in users}.__getitem__)
    assert Place(folder / "postgres").account == (chosen, chosen)


@as_root
def test_without_such_a_user_root_is_told_what_to_do(folder, monkeypatch):
    monkeypatch.setattr(place.pwd, "getpwnam", {}.__getitem__)
    with pytest.raises(ImproperlyConfigured, match="add a user postgres"):
        Place(folder / "postgres").account  # noqa: B018


@as_root
def test_a_chosen_directory_in_a_closed_home_is_refused(folder):
    folder.chmod(0o700)
    assert "is closed to user" in Embedded(folder / "postgres").run()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.fixture
def closed_home(folder, monkeypatch) -> Path:
    """A clone in a closed home, and the wheel in it too; the place outside is not the machine's own."""
    home, wheel = folder / "home", embedded.programs._wheel()
    (home / "clone").mkdir(parents=True)
    (home / "site").mkdir()
    home.chmod(0o700)
    for package in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        (home / "site" / package.name).symlink_to(package)
    monkeypatch.syspath_prepend(home / "site")
    monkeypatch.setattr(place, "PROJECT", home / "clone")
    monkeypatch.setattr(place, "OUTSIDE", folder / "lib" / "countersign")
    monkeypatch.delenv("EMBEDDED_POSTGRES_DIR", raising=False)
    monkeypatch.delenv("EMBEDDED_POSTGRES_BIN", raising=False)
    return home


@as_root
def test_a_clone_in_a_closed_home_runs_outside_with_a_copy_of_the_programs(closed_home, folder):
    before = _modes(closed_home / "clone" / "var")
    sockets = embedded.start()
    try:
        data = Place.here()
        assert data.data.parent == folder / "lib" / "countersign"
        with psycopg.connect(host=str(sockets), user="postgres", dbname="countersign") as connection:
            server = connection.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetchone()[0]
        assert Path(server).is_relative_to(data.programs)
        assert embedded.start() == sockets
        assert _modes(closed_home / "clone" / "var") == before
    finally:
        embedded.remove()
    assert not any((folder / "lib" / "countersign").iterdir())


@as_root
def test_a_cluster_is_found_again_when_its_home_is_opened(closed_home):
    outside = Place.here()
    outside.make_parents()
    outside.make(outside.data)
    (outside.data / "PG_VERSION").write_text("18\n")
    closed_home.chmod(0o755)
    assert Place.here() == outside


@as_root
def test_a_cluster_whose_home_was_closed_is_not_replaced_by_an_empty_one(closed_home):
    inside = Place(closed_home / "clone" / "var" / "postgres")
    inside.make_parents()
    inside.make(inside.data)
    (inside.data / "PG_VERSION").write_text("18\n")
    with pytest.raises(ImproperlyConfigured, match="is closed to user"):
        embedded.start()
