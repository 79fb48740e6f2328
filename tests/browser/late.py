"""Late work for a picture: one piece to book, and one that finance took off the list."""

from datetime import timedelta


def with_late_work() -> str:
    """The path of its month's page."""
    from django.utils import timezone

    from billing import late_work
    from billing.models import Approval, LateWork
    from billing.piece import Work, late
    from support.actors import Actor
    from support.models import User

    approval = Approval.objects.select_related("engagement__contract__legal_entity").earliest("decided_at")
    engagement, begins = approval.engagement, approval.decided_at + timedelta(hours=1)
    ana, fin = (User.objects.get(name=name) for name in ("Ana", "Fin"))
    if not LateWork.objects.exists():
        work = Work(
            engagement, approval, ana, begins, begins + timedelta(hours=1), "Mail flow", Actor.of(ana)
        )
        late(work, f"{begins:%B %Y} is closed.")
        told = late(
            Work(engagement, approval, ana, begins, begins + timedelta(hours=1), "Mail flow", Actor.of(ana)),
            f"{begins:%B %Y} is closed.",
        )
        reason = "Told twice: it is the work that stands above."
        late_work.dismiss(told, reason=reason, by=Actor.of(fin), at=timezone.now())
    return f"/invoices/{engagement.contract.legal_entity.number_series}/{begins:%Y-%m}/"
