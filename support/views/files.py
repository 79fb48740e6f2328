"""Files, each asked for by permission and sent so that no browser runs it."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from support.downloads import as_download
from support.models import File


@require_safe
def file_download(request, key):
    file = get_object_or_404(File.objects.visible_to(request.user), key=key)
    response = FileResponse(file.open(), content_type="application/octet-stream")
    as_download(response, file.name)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
