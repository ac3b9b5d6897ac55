"""Triggers: a published rule set keeps its content for ever; only its end may be noted, once.

SQLite gets no DELETE trigger: Django empties the tables with DELETE between transactional tests
(PostgreSQL uses TRUNCATE, which a row trigger lets pass).
"""

from django.db import migrations

KEPT = ("id", "programme_id", "fiscal_year", "revision", "document", "content_hash", "published_at")
SENTENCE = "a published rule set never changes: publish a new revision"


def install(apps, schema_editor):
    columns = ", ".join(f'"{column}"' for column in KEPT)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER eligibility_ruleset_kept BEFORE UPDATE OF {columns} ON eligibility_ruleset "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        schema_editor.execute(
            "CREATE TRIGGER eligibility_ruleset_ended BEFORE UPDATE OF ended_at ON eligibility_ruleset "
            f"WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        return
    schema_editor.execute(
        "CREATE FUNCTION eligibility_ruleset_kept() RETURNS trigger AS $$ BEGIN "
        f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql"
    )
    schema_editor.execute(
        f"CREATE TRIGGER eligibility_ruleset_kept BEFORE DELETE OR UPDATE OF {columns} ON eligibility_ruleset "
        "FOR EACH ROW EXECUTE FUNCTION eligibility_ruleset_kept()"
    )
    schema_editor.execute(
        "CREATE TRIGGER eligibility_ruleset_ended BEFORE UPDATE OF ended_at ON eligibility_ruleset "
        "FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION eligibility_ruleset_kept()"
    )


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    on = "" if vendor == "sqlite" else " ON eligibility_ruleset"
    schema_editor.execute(f"DROP TRIGGER eligibility_ruleset_kept{on}")
    schema_editor.execute(f"DROP TRIGGER eligibility_ruleset_ended{on}")
    if vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION eligibility_ruleset_kept()")


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
