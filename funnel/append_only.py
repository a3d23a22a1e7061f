"""Triggers that hold append-only tables, on SQLite and PostgreSQL alike.

A table of `PERMITTED` opens for one lead while that lead's `ErasurePermit` exists in the same
transaction; a table of `FOREVER` keeps its rows, and all but the columns named stay as written.
Migrations install them; nothing else has a reason to call this. SQLite makes a changed table anew,
without its triggers: a migration that changes one of these takes them off first and puts them back.
"""

from collections.abc import Iterable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PERMITTED = (
    "funnel_optin",
    "funnel_consent",
    "funnel_syncattempt",
    "funnel_cyclestatement",
    "funnel_assessmentresult",
)
FIRST_TABLES = (*PERMITTED[:3], "funnel_consentwording", "funnel_suppression")
FOREVER = {
    "funnel_consentwording": (),
    "funnel_suppression": ("lifted_at", "lifted_by_id"),
    "funnel_assessmentversion": (),
}
COLUMNS_OF = {
    "funnel_assessmentversion": ("assessment_id", "number", "content", "published_at"),
    "funnel_consentwording": ("digest", "mode", "promise", "letters_label", "first_used_at"),
    "funnel_suppression": ("address_hash", "reason", "source", "at"),
}


def _condition(table: str) -> str:
    if table in PERMITTED:
        return "NOT EXISTS (SELECT 1 FROM funnel_erasurepermit WHERE lead_id = OLD.lead_id)"
    return "TRUE"


def _changes(table: str) -> str:
    if table in PERMITTED:
        return _condition(table)
    columns = COLUMNS_OF[table]
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


EVERY_TABLE = (*PERMITTED, *FOREVER)


def install(
    schema_editor: BaseDatabaseSchemaEditor, *, tables: Iterable[str] = EVERY_TABLE
) -> None:
    """Create the triggers; both engines refuse with the table's name and the word append-only."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table in tables:
        for verb, condition in (("UPDATE", _changes(table)), ("DELETE", _condition(table))):
            name = f"{table}_no_{verb.lower()}"
            if sqlite:
                condition = condition.replace("IS DISTINCT FROM", "IS NOT")
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
            else:
                returned = "NEW" if verb == "UPDATE" else "OLD"
                schema_editor.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"IF {condition} THEN RAISE EXCEPTION '{table} is append-only' "
                    "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                    f"RETURN {returned}; END $$"
                )
                schema_editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {name}()"
                )


def uninstall(
    schema_editor: BaseDatabaseSchemaEditor, *, tables: Iterable[str] = EVERY_TABLE
) -> None:
    """Drop the triggers again, for a migration that goes back or changes a table."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for table in tables:
        for verb in ("update", "delete"):
            name = f"{table}_no_{verb}"
            if sqlite:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
