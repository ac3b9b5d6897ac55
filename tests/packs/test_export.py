"""`pack export`: what was edited is written into the pack, and loading it again changes nothing."""

import shutil

import pytest
import yaml

from madoguchi.accounts.roles import Role
from madoguchi.catalogue.models import Edition, Origin
from madoguchi.catalogue.states import EditionState
from madoguchi.editing.operations import publishing, writing
from madoguchi.foundation.yaml_reader import read
from madoguchi.institutions.models import Organisation
from madoguchi.packs.built_in import BUILT_IN_PACKS
from madoguchi.packs.check import check
from madoguchi.packs.export import export
from madoguchi.packs.load import load
from tests import minato
from tests.accounts.people import a_hat
from tests.minato import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path):
    pack = minato.copied(tmp_path)
    minato.loaded(pack)
    return pack


@pytest.fixture
def manager():
    """Somebody who keeps the whole catalogue."""
    prefecture = Organisation.objects.get(kind="prefecture")
    return a_hat(at=AT, organisation=prefecture, role=Role.MANAGER)


def corrected(manager, slug="setsubi-hojo", **changes) -> Edition:
    public = Edition.objects.filter(programme__slug=slug, state=EditionState.PUBLISHED)
    edition = public.order_by("-fiscal_year").first()
    draft = writing.begin(hat=manager, fiscal_year=edition.fiscal_year, edition=edition, at=AT)
    told = {**draft.document, **changes}
    writing.write(draft=draft, document=told, version=draft.version, hat=manager, at=AT)
    publishing.hand_on(draft=draft, version=draft.version, hat=manager, at=AT)
    return draft.edition


def test_every_edition_of_the_built_in_pack_is_written_so_that_loading_changes_nothing(tmp_path):
    pack = shutil.copytree(BUILT_IN_PACKS / "aomori", tmp_path / "aomori")
    load(check(pack), at=AT)
    assert export(pack, everything=True).written == []  # Word for word the same already.
    for path in (pack / "programmes").glob("*.yaml"):
        head = {**read(path).data, "editions": []}
        path.write_text(yaml.safe_dump(head, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert len(export(pack, everything=True).written) > 100
    again = check(pack)
    assert again.problems == []
    assert not load(again, at=AT)


def test_what_was_corrected_is_written_and_becomes_the_packs(pack, manager):
    corrected(manager, who="県内の会社")
    assert export(pack).written == ["setsubi-hojo"]
    again = check(pack)
    assert again.problems == []
    changes = load(again, at=AT)
    assert not changes
    assert changes.kept == {}
    assert not Origin.objects.exists()


def test_without_the_export_the_load_says_what_it_keeps(pack, manager):
    corrected(manager, who="県内の会社")
    assert minato.loaded(pack).kept == {"programme": ["setsubi-hojo"]}


def test_a_programme_that_is_new_gets_a_file_of_its_own(pack, manager):
    draft = writing.begin(hat=manager, fiscal_year=2025, at=AT)
    told = {
        **draft.document,
        "name": "空き店舗補助金",
        "kinds": ["subsidy"],
        "areas": ["310000"],
        "summary": "空いた店を使う費用を補助します。",
        "easy": "空いたお店を使うお金をたします。",
        "reception": {"mode": "rolling"},
    }
    writing.write(draft=draft, document=told, version=draft.version, hat=manager, at=AT)
    publishing.hand_on(draft=draft, version=draft.version, hat=manager, at=AT)
    [slug] = export(pack).written
    again = check(pack)
    assert again.problems == []
    assert not load(again, at=AT)
    assert (pack / "programmes" / f"{slug}.yaml").is_file()


def test_what_was_taken_off_stays_off_and_is_left_out(pack, manager):
    edition = Edition.objects.get(programme__slug="senmonka-haken")
    publishing.take_off(edition=edition, hat=manager, at=AT)
    assert minato.loaded(pack).kept == {"programme": ["senmonka-haken"]}
    assert not Edition.objects.filter(programme__slug="senmonka-haken", state=EditionState.PUBLISHED).exists()
    assert export(pack).removed == ["senmonka-haken"]


def test_nothing_edited_writes_nothing(pack):
    told = export(pack)
    assert (told.written, told.removed) == ([], [])
