"""Basic policies, projects and their printed listings."""

from madoguchi.catalogue.models import Programme
from madoguchi.institutions.models import Unit
from madoguchi.packs import schema
from madoguchi.packs.pack import Pack
from madoguchi.packs.sync import Changes, Wanted, digest, drop, noting, plain, sync
from madoguchi.results.models import Listing, ListingRow, Policy, Project


def load(pack: Pack, changes: Changes) -> None:
    """Write everything of the results room."""
    with noting(changes, "policy", "policies", Policy):
        _policies(pack)
    _projects(pack, changes)
    _listings(pack, changes)


def drop_missing(pack: Pack, changes: Changes) -> None:
    """Remove the projects and policies that the pack no longer has."""
    drop(Project, "project", [project.slug for project in pack.projects], changes)
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
    wanted = {
        project.slug: Wanted(
            {
                **project.model_dump(
                    include={
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
                ),
                "cost_yen": None if project.cost_thousand_yen is None else project.cost_thousand_yen * 1000,
                "is_new": project.new,
                "sources": plain(project.sources),
            },
            digest("project", project),
        )
        for project in pack.projects
    }
    touched = sync(Project, "project", wanted, changes)
    units = {row.slug: row for row in Unit.objects.all()}
    programmes = {row.slug: row for row in Programme.objects.all()}
    for project in pack.projects:
        if project.slug in touched:
            row = touched[project.slug]
            row.units.set(units[slug] for slug in project.units)
            row.programmes.set(programmes[slug] for slug in project.programmes)


def _listings(pack: Pack, changes: Changes) -> None:
    """A listing that differs in anything is written anew with its rows."""
    there = {(row.code, row.fiscal_year): row for row in Listing.objects.all()}
    wanted = {(listing.code, listing.fiscal_year): listing for listing in pack.listings}
    for key, row in there.items():
        if key not in wanted:
            row.delete()
            changes.note(changes.removed, "listing", row.code)
    policies = {row.code: row for row in Policy.objects.all()}
    projects = {row.slug: row for row in Project.objects.all()}
    for key, listing in wanted.items():
        known = there.get(key)
        if known and known.content_hash == digest("listing", listing):
            continue
        if known:
            known.delete()
        changes.note(changes.changed if known else changes.added, "listing", listing.code)
        _write_listing(listing, policies, projects)


def _write_listing(
    listing: schema.Listing, policies: dict[str, Policy], projects: dict[str, Project]
) -> None:
    stated = listing.stated_subtotal_thousand_yen
    row = Listing.objects.create(
        code=listing.code,
        fiscal_year=listing.fiscal_year,
        stated_subtotal_yen=None if stated is None else stated * 1000,
        source=listing.source.model_dump(mode="json"),
        content_hash=digest("listing", listing),
    )
    row.policies.set(policies[code] for code in listing.policies)
    ListingRow.objects.bulk_create(
        ListingRow(
            listing=row,
            number=item.no,
            project=projects[item.project],
            printed_name=item.printed_name,
            printed_department=item.printed_department,
            printed_cost_yen=item.printed_cost_thousand_yen * 1000,
            is_new=item.new,
            is_repeat=item.repeat,
            policies=item.policies,
            page=item.page,
        )
        for item in listing.rows
    )
