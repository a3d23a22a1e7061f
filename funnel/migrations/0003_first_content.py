"""The four cycles, a segment for each, an empty series of videos, and the settings' single row.

They are a start for the coach to reword, and every installation needs them.
"""

from typing import Any

from django.db import migrations

CYCLES = (
    (
        "reactive",
        "Reactive cycle",
        "We’re fine, and a minute later we’re fighting",
        "Something small is said, and both of you are somewhere else at once. Afterwards neither "
        "can say how it began. The cycle runs on speed: each of you answers a threat before you "
        "have noticed that you felt one.",
    ),
    (
        "criticism",
        "Criticism cycle",
        "Whatever one of us does, it’s never right",
        "One points out what is missing, the other defends or goes quiet, and the next remark "
        "comes sharper. Underneath, one is asking to matter and the other to be enough.",
    ),
    (
        "desperation",
        "Desperation cycle",
        "I keep asking, and nothing changes",
        "You explain it again, more kindly, more urgently, at a better moment. The more you reach, "
        "the further away your partner seems, and the further away, the more you reach.",
    ),
    (
        "resentment",
        "Resentment cycle",
        "I do it all, and something in me has gone quiet",
        "You stopped asking a while ago. Things get done because you do them. There is less "
        "quarrelling than there was, and less of you in the house as well.",
    ),
)


def create(apps: Any, _schema_editor: Any) -> None:
    cycles = apps.get_model("funnel", "StuckCycle").objects
    segments = apps.get_model("funnel", "Segment").objects
    for position, (code, name, experience, description) in enumerate(CYCLES, start=1):
        cycle = cycles.create(
            code=code,
            name=name,
            experience=experience,
            description=description,
            mailchimp_tag=f"cycle-{code}",
            sort_order=position,
        )
        segments.create(
            name=name,
            description=f"Everybody whose current cycle is the {name.lower()}.",
            cycle=cycle,
        )
    series = apps.get_model("funnel", "VideoSeries").objects.create(
        name="Free videos",
        title="Three short videos",
        introduction="Watch them in any order, as often as you like.",
        mailchimp_tag="offer-free-videos",
    )
    apps.get_model("funnel", "FunnelSettings").objects.create(series=series)


class Migration(migrations.Migration):
    dependencies = [("funnel", "0002_append_only")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
