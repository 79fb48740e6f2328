"""Pictures of what goes up: hand-offs, vendors, management, and assistance on site."""

from datetime import date


def upward(month: date) -> list[tuple[str, str, str]]:
    """As `pages` in screenshots.py: who looks, the picture's name, the path; reviews are of this month."""
    from config.demo.vendors import LATE, RUNNING
    from escalations.models import (
        HandOff,
        IncidentReport,
        MaintenanceWindow,
        OnsiteRequest,
        Outage,
        VendorCase,
    )

    on_site = OnsiteRequest.objects.filter(kind="access").latest("pk").ticket.number
    running = VendorCase.objects.get(number=RUNNING)
    crossing = HandOff.objects.unanswered().earliest("pk")
    outage = Outage.objects.earliest("pk")
    window = MaintenanceWindow.objects.latest("pk")
    report = IncidentReport.objects.issued().earliest("pk")
    unwritten = IncidentReport.objects.undrafted().earliest("pk")
    return [
        ("max", "reports", "/incident-reports/"),
        ("max", "report", report.get_absolute_url()),
        ("max", "report-owed", unwritten.get_absolute_url()),
        ("max", "report-issued", f"{report.get_absolute_url()}1/"),
        ("alex@contoso.example", "own-reports", "/my/incident-reports/"),
        ("alex@contoso.example", "own-report", f"/my/incident-reports/{report.number}/"),
        ("max", "review-report", f"/reviews/contoso/{month:%Y-%m}/"),
        ("ana", "maintenance", "/maintenance/"),
        ("ana", "maintenance-window", window.get_absolute_url()),
        ("ana", "maintenance-received", f"{window.get_absolute_url()}people/"),
        ("ana", "maintenance-scope", "/maintenance/new/"),
        ("ana", "maintenance-announce", "/maintenance/new/?for=enghouse-premium"),
        ("pat@wide-world.example", "own-maintenance", f"/my/maintenance/{window.number}/"),
        ("pat@wide-world.example", "own-list-maintenance", "/my/tickets/"),
        ("max", "availability", f"/availability/?month={month:%Y-%m}"),
        ("pat@wide-world.example", "review-availability", f"/reviews/wide-world/{month:%Y-%m}/"),
        ("ana", "outages", "/outages/"),
        ("ana", "outage", outage.get_absolute_url()),
        ("ana", "outage-received", f"{outage.get_absolute_url()}notices/1/"),
        ("ana", "outage-scope", "/outages/new/"),
        ("ana", "outage-declare", "/outages/new/?for=microsoft-o365-dedicated"),
        ("alex@contoso.example", "own-outage", f"/my/outages/{outage.number}/"),
        ("ana", "engineering", "/engineering/"),
        ("max", "management", "/management/"),
        ("max", "morning", "/morning/"),
        ("max", "morning-clocks", "/morning/clocks/"),
        ("ana", "onsite", "/onsite/"),
        ("ana", "onsite-ticket", f"/tickets/{on_site}/onsite/"),
        ("alex@contoso.example", "own-onsite", f"/my/tickets/{on_site}/onsite/"),
        ("noor", "handoff-board", "/handoff/"),
        ("sol", "handoff-board-of-the-night", "/handoff/"),
        ("noor", "handoff-written", f"{crossing.ticket.get_absolute_url()}handoff/"),
        ("sol", "handoff-to-accept", f"{crossing.ticket.get_absolute_url()}handoff/"),
        ("noor", "handoff-write", f"{running.ticket.get_absolute_url()}handoff/"),
        ("noor", "handoff-leave", "/handoff/going-off/"),
        ("ana", "workload", "/workload/"),
        ("ana", "assign", "/tickets/assign/"),
        ("max", "admin-rota", "/admin/escalations/duty/"),
        ("ana", "vendor-cases", "/vendor-cases/"),
        ("ana", "vendor-case", running.get_absolute_url()),
        ("ana", "vendor-case-late", VendorCase.objects.get(number=LATE).get_absolute_url()),
        ("ana", "vendor-open", f"{running.ticket.get_absolute_url()}vendor-cases/new/"),
        ("ana", "vendor-ticket", f"{running.ticket.get_absolute_url()}#vendors"),
        ("max", "review-vendor", f"/reviews/fabrikam/{month:%Y-%m}/"),
        ("kit@fabrikam.example", "own-vendor", f"/my/tickets/{running.ticket.number}/"),
    ]
