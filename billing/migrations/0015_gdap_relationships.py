import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import support.models.tracked


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0014_export_voids"),
        ("support", "0023_tenants"),
    ]

    operations = [
        migrations.AlterField(
            model_name="gdapreading",
            name="source",
            field=models.CharField(
                choices=[
                    ("hand", "Confirmed by hand"),
                    ("graph", "Read from Microsoft"),
                    ("csv", "From a file"),
                ],
                default="hand",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="gdapreading",
            name="status",
            field=models.CharField(
                help_text="As Microsoft names it; a new name is kept as it is.", max_length=60
            ),
        ),
        migrations.CreateModel(
            name="GdapAct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("actor_kind", models.CharField(editable=False, max_length=8)),
                ("actor_id", models.BigIntegerField(editable=False, null=True)),
                ("actor_name", models.CharField(editable=False, max_length=200)),
                ("relationship_id", models.CharField(db_index=True, max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("create", "Created"),
                            ("lock", "Sent to the customer for approval"),
                            ("end", "Asked to be ended"),
                            ("delete", "Draft deleted"),
                            ("extend", "Auto-extend switched"),
                        ],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField()),
                ("asked", models.JSONField(blank=True, default=dict)),
                (
                    "acted_at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        )
                    ),
                ),
            ],
            options={
                "verbose_name": "GDAP act",
                "ordering": ["-acted_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="gdap_act_has_a_reason"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalGdapRelationship",
            fields=[
                (
                    "id",
                    models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID"),
                ),
                ("actor_kind", models.CharField(editable=False, max_length=8)),
                ("actor_id", models.BigIntegerField(editable=False, null=True)),
                ("actor_name", models.CharField(editable=False, max_length=200)),
                (
                    "history_transaction",
                    support.models.tracked.Xid8(
                        db_default=support.models.tracked.CurrentTransaction(), editable=False
                    ),
                ),
                ("relationship_id", models.CharField(db_index=True, max_length=100)),
                (
                    "tenant_id",
                    models.UUIDField(
                        blank=True, db_index=True, null=True, verbose_name="the customer's tenant"
                    ),
                ),
                ("display_name", models.CharField(blank=True, max_length=200)),
                (
                    "status",
                    models.CharField(
                        help_text="As Microsoft names it; a new name is kept as it is.", max_length=60
                    ),
                ),
                (
                    "duration",
                    models.CharField(blank=True, help_text="As Microsoft writes it: P730D.", max_length=40),
                ),
                ("auto_extend", models.BooleanField(default=False)),
                ("pending_since", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("roles", models.JSONField(blank=True, default=list, help_text="Role template ids.")),
                ("assigned", models.BooleanField(default=False, verbose_name="active access assignment")),
                (
                    "assigned_roles",
                    models.JSONField(
                        blank=True, default=list, help_text="Those that an active access assignment gives."
                    ),
                ),
                (
                    "has_global_admin",
                    models.BooleanField(default=False, verbose_name="has Global Administrator"),
                ),
                ("etag", models.CharField(blank=True, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("hand", "Confirmed by hand"),
                            ("graph", "Read from Microsoft"),
                            ("csv", "From a file"),
                        ],
                        max_length=12,
                    ),
                ),
                ("raw", models.JSONField(blank=True, default=dict)),
                (
                    "listed",
                    models.BooleanField(default=True, help_text="Whether Microsoft’s list still had it."),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="support.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical GDAP relationship",
                "verbose_name_plural": "historical GDAP relationships",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="GdapRelationship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("relationship_id", models.CharField(max_length=100, unique=True)),
                (
                    "tenant_id",
                    models.UUIDField(
                        blank=True, db_index=True, null=True, verbose_name="the customer's tenant"
                    ),
                ),
                ("display_name", models.CharField(blank=True, max_length=200)),
                (
                    "status",
                    models.CharField(
                        help_text="As Microsoft names it; a new name is kept as it is.", max_length=60
                    ),
                ),
                (
                    "duration",
                    models.CharField(blank=True, help_text="As Microsoft writes it: P730D.", max_length=40),
                ),
                ("auto_extend", models.BooleanField(default=False)),
                ("pending_since", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("roles", models.JSONField(blank=True, default=list, help_text="Role template ids.")),
                ("assigned", models.BooleanField(default=False, verbose_name="active access assignment")),
                (
                    "assigned_roles",
                    models.JSONField(
                        blank=True, default=list, help_text="Those that an active access assignment gives."
                    ),
                ),
                (
                    "has_global_admin",
                    models.BooleanField(default=False, verbose_name="has Global Administrator"),
                ),
                ("etag", models.CharField(blank=True, max_length=200)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("hand", "Confirmed by hand"),
                            ("graph", "Read from Microsoft"),
                            ("csv", "From a file"),
                        ],
                        max_length=12,
                    ),
                ),
                ("raw", models.JSONField(blank=True, default=dict)),
                (
                    "listed",
                    models.BooleanField(default=True, help_text="Whether Microsoft’s list still had it."),
                ),
                ("synced_at", models.DateTimeField(verbose_name="as of")),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gdap_relationships",
                        to="support.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "GDAP relationship",
                "ordering": ["display_name", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("has_global_admin", True),
                                ("roles__contains", ["62e90394-69f5-4237-9190-012177145e10"]),
                            ),
                            models.Q(
                                ("has_global_admin", False),
                                models.Q(
                                    ("roles__contains", ["62e90394-69f5-4237-9190-012177145e10"]),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="global_admin_is_among_the_roles",
                    )
                ],
            },
        ),
    ]
