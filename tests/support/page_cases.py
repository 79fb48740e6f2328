"""What page tests share: posting a form with a key, as the page would."""

import uuid

from django.urls import reverse


def post(client, name, /, *args, key=None, query="", **data):
    """POST a form to a URL name with its key; `key` to send the same one again."""
    return client.post(reverse(name, args=args) + query, {"submission": str(key or uuid.uuid4()), **data})
