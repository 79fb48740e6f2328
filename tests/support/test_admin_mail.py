"""Mail in the records: what failed is sent again, and nothing of it is changed."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from support.models import Mail
from tests.cases import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def mails(cast):
    def mail(key, **fields):
        return Mail.objects.create(
            key=key, message_id=key, to=["a@b.example"], subject=key, text="T", queued_at=NOON, **fields
        )

    return {
        "failed": mail("failed", state="failed", tries=8, error="Connection refused"),
        "sent": mail("sent", state="sent", sent_at=NOON),
    }


def again(client, *mails):
    data = {"action": "send_again", "_selected_action": [mail.pk for mail in mails]}
    return client.post("/admin/support/mail/", data, follow=True)


def test_a_failed_mail_is_queued_again_and_a_sent_one_stays_sent(client, cast, mails):
    client.force_login(cast.max)
    assert "1 mail is queued again" in again(client, *mails.values()).content.decode()
    assert [Mail.objects.get(key=key).state for key in ("failed", "sent")] == ["queued", "sent"]
    assert ProcrastinateJob.objects.filter(task_name="support.send_mail").count() == 1


def test_nothing_failed_is_said(client, cast, mails):
    client.force_login(cast.max)
    assert "None of these has failed" in again(client, mails["sent"]).content.decode()


def test_finance_reads_mail_and_sends_none(client, cast, mails):
    client.force_login(cast.fin)
    again(client, mails["failed"])
    assert Mail.objects.get(key="failed").state == "failed"


def test_nobody_changes_a_mail(client, cast, mails):
    client.force_login(cast.max)
    url = f"/admin/support/mail/{mails['sent'].pk}/change/"
    assert client.post(url, {"subject": "Z"}).status_code == 403
    assert Mail.objects.get(key="sent").subject == "sent"
