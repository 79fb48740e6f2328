"""load_services: new files add versions, known files change nothing, a bad file is refused whole."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from support import versions
from support.catalogue import folder
from support.models import CalendarVersion, ServiceVersion

pytestmark = pytest.mark.django_db


def copy_of_the_shipped(tmp_path):
    return shutil.copytree(folder.SHIPPED, tmp_path / "definitions")


def test_loading_again_changes_nothing(capsys):
    before = ServiceVersion.objects.count(), CalendarVersion.objects.count()
    call_command("load_services")
    assert (ServiceVersion.objects.count(), CalendarVersion.objects.count()) == before == (7, 8)
    assert capsys.readouterr().out == "Every file is loaded already.\n"


def test_a_changed_file_adds_a_version_and_leaves_the_pinned_one(tmp_path):
    path = copy_of_the_shipped(tmp_path)
    file = path / "exponential-e-ucc.toml"
    file.write_text(file.read_text().replace('"30 min"', '"20 min"'))
    before = versions.latest("exponential-e-ucc")
    call_command("load_services", folder=path, verbosity=0)
    after = versions.latest("exponential-e-ucc")
    assert (before.version, after.version) == (1, 2)
    assert versions.definition(before).step("High").targets["response"].within.amount == 30
    assert versions.definition(after).step("High").targets["response"].within.amount == 20


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("targets.response", "targets.respond", "targets.respond"),
        ('within = "1 business hour"', 'within = "1 hour"', "is not an amount of time"),
        ('calendar = "enghouse-standard", section = "p1"', 'calendar = "nowhere", section = "p1"', "nowhere"),
        ("level = 3,", "level = 5,", "without a gap"),
    ],
)
def test_a_bad_file_is_refused_with_file_key_and_reason_and_nothing_is_added(tmp_path, old, new, sentence):
    path = copy_of_the_shipped(tmp_path)
    file = path / "enghouse-standard.toml"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    before = ServiceVersion.objects.count()
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("load_services", folder=path)
    assert "enghouse-standard.toml" in str(refused.value)
    assert ServiceVersion.objects.count() == before


def test_show_prints_readings_and_contradictions(capsys):
    call_command("load_services", show="exponential-e-ucc")
    out = capsys.readouterr().out
    assert "48 business hours" in out
    assert "READINGS" in out.upper()
    assert "CONTRADICTIONS" in out.upper()


def test_an_unknown_code_names_the_known_ones():
    with pytest.raises(CommandError, match=r"No definition is called nope\. There are: calltower-ese"):
        call_command("load_services", show="nope")


def test_the_holidays_of_ten_years_are_copied_in():
    data = CalendarVersion.objects.get(name="uk-business").data
    days = dict(data["holidays"])
    assert data["known_until"] == "2036-12-31"
    assert "2026-12-28" in days
    assert min(days) >= "2016-01-01"


def test_a_folder_without_a_definition_is_no_folder_of_services(tmp_path):
    for path in [tmp_path, tmp_path / "nowhere"]:
        with pytest.raises(CommandError, match="There is no definition in"):
            call_command("load_services", folder=path)
