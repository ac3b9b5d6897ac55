"""The database itself refuses to rewrite the audit.

SQLite gets no DELETE trigger: Django empties the tables with DELETE between transactional tests
(PostgreSQL uses TRUNCATE, which a row trigger lets pass). A deletion is found by the seals.
"""

from django.db import migrations

TABLES = ("foundation_auditevent", "foundation_auditseal")


def _sqlite(table):
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ]


def _postgresql(table):
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION foundation_refuse_rewriting()",
    ]


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION foundation_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
            params=None,  # the percent sign is meant for the database
        )
        statements = _postgresql
    else:
        statements = _sqlite
    for table in TABLES:
        for statement in statements(table):
            schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION foundation_refuse_rewriting() CASCADE")
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TRIGGER {table}_no_update")


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
