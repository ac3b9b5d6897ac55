"""Basic policies, projects and their printed listings."""

from collections.abc import Mapping

from django.db.models import Q

from madoguchi.catalogue.models import Programme
from madoguchi.institutions.models import Unit
from madoguchi.packs import schema
from madoguchi.packs.pack import Pack
from madoguchi.packs.sync import Changes, Wanted, digest, drop, noting, plain, sync
from madoguchi.results import holding
from madoguchi.results.models import Listing, ListingRow, Policy, Project

# What a closed year's report prints of a project.
_PRINTED = ("fiscal_year", "name", "cost_yen", "cost_basis", "is_new", "department", "responsible")


def load(pack: Pack, changes: Changes) -> None:
    """Write everything of the results room."""
    with noting(changes, "policy", "policies", Policy):
        _policies(pack)
    _projects(pack, changes)
    _listings(pack, changes)


def drop_missing(pack: Pack, changes: Changes) -> None:
    """Remove the projects and policies that the pack no longer has.

    Projects made at the desk stay, and those of a closed year."""
    stay = {project.slug for project in pack.projects}
    of_the_desk = Project.objects.filter(content_hash="")
    stay |= set(of_the_desk.values_list("slug", flat=True))
    closed = Project.objects.filter(fiscal_year__in=holding.held_years()).exclude(slug__in=stay)
    for slug in closed.order_by("pk").values_list("slug", flat=True):
        changes.note(changes.kept, "project", slug)
        stay.add(slug)
    drop(Project, "project", stay, changes)
    codes = [policy.code for policy in pack.policies.policies] if pack.policies else []
    with noting(changes, "policy", "policies", Policy):
        Policy.objects.exclude(code__in=codes).delete()


def _policies(pack: Pack) -> None:
    if pack.policies is None:
        return
    # Positions are unique: make room before writing them anew.
    for position, row in enumerate(Policy.objects.order_by("position", "pk")):
        Policy.objects.filter(pk=row.pk).update(position=10_000 + position)
    for position, policy in enumerate(pack.policies.policies):
        Policy.objects.update_or_create(
            code=policy.code,
            defaults={
                **policy.model_dump(include={"mark", "title", "short", "summary"}),
                "position": position,
                "ordinance": pack.policies.ordinance,
                "article": pack.policies.article,
                "source": policy.source.model_dump(mode="json"),
            },
        )


def _projects(pack: Pack, changes: Changes) -> None:
    responsible = {row.project: row.responsible for row in pack.results if row.responsible}
    wanted = {project.slug: _project(project, responsible.get(project.slug, "")) for project in pack.projects}
    for slug in _kept(wanted):
        del wanted[slug]
        changes.note(changes.kept, "project", slug)
    touched = sync(Project, "project", wanted, changes)
    units = {row.slug: row for row in Unit.objects.all()}
    programmes = {row.slug: row for row in Programme.objects.all()}
    for project in pack.projects:
        if project.slug in touched:
            row = touched[project.slug]
            row.units.set(units[slug] for slug in project.units)
            row.programmes.set(programmes[slug] for slug in project.programmes)


def _project(project: schema.Project, responsible: str) -> Wanted:
    plain_columns = {
        "fiscal_year",
        "name",
        "breaks",
        "parts",
        "cost_basis",
        "cost_note",
        "department",
        "purposes",
        "industries",
        "areas",
        "summary",
        "keywords",
        "notes",
    }
    return Wanted(
        {
            **project.model_dump(include=plain_columns),
            "responsible": responsible,
            "cost_yen": None if project.cost_thousand_yen is None else project.cost_thousand_yen * 1000,
            "is_new": project.new,
            "sources": plain(project.sources),
        },
        digest("project", project, *filter(None, [responsible])),
    )


def _kept(wanted: Mapping[str, Wanted]) -> list[str]:
    """The projects that the desk edited, or a closed year's report prints, otherwise."""
    held = Q(fiscal_year__in=holding.held_years()) | Q(edited_at__isnull=False)
    rows = Project.objects.filter(held, slug__in=wanted)
    return [
        row.slug
        for row in rows
        if any(getattr(row, name) != wanted[row.slug].columns[name] for name in _PRINTED)
    ]


def _listings(pack: Pack, changes: Changes) -> None:
    """A listing that differs in anything gets its rows anew; those of the desk and of closed years stay."""
    there = {(row.code, row.fiscal_year): row for row in Listing.objects.all()}
    wanted = {(listing.code, listing.fiscal_year): listing for listing in pack.listings}
    held = holding.held_years()
    for key, row in there.items():
        if key not in wanted and row.content_hash:
            closed = row.fiscal_year in held
            if not closed:
                row.delete()
            changes.note(changes.kept if closed else changes.removed, "listing", row.code)
    policies = {row.code: row for row in Policy.objects.all()}
    projects = {row.slug: row for row in Project.objects.all()}
    elsewhere = _responsible_elsewhere(pack)
    for key, listing in wanted.items():
        known, others = there.get(key), elsewhere.get(listing.code, {})
        content_hash = digest("listing", listing, *(f"{slug} {text}" for slug, text in others.items()))
        if known and known.content_hash == content_hash:
            continue
        if known and (known.fiscal_year in held or not known.content_hash):
            changes.note(changes.kept, "listing", listing.code)
            continue
        changes.note(changes.changed if known else changes.added, "listing", listing.code)
        row = known or Listing(code=listing.code, fiscal_year=listing.fiscal_year)
        row.content_hash = content_hash
        _write_listing(row, listing, policies, projects, others)


def _responsible_elsewhere(pack: Pack) -> dict[str, dict[str, str]]:
    """For each list the projects whose page names another 課 there."""
    found: dict[str, dict[str, str]] = {}
    for result in pack.results:
        for code, text in result.responsible_elsewhere.items():
            found.setdefault(code, {})[result.project or ""] = text
    return found


def _write_listing(
    row: Listing,
    listing: schema.Listing,
    policies: Mapping[str, Policy],
    projects: Mapping[str, Project],
    responsible: Mapping[str, str],
) -> None:
    stated = listing.stated_subtotal_thousand_yen
    row.stated_subtotal_yen = None if stated is None else stated * 1000
    row.source = listing.source.model_dump(mode="json")
    row.save()
    row.rows.all().delete()
    row.policies.set(policies[code] for code in listing.policies)
    ListingRow.objects.bulk_create(
        ListingRow(
            listing=row,
            number=item.no,
            project=projects[item.project],
            printed_name=item.printed_name,
            printed_department=item.printed_department,
            printed_responsible=responsible.get(item.project, ""),
            printed_cost_yen=item.printed_cost_thousand_yen * 1000,
            is_new=item.new,
            is_repeat=item.repeat,
            policies=item.policies,
            page=item.page,
        )
        for item in listing.rows
    )
