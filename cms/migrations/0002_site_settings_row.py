"""The settings' single row: without it, the first visit to any page would write one."""

from typing import Any

from django.db import migrations


def create(apps: Any, _schema_editor: Any) -> None:
    site_settings = apps.get_model("cms", "SiteSettings").objects
    if not site_settings.exists():
        site_settings.create()


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
