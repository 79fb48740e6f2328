from django.urls import path

from support.views import files, people

app_name = "support"

urlpatterns = [
    path("files/<slug:key>/", files.file_download, name="file-download"),
    path("profile/", people.profile, name="profile"),
]
