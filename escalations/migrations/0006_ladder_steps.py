import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import support.models.people
import support.models.tracked


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0005_vendor_guards"),
        ("support", "0025_first_day_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="missed",
            field=models.CharField(
                blank=True, help_text="The clock that was missed, where the ground is one.", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="escalation",
            name="follows",
            field=models.ForeignKey(
                editable=False,
                help_text="On which the ticket stood before; the database says so.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="escalations.escalation",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalLadderContact",
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
                (
                    "service",
                    models.CharField(
                        help_text="The code of the service, for all its versions.", max_length=60
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        help_text="Of the ladder; 0 for those above the desk who are told of a severity at once."
                    ),
                ),
                ("duty_role", models.CharField(blank=True, help_text="As “Duty manager”.", max_length=120)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "published",
                    models.BooleanField(
                        default=False, help_text="The number is the published route: customers read it too."
                    ),
                ),
                (
                    "email",
                    support.models.people.AddressField(blank=True, max_length=254, verbose_name="e-mail"),
                ),
                ("active", models.BooleanField(default=True)),
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
                    "legal_entity",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Only for contracts that this company sells; empty for all.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="support.legalentity",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical ladder contact",
                "verbose_name_plural": "historical ladder contacts",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="EscalationAcceptance",
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
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                (
                    "escalation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptance",
                        to="escalations.escalation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True), name="the_desk_accepts"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationAct",
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
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                ("words", models.TextField()),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="escalations.escalation",
                    ),
                ),
            ],
            options={
                "ordering": ["escalation", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True), name="the_desk_acts"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True), name="an_act_says_what"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationDecline",
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
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                ("item", models.CharField(max_length=60)),
                ("item_text", models.CharField(editable=False, max_length=300)),
                ("words", models.TextField(blank=True)),
                (
                    "escalation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refusal",
                        to="escalations.escalation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True), name="the_desk_declines"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationStepDown",
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
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(
                            function="countersign_now", output_field=models.DateTimeField()
                        ),
                        editable=False,
                    ),
                ),
                ("reason", models.TextField()),
                ("not_before", models.DateTimeField(null=True)),
                (
                    "escalation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="descent",
                        to="escalations.escalation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("actor_kind", "contact"), _negated=True),
                        name="the_desk_steps_down",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="a_step_down_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LadderContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.CharField(
                        help_text="The code of the service, for all its versions.", max_length=60
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        help_text="Of the ladder; 0 for those above the desk who are told of a severity at once."
                    ),
                ),
                ("duty_role", models.CharField(blank=True, help_text="As “Duty manager”.", max_length=120)),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "published",
                    models.BooleanField(
                        default=False, help_text="The number is the published route: customers read it too."
                    ),
                ),
                (
                    "email",
                    support.models.people.AddressField(blank=True, max_length=254, verbose_name="e-mail"),
                ),
                ("active", models.BooleanField(default=True)),
                (
                    "legal_entity",
                    models.ForeignKey(
                        blank=True,
                        help_text="Only for contracts that this company sells; empty for all.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ladder_contacts",
                        to="support.legalentity",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ladder_levels",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["service", "level", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)),
                        fields=("service", "legal_entity", "level"),
                        name="one_contact_on_a_level",
                        nulls_distinct=False,
                        violation_error_message="This level has an active contact already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("user__isnull", False), ("duty_role", "")),
                            models.Q(("user", None), models.Q(("duty_role", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_contact_is_a_person_or_a_duty_role",
                        violation_error_message="Name a person or a duty role, one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", False), models.Q(("email", ""), _negated=True), _connector="OR"
                        ),
                        name="a_duty_role_has_an_address",
                        violation_error_message="A duty role needs an address to which its mail goes.",
                    ),
                ],
            },
        ),
    ]
