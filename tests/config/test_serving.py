"""What a process that serves pages keeps from one request to the next."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from config.env import ROOT
from support.models import Customer


def said_by(program: str, **environment: str) -> str:
    """What a new process of ours prints."""
    whole = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"} | environment
    command = [sys.executable, "-c", program]
    return subprocess.check_output(command, cwd=ROOT, env=whole, text=True, timeout=60).strip()


@pytest.mark.django_db
def test_a_statement_that_is_sent_again_and_again_is_kept_prepared():
    asked = Customer.objects.filter(code="nobody").values_list("name")
    for _time in range(7):
        list(asked.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert any("support_customer" in statement for (statement,) in cursor.fetchall())


@pytest.mark.parametrize(("pooled", "prepares"), [("on", "False"), ("off", "True"), ("", "True")])
def test_behind_a_pooler_none_is(pooled, prepares):
    program = (
        "from config.settings import DATABASES as d; print('prepare_threshold' in d['default']['OPTIONS'])"
    )
    assert said_by(program, DATABASE_POOLED=pooled) == prepares


def test_what_serves_leaves_itself_out_of_the_search_for_garbage():
    program = "import gc, config.wsgi; print(gc.get_freeze_count() > 100_000 and 'support.urls' in __import__('sys').modules)"
    assert said_by(program) == "True"
