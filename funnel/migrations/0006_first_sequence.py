"""The three mails that follow, for the coach to reword, and the cycles known so far, dated."""

from typing import Any

from django.db import migrations

MAILS = (
    {
        "kind": "next_video",
        "wait_days": 0,
        "subject": "The next one",
        "opening": "It is where the first one was, and takes five minutes.",
        "body": "The next of the videos you asked for is open.\n\nIt plays without sound as well: "
        "there are captions, and the whole text stands beneath it.",
        "button_label": "Open it",
    },
    {
        "kind": "nudge",
        "wait_days": 3,
        "subject": "Still there, whenever it suits",
        "opening": "Nothing has expired, and this is the only reminder.",
        "body": "You asked for something a few days ago and may not have found five quiet minutes "
        "since. It is still there.\n\nIf it no longer matters, do nothing: this is the only "
        "reminder.",
        "button_label": "Open it",
    },
    {
        "kind": "invitation",
        "wait_days": 1,
        "subject": "If you would like to talk",
        "opening": "An offer, and no hurry.",
        "body": "That was the last of them. If something in it sounded familiar and you would like "
        "to talk it through, we can speak for half an hour. It costs nothing, and nobody else "
        "has to come.\n\nIf not, keep what was useful.",
        "button_label": "Ask for a conversation",
    },
)


def create(apps: Any, _schema_editor: Any) -> None:
    mails = apps.get_model("funnel", "SequenceMail").objects
    for mail in MAILS:
        mails.create(**mail)
    statements = apps.get_model("funnel", "CycleStatement").objects
    leads = apps.get_model("funnel", "Lead").objects
    known = leads.filter(confirmed_at__isnull=False, current_cycle__isnull=False)
    for lead in known.iterator():
        statements.create(
            lead=lead, cycle_id=lead.current_cycle_id, source="stated", at=lead.confirmed_at
        )


class Migration(migrations.Migration):
    dependencies = [("funnel", "0005_the_whole_path")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
