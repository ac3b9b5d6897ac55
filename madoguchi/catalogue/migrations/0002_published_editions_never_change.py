"""Triggers: a published edition keeps its content for ever; only its state may move on.

Frames, windows, contacts and roles are written with their edition and never rewritten.
"""

from django.db import migrations

CONTENT = (
    "programme_id", "fiscal_year", "revision", "published_at", "name", "kinds", "purposes", "stages", "uses",
    "industries", "areas", "audiences", "summary", "easy", "headline", "who", "where", "fee", "is_free", "visits",
    "requirements", "benefits", "steps", "documents", "links", "results", "notes", "keywords", "reception_mode",
    "reception_text", "sources", "content_hash",
)
CHILDREN = ("frame", "receptionwindow", "editioncontact", "editionrole")
SENTENCE = "a published edition never changes: publish a new revision"


def _columns():
    return ", ".join(f'"{column}"' for column in CONTENT)


def install(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER catalogue_edition_kept BEFORE UPDATE OF {_columns()} ON catalogue_edition "
            f"WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )
        for child in CHILDREN:
            schema_editor.execute(
                f"CREATE TRIGGER catalogue_{child}_kept BEFORE UPDATE ON catalogue_{child} "
                f"WHEN (SELECT state FROM catalogue_edition WHERE id = OLD.edition_id) <> 'draft' "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )
        return
    schema_editor.execute(
        "CREATE FUNCTION catalogue_edition_kept() RETURNS trigger AS $$ BEGIN "
        f"IF OLD.state <> 'draft' THEN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    schema_editor.execute(
        f"CREATE TRIGGER catalogue_edition_kept BEFORE UPDATE OF {_columns()} ON catalogue_edition "
        "FOR EACH ROW EXECUTE FUNCTION catalogue_edition_kept()"
    )
    schema_editor.execute(
        "CREATE FUNCTION catalogue_child_kept() RETURNS trigger AS $$ BEGIN "
        "IF (SELECT state FROM catalogue_edition WHERE id = OLD.edition_id) <> 'draft' THEN "
        f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    for child in CHILDREN:
        schema_editor.execute(
            f"CREATE TRIGGER catalogue_{child}_kept BEFORE UPDATE ON catalogue_{child} "
            "FOR EACH ROW EXECUTE FUNCTION catalogue_child_kept()"
        )


def remove(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for table in ("edition", *CHILDREN):
        on = "" if vendor == "sqlite" else f" ON catalogue_{table}"
        schema_editor.execute(f"DROP TRIGGER catalogue_{table}_kept{on}")
    if vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION catalogue_edition_kept()")
        schema_editor.execute("DROP FUNCTION catalogue_child_kept()")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
