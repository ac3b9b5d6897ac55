"""Triggers: an edition that is no draft gains and loses no rows, and its state only moves on.

SQLite gets no DELETE triggers: Django empties the tables with DELETE between transactional tests
(PostgreSQL uses TRUNCATE, which a row trigger lets pass).
"""

from django.db import migrations

CHILDREN = ("frame", "receptionwindow", "editioncontact", "editionrole")
MOVES = (("draft", "published"), ("published", "superseded"), ("published", "withdrawn"))
SENTENCE = "a published edition never changes: publish a new revision"
ALLOWED = " OR ".join(f"(OLD.state = '{old}' AND NEW.state = '{new}')" for old, new in MOVES)
# Once it is no draft, the time of its end is written by the move that ends it, and by nothing else.
REFUSED = (
    f"(OLD.state <> NEW.state AND NOT ({ALLOWED})) "
    "OR (OLD.state = NEW.state AND OLD.state <> 'draft' AND OLD.ended_at IS {differs} NEW.ended_at)"
)


def _sqlite():
    yield (
        "CREATE TRIGGER catalogue_edition_moved BEFORE UPDATE OF state, ended_at ON catalogue_edition "
        f"WHEN {REFUSED.format(differs='NOT')} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    )
    for child in CHILDREN:
        for name, event in (("added", "INSERT"), ("moved", "UPDATE OF edition_id")):
            # IS NOT: also without an edition, which could be inserted afterwards.
            yield (
                f"CREATE TRIGGER catalogue_{child}_{name} BEFORE {event} ON catalogue_{child} "
                "WHEN (SELECT state FROM catalogue_edition WHERE id = NEW.edition_id) IS NOT 'draft' "
                f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            )


def _postgresql():
    refuse = f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
    yield (
        "CREATE FUNCTION catalogue_edition_moved() RETURNS trigger AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF OLD.state <> 'draft' THEN {refuse} RETURN OLD; END IF; "
        f"IF {REFUSED.format(differs='DISTINCT FROM')} THEN {refuse} RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    yield (
        "CREATE TRIGGER catalogue_edition_moved BEFORE UPDATE OF state, ended_at OR DELETE ON catalogue_edition "
        "FOR EACH ROW EXECUTE FUNCTION catalogue_edition_moved()"
    )
    # FOR SHARE: who publishes the draft meanwhile waits for the row, or the row for them. A deleted row may
    # have lost its draft before it; an added one must have it.
    state = "(SELECT state FROM catalogue_edition WHERE id = {row}.edition_id FOR SHARE)"
    yield (
        "CREATE FUNCTION catalogue_child_of_draft() RETURNS trigger AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN IF {state.format(row='OLD')} <> 'draft' THEN {refuse} RETURN OLD; END IF; "
        f"IF {state.format(row='NEW')} IS DISTINCT FROM 'draft' THEN {refuse} RETURN NEW; END $$ LANGUAGE plpgsql"
    )
    for child in CHILDREN:
        yield (
            f"CREATE TRIGGER catalogue_{child}_whole BEFORE INSERT OR DELETE OR UPDATE OF edition_id "
            f"ON catalogue_{child} FOR EACH ROW EXECUTE FUNCTION catalogue_child_of_draft()"
        )


def install(apps, schema_editor):
    statements = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgresql
    for statement in statements():
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION catalogue_edition_moved() CASCADE")
        schema_editor.execute("DROP FUNCTION catalogue_child_of_draft() CASCADE")
        return
    schema_editor.execute("DROP TRIGGER catalogue_edition_moved")
    for child in CHILDREN:
        schema_editor.execute(f"DROP TRIGGER catalogue_{child}_added")
        schema_editor.execute(f"DROP TRIGGER catalogue_{child}_moved")


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_published_editions_never_change")]
    operations = [migrations.RunPython(install, remove)]
