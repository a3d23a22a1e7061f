"""Other words of a call to action for each cycle, and the opt-in that says whose were seen.

The triggers of the opt-ins are off while their table changes: SQLite makes some changed tables
anew, and a table made anew has none.
"""

from typing import Any

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models

from funnel import append_only

OPT_INS = ("funnel_optin",)


def take_triggers_off(_apps: Any, schema_editor: Any) -> None:
    append_only.uninstall(schema_editor, tables=OPT_INS)


def put_triggers_back(_apps: Any, schema_editor: Any) -> None:
    append_only.install(schema_editor, tables=OPT_INS)


class Migration(migrations.Migration):
    dependencies = [("funnel", "0003_first_content")]

    operations = [
        migrations.CreateModel(
            name="CallToActionVariant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "eyebrow",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="line above the heading"
                    ),
                ),
                ("heading", models.CharField(blank=True, max_length=160)),
                (
                    "offer_line",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="the offer in one line"
                    ),
                ),
                (
                    "points_heading",
                    models.CharField(
                        blank=True, max_length=160, verbose_name="line above the points"
                    ),
                ),
                (
                    "points",
                    models.TextField(blank=True, help_text="One point to a line."),
                ),
                ("button_label", models.CharField(blank=True, max_length=60)),
                (
                    "call_to_action",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variants",
                        to="funnel.calltoaction",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funnel.stuckcycle",
                        verbose_name="for whoever says",
                    ),
                ),
            ],
            options={
                "verbose_name": "variant of a call to action",
                "verbose_name_plural": "variants of calls to action",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("call_to_action", "cycle"),
                        name="call_to_action_variant_per_cycle",
                    )
                ],
            },
        ),
        migrations.RunPython(take_triggers_off, put_triggers_back),
        migrations.AddField(
            model_name="optin",
            name="call_to_action_variant",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose words the person saw. Empty: the usual ones.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="opt_ins",
                to="funnel.calltoactionvariant",
            ),
        ),
        migrations.RunPython(put_triggers_back, take_triggers_off),
    ]
