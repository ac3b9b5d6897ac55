"""Loading a pack and what desks published meanwhile: edits stay, and the load says so."""

from datetime import timedelta

import pytest

from madoguchi.catalogue import operations
from madoguchi.catalogue.models import Edition, Origin, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.foundation import audit
from madoguchi.packs.check import check
from madoguchi.packs.load import load
from madoguchi.packs.load_catalogue import content_of
from tests import minato

pytestmark = pytest.mark.django_db
SLUG = "setsubi-hojo"
LATER = minato.AT + timedelta(days=1)


@pytest.fixture
def edited(pack):
    """The newest edition, published at a desk with another sentence for whom it is."""
    minato.loaded(pack)
    publish_at_a_desk(pack, who="港町の小さな会社")
    return pack


def publish_at_a_desk(pack, **said):
    [programme] = [each for each in check(pack).programmes if each.slug == SLUG]
    newest = max(programme.editions, key=lambda edition: edition.fiscal_year)
    edition = newest.model_copy(update=said)
    operations.publish(
        programme=Programme.objects.get(slug=SLUG),
        fiscal_year=edition.fiscal_year,
        content=content_of(edition),
        at=LATER,
        by=audit.SYSTEM,
        origin=Origin(kind=Origin.Kind.DESK),
    )


def published():
    return Edition.objects.filter(state=EditionState.PUBLISHED, programme__slug=SLUG).latest("fiscal_year")


def test_a_load_leaves_what_a_desk_published_and_says_so(edited):
    changes = minato.loaded(edited, at=LATER)
    assert published().who == "港町の小さな会社"
    assert changes.kept == {"programme": [SLUG]}
    assert not changes


def test_a_load_may_replace_edits_when_told_so(edited):
    changes = load(check(edited), at=LATER, replacing_edits=True)
    assert published().who != "港町の小さな会社"
    assert changes.changed == {"programme": [SLUG]}


def test_a_pack_that_says_what_the_desk_wrote_takes_it_over(edited):
    minato.change(edited, f"programmes/{SLUG}.yaml", "県内の製造業の中小企業", "港町の小さな会社")
    assert not minato.loaded(edited, at=LATER)
    assert not Origin.objects.exists()


def test_an_edition_that_only_a_desk_published_outlives_a_load(edited):
    publish_at_a_desk(edited, fiscal_year=2031)
    assert minato.loaded(edited, at=LATER).removed == {}
    assert published().fiscal_year == 2031
