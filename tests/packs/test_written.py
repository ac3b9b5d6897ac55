"""What the catalogue holds is written as a pack writes it, and says the same."""

import pytest

from madoguchi.catalogue.models import Edition
from madoguchi.packs.built_in import BUILT_IN_PACKS
from madoguchi.packs.load_catalogue import content_of
from madoguchi.packs.written import edition_of, with_rows
from tests.minato import MINATO, loaded

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pack", [MINATO, BUILT_IN_PACKS / "aomori"], ids=["made up", "built in"])
def test_every_edition_of_a_pack_reads_back_as_it_was_written(pack):
    loaded(pack)
    editions = list(with_rows(Edition.objects.all()))
    assert editions
    differ = [
        str(edition)
        for edition in editions
        if content_of(edition_of(edition)).content_hash != edition.content_hash
    ]
    assert differ == []
