"""sync_gdap: reads every GDAP relationship from Microsoft, as the hourly job does."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing import gdap_sync
from billing.graph.client import Graph, GraphError
from support.management.progress import Progress
from support.refusal import Refused


class Command(BaseCommand):
    help = "Read the GDAP relationships from Microsoft Graph: rows, and readings that let work start."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")

    def handle(self, *args, **options):
        if not (graph := Graph.configured()):
            raise CommandError("No app registration is set up: see COUNTERSIGN_GRAPH_TENANT in .env.example.")
        counter = Progress(self.stderr, 0, "relationships")
        try:
            outcome = gdap_sync.run(graph, at=timezone.now(), on_done=counter.show_of)
        except (GraphError, Refused) as error:
            raise CommandError(f"{error}") from error
        counter.end()
        for name in outcome.unread:
            self.stderr.write(f"Not read: {name}.")
        told = {
            "relationships": outcome.relationships,
            "readings": outcome.readings,
            "not_listed_any_more": outcome.unlisted,
            "of_no_customer": outcome.strangers,
            "not_read": len(outcome.unread),
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, indent=2))
        else:
            self.stdout.write(
                "{relationships} relationships, {readings} new readings; {of_no_customer} of no customer of ours, "
                "{not_listed_any_more} not listed any more, {not_read} not read.".format(**told)
            )
