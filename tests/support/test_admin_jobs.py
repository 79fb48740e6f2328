"""Background work on a screen of the records: a failed job is found there and tried again."""

import pytest
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from support import jobs

pytestmark = pytest.mark.django_db


def test_a_manager_finds_a_failed_job_and_tries_it_again(client, cast):
    number = jobs.defer("support.send_mail", mail=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [number])
    address = reverse("admin:procrastinate_procrastinatejob_changelist")
    client.force_login(cast.ana)
    assert client.get(address).status_code == 403
    client.force_login(cast.max)
    assert "support.send_mail" in client.get(f"{address}?status=failed").text
    sent = {"action": "try_again", "_selected_action": [number]}
    assert "1 job is queued again" in client.post(address, sent, follow=True).text
    assert ProcrastinateJob.objects.get(pk=number).status == "todo"
    assert "0 jobs are queued again" in client.post(address, sent, follow=True).text
