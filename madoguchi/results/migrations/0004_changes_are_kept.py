"""The database itself refuses to rewrite the history of a value.

SQLite gets no DELETE trigger: Django empties the tables with DELETE between transactional tests
(PostgreSQL uses TRUNCATE, which a row trigger lets pass).
"""

from django.db import migrations

TABLE = "results_valuechange"


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        )
        return
    schema_editor.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION foundation_refuse_rewriting()"
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TABLE}_no_update")
        return
    schema_editor.execute(f"DROP TRIGGER {TABLE}_append_only ON {TABLE}")


class Migration(migrations.Migration):
    dependencies = [
        ("foundation", "0002_append_only"),
        ("results", "0003_annual_report"),
    ]
    operations = [migrations.RunPython(install, remove)]
