"""The admin site: the support managers' desk. Who may open it stands in the table of roles, like every page."""

from django.contrib import admin


class Site(admin.AdminSite):
    site_header = "Countersign"
    site_title = "Countersign"
    index_title = "Records"
    site_url = "/"
    enable_nav_sidebar = False  # the breadcrumbs lead back; tables have the room

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_active and request.user.is_staff
