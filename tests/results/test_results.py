"""Projects, their listings and repeats: money adds up, lists cost the same for one and twenty."""

import pytest
from django.db import IntegrityError, transaction

from madoguchi.catalogue.models import Programme
from madoguchi.results import documents, queries
from madoguchi.results.models import Listing, ListingRow, Policy, Project
from tests import minato
from tests.queries import cost

pytestmark = pytest.mark.django_db


def project(slug, **columns):
    least = {
        "name": slug,
        "fiscal_year": 2025,
        "cost_basis": "budget",
        "cost_yen": 1_000,
        "department": "課",
        "areas": ["000000"],
        "summary": "事業",
        "sources": [],
    }
    return Project.objects.create(slug=slug, **{**least, **columns})


@pytest.mark.parametrize("columns", [{"cost_yen": -1}, {"cost_basis": "guess"}])
def test_an_impossible_cost_is_refused(columns):
    with pytest.raises(IntegrityError), transaction.atomic():
        project("p", **columns)


def test_a_cost_that_is_not_stated_is_not_zero():
    assert project("p", cost_yen=None, cost_basis="not_stated").cost_yen is None


def test_a_listing_adds_up_what_it_prints():
    minato.loaded()
    by_code = {listing.code: listing for listing in queries.listings(fiscal_year=2025)}
    assert {code: row.printed_sum_yen for code, row in by_code.items()} == {
        "m1": 12_000_000,
        "m2": 15_500_000,
    }
    assert by_code["m2"].stated_subtotal_yen == 15_500_000
    assert list(queries.listings(fiscal_year=2024)) == []


def test_a_repeat_names_the_same_project_and_comes_last():
    minato.loaded()
    rows = queries.rows_of(Project.objects.get(slug="m-setsubi"))
    assert [(row.listing.code, row.is_repeat, row.policies) for row in rows] == [
        ("m1", False, ["m1"]),
        ("m2", True, None),
    ]


def test_policies_keep_the_order_of_the_ordinance():
    minato.loaded()
    assert [str(policy) for policy in queries.policies()] == ["① 経営の力", "② 売り先"]


def test_the_projects_that_pay_for_a_programme_are_found():
    minato.loaded()
    programme = Programme.objects.get(slug="setsubi-hojo")
    assert [row.slug for row in queries.projects_of(programme)] == ["m-setsubi"]
    assert queries.projects_of(Programme.objects.get(slug="keiei-sodan")) == []


def test_reading_projects_costs_the_same_for_one_and_for_twenty():
    project("first")
    few = cost(documents.documents)
    for number in range(20):
        project(f"p{number}")
    assert cost(documents.documents) == few


def test_reading_listings_costs_the_same_for_one_and_for_twenty():
    policy = Policy.objects.create(
        code="m1",
        mark="①",
        title="t",
        short="s",
        summary="s",
        position=0,
        ordinance="o",
        article="a",
        source={},
    )

    def listing(code):
        row = Listing.objects.create(code=code, fiscal_year=2025, source={})
        row.policies.add(policy)
        ListingRow.objects.create(listing=row, number=1, project=project(f"of-{code}"), printed_cost_yen=1)

    def read():
        return [
            ([row.project.name for row in listing.rows.all()], [p.short for p in listing.policies.all()])
            for listing in queries.listings()
        ]

    listing("first")
    few = cost(read)
    for number in range(20):
        listing(f"l{number}")
    assert cost(read) == few


def test_a_project_card_shows_cost_and_basis():
    project("p")
    (document,) = documents.documents(["p"])
    assert (document.payload["cost_yen"], document.payload["cost_basis"]) == (1_000, "予算")
