"""What a session is bound to: the password, and for a customer his contact as it is today."""

from django.apps import apps
from django.utils.crypto import salted_hmac


class BoundToTheContact:
    """A customer's sessions end with a new password, and when his contact moves, is disabled, or its customer is."""

    def get_session_auth_hash(self):
        return self._bound(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        for each in super().get_session_auth_fallback_hash():
            yield self._bound(each)

    def _bound(self, to_password: str) -> str:
        if self.is_staff:
            return to_password
        contacts = apps.get_model("support", "Contact").objects.filter(user=self)
        known = contacts.values_list("email", "active", "customer__active").first()
        return salted_hmac("contact of the session", f"{to_password} {known}", algorithm="sha256").hexdigest()
