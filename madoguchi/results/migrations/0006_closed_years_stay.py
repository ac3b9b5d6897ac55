"""Triggers: what the report of a closed year prints stays as it is, whoever writes and however.

Locked: nothing changes. Published: nothing but the figures, each with a reason in its history, written first.
A value stands in the report of its year and in the next one; one of no single year in all of its projects'.
The year itself only moves on, as `states.YEAR_MOVES` says.

SQLite gets no DELETE triggers: Django empties the tables with DELETE between transactional tests
(PostgreSQL uses TRUNCATE, which a row trigger lets pass).
"""

from django.db import migrations

CLOSED = "the report of this year is closed"
MOVED = "the report of a year only moves on"

# Table, the fiscal year of a row, and its columns that a report prints.
PRINTED = {
    "results_project": (
        "{row}.fiscal_year",
        ("fiscal_year", "name", "cost_yen", "cost_basis", "is_new", "department", "responsible"),
    ),
    "results_listing": ("{row}.fiscal_year", ("code", "fiscal_year", "stated_subtotal_yen")),
    "results_listingrow": (
        "(SELECT fiscal_year FROM results_listing WHERE id = {row}.listing_id)",
        (
            "listing_id", "number", "project_id", "printed_name", "printed_department", "printed_responsible",
            "printed_cost_yen", "is_new", "is_repeat", "policies", "page",
        ),
    ),
    "results_projectindicator": (
        "(SELECT fiscal_year FROM results_project WHERE id = {row}.project_id)",
        ("project_id", "indicator_id", "position", "printed_name", "in_report"),
    ),
    "results_narrative": (
        "(SELECT fiscal_year FROM results_project WHERE id = {row}.project_id)",
        ("project_id", "overview", "achievements", "state"),
    ),
    "results_introduction": (
        "(SELECT fiscal_year FROM results_listing WHERE id = {row}.listing_id)",
        ("listing_id", "blocks", "state"),
    ),
    "results_casestudy": (
        "{row}.fiscal_year",
        ("fiscal_year", "listing_id", "position", "title", "business", "paragraphs", "pictures", "captions", "state"),
    ),
}
VALUE = "results_indicatorvalue"
VALUE_COLUMNS = ("indicator_id", "fiscal_year", "period", "raw", "kind", "parts", "provisional", "note", "state")
NAME = "results_indicator"


def closed(year):
    return f"EXISTS (SELECT 1 FROM results_reportyear WHERE fiscal_year = {year} AND state <> 'open')"


def holding(row, state):
    """Whether a report in this state prints the value."""
    return (
        "EXISTS (SELECT 1 FROM results_projectindicator t JOIN results_project p ON p.id = t.project_id "
        f"JOIN results_reportyear y ON y.fiscal_year = p.fiscal_year WHERE t.indicator_id = {row}.indicator_id "
        f"AND t.in_report AND y.state {state} AND ({row}.fiscal_year IS NULL "
        f"OR {row}.fiscal_year = y.fiscal_year OR {row}.fiscal_year = y.fiscal_year - 1))"
    )


CORRECTED = (
    "NEW.version = OLD.version + 1 AND NEW.indicator_id = OLD.indicator_id "
    "AND EXISTS (SELECT 1 FROM results_valuechange WHERE value_id = OLD.id AND version = NEW.version AND reason <> '')"
)
NAME_HELD = (
    "EXISTS (SELECT 1 FROM results_projectindicator t JOIN results_project p ON p.id = t.project_id "
    "JOIN results_reportyear y ON y.fiscal_year = p.fiscal_year "
    "WHERE t.indicator_id = OLD.id AND t.in_report AND t.printed_name = '' AND y.state <> 'open')"
)
YEAR_REFUSED = (
    "NEW.fiscal_year <> OLD.fiscal_year OR (OLD.state <> NEW.state AND NOT ("
    "(OLD.state = 'open' AND NEW.state = 'locked') OR (OLD.state = 'locked' AND NEW.state = 'open') "
    "OR (OLD.state = 'locked' AND NEW.state = 'published')))"
)


def _columns(names):
    return ", ".join(f'"{name}"' for name in names)


def _value_refused(row):
    if row == "OLD":
        return f"{holding('OLD', '<> ' + chr(39) + 'open' + chr(39))}"
    locked, published = "= 'locked'", "= 'published'"
    return (
        f"{holding('OLD', locked)} OR {holding('NEW', locked)} "
        f"OR (({holding('OLD', published)} OR {holding('NEW', published)}) AND NOT ({CORRECTED}))"
    )


def _sqlite():
    def refuse(name, event, table, when, sentence=CLOSED):
        return f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"

    for table, (year, columns) in PRINTED.items():
        old, new = closed(year.format(row="OLD")), closed(year.format(row="NEW"))
        yield refuse(f"{table}_closed_add", "INSERT", table, new)
        yield refuse(f"{table}_closed", f"UPDATE OF {_columns(columns)}", table, f"{old} OR {new}")
    yield refuse(f"{VALUE}_closed_add", "INSERT", VALUE, holding("NEW", "<> 'open'"))
    yield refuse(f"{VALUE}_closed", f"UPDATE OF {_columns(VALUE_COLUMNS)}", VALUE, _value_refused("NEW"))
    yield refuse(f"{NAME}_closed", 'UPDATE OF "name"', NAME, NAME_HELD)
    yield refuse("results_reportyear_moved", "UPDATE", "results_reportyear", YEAR_REFUSED, MOVED)


def _postgresql():
    def function(name, body):
        return f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN {body} END $$ LANGUAGE plpgsql"

    def refuse(condition, sentence=CLOSED):
        raise_it = f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        return f"IF {condition} THEN {raise_it}"

    def trigger(name, events, table):
        return f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"

    # Who locks a year meanwhile waits for the row, or the row for them.
    wait = "PERFORM 1 FROM results_reportyear FOR SHARE; "
    for table, (year, columns) in PRINTED.items():
        old, new = closed(year.format(row="OLD")), closed(year.format(row="NEW"))
        name = f"{table}_closed"
        yield function(
            name,
            f"{wait} IF TG_OP <> 'INSERT' THEN {refuse(old)} END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; "
            f"{refuse(new)} RETURN NEW;",
        )
        yield trigger(name, f"INSERT OR DELETE OR UPDATE OF {_columns(columns)}", table)
    name = f"{VALUE}_closed"
    yield function(
        name,
        f"{wait} IF TG_OP = 'INSERT' THEN {refuse(holding('NEW', chr(60) + chr(62) + ' ' + repr('open')))} RETURN NEW; END IF; "
        f"IF TG_OP = 'DELETE' THEN {refuse(_value_refused('OLD'))} RETURN OLD; END IF; "
        f"{refuse(_value_refused('NEW'))} RETURN NEW;",
    )
    yield trigger(name, f"INSERT OR DELETE OR UPDATE OF {_columns(VALUE_COLUMNS)}", VALUE)
    name = f"{NAME}_closed"
    yield function(name, f"{wait} {refuse(NAME_HELD)} RETURN NEW;")
    yield trigger(name, 'UPDATE OF "name"', NAME)
    name = "results_reportyear_moved"
    yield function(
        name,
        f"IF TG_OP = 'DELETE' THEN {refuse('OLD.state <> ' + repr('open'), MOVED)} RETURN OLD; END IF; "
        f"{refuse(YEAR_REFUSED, MOVED)} RETURN NEW;",
    )
    yield trigger(name, "UPDATE OR DELETE", "results_reportyear")


def install(apps, schema_editor):
    statements = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgresql
    for statement in statements():
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    names = [f"{table}_closed" for table in (*PRINTED, VALUE, NAME)]
    if schema_editor.connection.vendor != "sqlite":
        for name in (*names, "results_reportyear_moved"):
            schema_editor.execute(f"DROP FUNCTION {name}() CASCADE")
        return
    for name in (*names, *(f"{table}_closed_add" for table in (*PRINTED, VALUE)), "results_reportyear_moved"):
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("results", "0005_headings_and_programmes")]
    operations = [migrations.RunPython(install, remove)]
