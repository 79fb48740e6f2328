"""Who a session belongs to: the person and his roles in one query, on every page."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from support.models import User


class WithRoles(AuthenticationBackend):
    def get_user(self, user_id):
        held = ArraySubquery(Group.objects.filter(user=OuterRef("pk")).values("name"))
        user = User.objects.annotate(held=held).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.roles = frozenset(user.held)
        return user
