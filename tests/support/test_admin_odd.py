"""The records, asked what no page of theirs asks: rubbish in an address, in a selection, in a filter."""

import os
from functools import partial
from itertools import product

import pytest
from django.contrib import admin
from django.db.models import DateField
from django.urls import reverse

from tests.factories import UserFactory
from tests.ground import standing_on

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)

NIGHTLY = int(os.environ.get("COUNTERSIGN_EXAMPLES", "100")) > 100


def tried(values, model):
    """Two of these, others with the next model, so that each kind is tried on many; all of them in a nightly run."""
    place = 2 * MODELS.index(model)
    return values if NIGHTLY else [values[(place + n) % len(values)] for n in range(2)]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@partial(standing_on, needs="db")
def superuser():
    return UserFactory(is_superuser=True)


@pytest.fixture
def root(client, superuser):
    client.force_login(superuser)
    client.raise_request_exception = True
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_rubbish_leads_nowhere(root, model):
    for key in tried(["abc", "_00", "😀", "1_5F", "9" * 40, "0"], model):
        assert root.get(address(model, "history", key)).status_code in (302, 404), key
        assert root.get(address(model, "change", key)).status_code in (302, 404), key
    fields = {type(field): field for field in model._meta.fields}.values()  # one of each kind
    filters = [f"{field.name}__range=a" for field in fields]
    filters += [
        f"{field.name}__year={year}"
        for field in fields
        if isinstance(field, DateField)
        for year in (0, 10**8)
    ]
    for query in [*tried(filters, model), *tried(["p=999999999", "o=9.9.9", "q=%00", "e=1", "zzz=1"], model)]:
        assert root.get(f"{address(model, 'changelist')}?{query}").status_code in (200, 302, 400), query


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_new_row_is_begun_with_what_its_fields_hold(root, model):
    names = [field.name for field in model._meta.get_fields()]
    for value in tried(["abc", "9" * 40, "-1", "😀", "1,2"], model):
        begun = "&".join(f"{name}={value}" for name in names)
        assert root.get(f"{address(model, 'add')}?{begun}").status_code in (200, 403), value


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_form_of_rubbish_comes_back_with_its_mistakes(root, model):
    for value in tried(["abc", "9" * 40, "-1", "😀"], model):
        assert root.post(address(model, "add"), rubbish(model, value)).status_code in (200, 403), value


def rubbish(model, value):
    """What a browser sends where every field, also of the rows beside it, holds this."""
    fields = [field.name for field in model._meta.get_fields()]
    inlines = [inline.model for inline in admin.site._registry[model].inlines]
    sent = dict.fromkeys(fields, value)
    for inline in inlines:
        parent = next(field for field in inline._meta.fields if field.related_model is model)
        prefix = parent.remote_field.get_accessor_name()
        sent |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 0}
        sent |= {f"{prefix}-0-{field.name}": value for field in inline._meta.fields}
    return sent


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_selection_of_rubbish_is_nobodys(root, model):
    actions = admin.site._registry[model].get_actions(
        type("Request", (), {"user": root_user(root), "GET": {}})()
    )
    for action, selected in product(actions, ["abc", "\0", "9" * 40]):
        sent = {"action": action, "_selected_action": [selected]}
        assert root.post(address(model, "changelist"), sent).status_code == 404, (action, selected)


def root_user(client):
    from support.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])
