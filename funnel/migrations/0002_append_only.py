"""Hold the append-only tables in the database itself."""

from typing import Any

from django.db import migrations

from funnel import append_only


def install(_apps: Any, schema_editor: Any) -> None:
    append_only.install(schema_editor, tables=append_only.FIRST_TABLES)


def uninstall(_apps: Any, schema_editor: Any) -> None:
    append_only.uninstall(schema_editor, tables=append_only.FIRST_TABLES)


class Migration(migrations.Migration):
    dependencies = [("funnel", "0001_initial")]

    operations = [migrations.RunPython(install, uninstall)]
