"""Files, each asked for by permission and sent so that no browser runs it."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from support.models import File


@require_safe
def file_download(request, key):
    file = get_object_or_404(File.objects.visible_to(request.user), key=key)
    response = FileResponse(
        file.open(), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
