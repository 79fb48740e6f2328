"""A change in the records is the deed of the person who made it."""

import pytest
from django.urls import reverse

from support.admin.base import RowForm
from support.models import Contact, ContractLine, Customer, PartnerGrant, Product, ProductVersion, Team
from tests.factories import TESTS, ContractFactory, CustomerFactory, ProductFactory, granted

pytestmark = pytest.mark.django_db


def posted(client, url, **changes):
    """The form as the page shows it, with some fields changed, sent."""
    page = client.get(url)
    data = {}
    for form in [page.context["adminform"].form, *_forms(page)]:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = [getattr(v, "pk", v) for v in value] if _many(value) else value
    return client.post(url, {**data, **changes})


def _forms(page):
    for inline in page.context["inline_admin_formsets"]:
        yield inline.formset.management_form
        yield from inline.formset.forms


def _many(value):
    return not isinstance(value, str | bytes) and hasattr(value, "__iter__")


@pytest.fixture
def manager(client, cast):
    client.force_login(cast.max)
    return client


def test_saving_a_customer_leaves_history_with_the_managers_name(manager, cast):
    response = posted(manager, f"/admin/support/customer/{cast.northwind.pk}/change/", finance_name="NW Ltd")
    assert response.status_code == 302
    last = Customer.history.filter(id=cast.northwind.pk).first()
    assert (last.finance_name, last.actor_name, last.actor_id) == ("NW Ltd", "Max", cast.max.pk)


def test_the_history_page_says_who_changed_what(manager, cast):
    posted(manager, f"/admin/support/contact/{cast.robin_contact.pk}/change/", approves_up_to="7500.00")
    page = manager.get(f"/admin/support/contact/{cast.robin_contact.pk}/history/").content.decode()
    for part in ["Max", "Approves up to", "5000.00", "7500.00", "tests (the system)"]:
        assert part in page


def test_history_is_read_and_never_put_back(manager, cast):
    version = Customer.history.filter(id=cast.northwind.pk).first()
    url = f"/admin/support/customer/{cast.northwind.pk}/history/{version.history_id}/"
    assert manager.post(url, {"name": "Old"}).status_code in {302, 404}
    assert Customer.history.filter(id=cast.northwind.pk).count() == 1


def test_a_new_product_with_its_versions_is_history_too(manager):
    versions = {"versions-TOTAL_FORMS": 1, "versions-INITIAL_FORMS": 0, "versions-0-version": "7"}
    data = {"code": "pbx", "name": "PBX", "versions-0-support": "full", **versions}
    assert manager.post("/admin/support/product/add/", data).status_code == 302
    assert Product.history.get(code="pbx").actor_name == "Max"
    assert ProductVersion.history.get(version="7").actor_name == "Max"


def test_a_row_that_another_tab_has_added_meanwhile_is_said_beside_it(manager, monkeypatch):
    product = ProductFactory()
    url = f"/admin/support/product/{product.pk}/change/"
    typed = {"versions-TOTAL_FORMS": 1, "versions-0-version": "7.1", "versions-0-support": "full"}
    data = {"name": product.name, "code": product.code, "versions-INITIAL_FORMS": 0, **typed}
    assert manager.post(url, data).status_code == 302
    again = manager.post(url, data)  # which this tab knows nothing of
    assert (again.status_code, "already exists" in again.text) == (200, True)
    gone = {**data, "versions-INITIAL_FORMS": 1, "versions-0-id": 10**9, "versions-0-product": product.pk}
    assert "This row was deleted meanwhile" in manager.post(url, gone).text
    monkeypatch.setattr(RowForm, "validate_unique", lambda form: None)  # as if both were sent at once
    late = manager.post(url, data)
    assert (late.status_code, "saved the same just now" in late.text) == (409, True)
    assert product.versions.count() == 1


def test_taking_a_line_off_a_contract_says_who(manager, cast):
    contract = ContractFactory(holder=cast.northwind)
    line = ContractLine(contract=contract, product=ProductFactory()).by(TESTS)
    line.save()
    url = f"/admin/support/contract/{contract.pk}/change/"
    assert posted(manager, url, **{"lines-0-DELETE": "on"}).status_code == 302
    gone = ContractLine.history.filter(id=line.pk).first()
    assert (gone.history_type, gone.actor_name) == ("-", "Max")


def test_deleting_many_grants_names_the_actor_of_each(manager, cast):
    for customer in (CustomerFactory(), cast.tailspin):
        granted(cast.robin_contact, customer)
    chosen = list(PartnerGrant.objects.values_list("pk", flat=True))
    data = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert manager.post("/admin/support/partnergrant/", data).status_code == 302
    assert not PartnerGrant.objects.exists()
    assert [row.actor_name for row in PartnerGrant.history.filter(history_type="-")] == ["Max", "Max"]


def test_a_teams_members_stand_in_its_history(manager, cast):
    manager.post("/admin/support/team/add/", {"name": "Voice", "members": [cast.ana.pk]})
    assert Team.history.get().history_change_reason == "Members: Ana"


def test_a_contact_never_gets_a_staff_account(manager, cast):
    url = f"/admin/support/contact/{cast.robin_contact.pk}/change/"
    response = posted(manager, url, user=cast.ana.pk)
    assert "staff is never a contact" in response.content.decode()
    assert Contact.objects.get(pk=cast.robin_contact.pk).user == cast.robin


def test_a_partner_has_no_partner(manager, cast):
    cast.tailspin.partner = cast.northwind
    cast.tailspin.by(TESTS).save()
    response = posted(
        manager, f"/admin/support/customer/{cast.northwind.pk}/change/", partner=cast.tailspin.pk
    )
    assert "Tailspin has a partner" in response.content.decode()


def test_a_wrong_zone_is_no_choice(manager, cast):
    url = f"/admin/support/customer/{cast.northwind.pk}/change/"
    response = posted(manager, url, time_zone="Mars/Base")
    assert "is not a time zone" in response.content.decode()


def test_the_admin_says_why_a_partner_stays(manager, cast):
    granted(cast.kim_contact, cast.northwind)
    url = f"/admin/support/customer/{cast.northwind.pk}/change/"
    assert "delete those grants first" in posted(manager, url, partner=CustomerFactory().pk).text


def test_the_admin_grants_a_customer_to_its_partner_alone(manager, cast):
    said = {"contact": cast.kim_contact.pk, "customer": cast.northwind.pk}
    assert "Only a contact of its partner" in posted(manager, "/admin/support/partnergrant/add/", **said).text


def test_a_currency_is_kept_in_capitals_and_a_contract_ends_after_it_starts(client, cast):
    contract = ContractFactory(holder=cast.northwind)
    client.force_login(cast.max)
    url = reverse("admin:support_contract_change", args=[contract.pk])
    assert posted(client, url, currency="eur").status_code == 302
    contract.refresh_from_db()
    assert contract.currency == "EUR"
    page = posted(client, url, ends_on="1999-12-31")
    assert "The last day in force is before the first one: choose a later one." in page.text
