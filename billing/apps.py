from django.apps import AppConfig


class Billing(AppConfig):
    name = "billing"
    verbose_name = "Billing"

    def ready(self):
        from billing import links, papers
        from support.mail import enclosures, secrets

        secrets.register(links.LINK, links.link_in)
        secrets.register(links.CODE, links.figures_in)
        enclosures.register("approved", papers.copy_for)
        enclosures.register("invoice", papers.invoice_for)
