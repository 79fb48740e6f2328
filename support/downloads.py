"""What is taken away from a page as a file: never shown by a browser, never kept by it."""

from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.http import content_disposition_header

R = TypeVar("R", bound=HttpResponseBase)


def as_download(response: R, name: str) -> R:
    """The same response as an attachment of this name."""
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
