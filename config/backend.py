"""Who a session belongs to: the person and his roles in one query, on every page."""

from functools import cache

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BigIntegerField, OuterRef

from support.models import User
from support.prepared import Given, Prepared

FIELDS = [field.attname for field in User._meta.concrete_fields]


class WithRoles(AuthenticationBackend):
    def get_user(self, user_id):
        for *columns, held in _person().rows(pk=user_id):
            user = User.from_db(connection.alias, FIELDS, columns)
            if self.user_can_authenticate(user):
                user.roles = frozenset(held)
                return user
        return None


@cache
def _person() -> Prepared:
    held = ArraySubquery(Group.objects.filter(user=OuterRef("pk")).values("name"))
    found = User.objects.filter(pk=Given("pk", BigIntegerField()))
    return Prepared(found.values_list(*FIELDS, held))
