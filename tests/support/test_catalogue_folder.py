from hashlib import sha256

import pytest

from support.catalogue.folder import SHIPPED, read_folder
from support.catalogue.problems import DefinitionRefused
from tests.support.catalogue_cases import OFFICE, SMALL, shipped, spoilt


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "office.toml").write_text(OFFICE, encoding="utf-8")
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    return tmp_path


def refused(folder):
    with pytest.raises(DefinitionRefused) as error:
        read_folder(folder)
    return [(problem.file, problem.key, problem.reason) for problem in error.value.problems]


def test_the_hash_of_a_definition_is_that_of_its_file(folder):
    loaded = read_folder(folder).definitions["small"]
    assert loaded.sha256 == sha256((folder / "small.toml").read_bytes()).hexdigest()
    assert (loaded.file, loaded.value.code) == ("small.toml", "small")


def test_a_comment_makes_a_new_hash_and_the_same_definition(folder):
    before = read_folder(folder).definitions["small"]
    (folder / "small.toml").write_text(f"# Checked.\n{SMALL}", encoding="utf-8")
    after = read_folder(folder).definitions["small"]
    assert (after.value == before.value, after.sha256 == before.sha256) == (True, False)


def test_the_problems_of_all_files_are_told_at_once(folder):
    (folder / "other.toml").write_text(spoilt('code = "small"', 'code = "else"'), encoding="utf-8")
    (folder / "small.toml").write_text(spoilt("rank = 1", "rank = 0"), encoding="utf-8")
    (folder / "calendars" / "odd.toml").write_text(spoilt("London", "Lundun", OFFICE), encoding="utf-8")
    assert [(file, key) for file, key, _ in refused(folder)] == [
        ("odd.toml", "zone"),
        ("other.toml", "code"),
        ("small.toml", "priorities.High.rank"),
    ]


def test_a_file_that_is_not_text(folder):
    (folder / "small.toml").write_bytes(b"\xff\xfe")
    assert refused(folder) == [("small.toml", "", "is not UTF-8 text.")]


def test_the_service_of_a_vendor_must_be_there(folder):
    vendor = '[vendor]\nsection = "one"\nopened_by = "The desk."\nservice = "moon"\n\n[ladder]'
    (folder / "small.toml").write_text(spoilt("[ladder]", vendor), encoding="utf-8")
    assert refused(folder) == [("small.toml", "vendor.service", '"moon" is not a definition here.')]


def test_a_folder_is_no_definition(folder):
    (folder / "old.toml").mkdir()
    assert list(read_folder(folder).definitions) == ["small"]


def test_every_shipped_file_fits_on_a_page_of_300_lines():
    files = [*SHIPPED.glob("*.toml"), *SHIPPED.glob("calendars/*.toml")]
    assert len(files) == len(shipped().definitions) + len(shipped().calendars)
    assert all(len(file.read_text(encoding="utf-8").splitlines()) <= 300 for file in files)
