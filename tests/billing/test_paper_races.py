"""Two workers who want the same paper at once make one; a worker killed on the way leaves none, and the next makes it."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection

from billing import papers
from billing.models import Approval, Paper
from config.env import ROOT
from support.models import File
from tests.billing.at_once import at_once
from tests.billing.billing_cases import at, world

CHILD = """
import django, sys, time
django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[2]
from django.utils import timezone
from billing import papers
from billing.models import Approval, Paper
def killed(self, **options):
    print("now", flush=True)
    time.sleep(60)
Paper.save = killed
papers.of_approval(Approval.objects.get(pk=int(sys.argv[1])), timezone.now())
"""


@pytest.fixture
def approval(own_database):
    return world().approval


def test_at_once_it_is_made_once(approval):
    made = at_once(4, lambda _i: papers.of_approval(Approval.objects.get(pk=approval.pk), at(18)).pk, at(18))
    assert len(set(made)) == 1
    assert File.objects.filter(name__startswith="approval-").count() == Paper.objects.count() == 1


def test_killed_on_the_way_it_leaves_none_and_the_next_makes_it(approval, settings):
    environment = {
        **os.environ,
        "DATABASE_NAME": connection.settings_dict["NAME"],
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(approval.pk), str(settings.MEDIA_ROOT)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert child.stdout.readline().strip() == b"now"
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not Paper.objects.exists()
    content = papers.of_approval(approval, at(18)).content()
    assert content.startswith(b"%PDF")
    assert File.objects.filter(name__startswith="approval-").count() == 1
