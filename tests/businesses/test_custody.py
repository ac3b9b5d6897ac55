import pytest

from madoguchi.businesses import queries
from madoguchi.businesses.choices import CustodyReason
from madoguchi.businesses.errors import ConsentMissing, NothingToShare
from madoguchi.businesses.models import Business, SearchKey
from madoguchi.businesses.operations.custody import release_custody, share_custody, take_custody
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat
from tests.businesses.conftest import ADVISER, AT, NUMBER

pytestmark = pytest.mark.django_db


def shared(organisation, *, consent_by="見本 太郎（代表）", consent_how="電話で", **found_by):
    return share_custody(
        organisation_id=organisation.pk,
        consent_by=consent_by,
        consent_how=consent_how,
        at=AT,
        by=ADVISER,
        **found_by,
    )


def test_with_consent_a_business_comes_onto_the_books_of_another(registered, ours, theirs, adviser):
    there = registered(theirs, corporate_number=NUMBER)
    assert shared(ours, corporate_number=NUMBER) == there
    custody = queries.custody_of(there, adviser.organisation_id)
    assert (custody.reason, custody.consent_by, custody.consent_how) == (
        "shared",
        "見本 太郎（代表）",
        "電話で",
    )
    assert set(Business.objects.visible_to(adviser)) == {there}


def test_name_and_telephone_together_find_it_too(registered, ours, theirs, adviser):
    there = registered(theirs, telephone="03-1234-5678")
    assert shared(ours, name="みほん商店㈱", telephone="（03）1234-5678") == there


@pytest.mark.parametrize(
    "found_by",
    [
        {"name": "みほん商店"},
        {"telephone": "03-1234-5678"},
        {"name": "みほん", "telephone": "03-1234-5678"},
        {"corporate_number": "5835678256247"},
        {},
    ],
)
def test_less_than_that_finds_nothing(registered, ours, theirs, found_by):
    registered(theirs, telephone="03-1234-5678")
    with pytest.raises(NothingToShare):
        shared(ours, **found_by)


@pytest.mark.parametrize("consent", [{"consent_by": "長" * 101}, {"consent_how": "長" * 201}])
def test_a_consent_longer_than_is_kept_is_refused(registered, ours, theirs, consent):
    registered(theirs, corporate_number=NUMBER)
    with pytest.raises(ConsentMissing, match="もっと短く"):
        shared(ours, corporate_number=NUMBER, **consent)


@pytest.mark.parametrize("consent", [{"consent_by": " "}, {"consent_how": ""}])
def test_without_consent_nothing_is_shared(registered, ours, theirs, consent, adviser):
    registered(theirs, corporate_number=NUMBER)
    with pytest.raises(ConsentMissing):
        shared(ours, corporate_number=NUMBER, **consent)
    assert not Business.objects.visible_to(adviser).exists()


def test_a_case_puts_the_business_onto_the_books_once(registered, ours, theirs):
    business = registered(theirs)
    taken = [
        take_custody(business=business, organisation_id=ours.pk, at=AT, by=ADVISER, reason=CustodyReason.CASE)
        for _ in range(2)
    ]
    assert taken[0] == taken[1]
    assert AuditEvent.objects.filter(action="businesses.custody_taken").count() == 1


def test_what_is_given_back_is_seen_and_found_no_more(registered, ours, adviser):
    business = registered()
    custody = queries.custody_of(business, ours.pk)
    for _ in range(2):
        release_custody(custody=custody, at=AT, by=ADVISER)
    assert not Business.objects.visible_to(adviser).exists()
    assert not SearchKey.objects.exists()
    assert AuditEvent.objects.filter(action="businesses.custody_released").count() == 1


def test_what_was_given_back_can_be_taken_again(registered, ours, adviser):
    business = registered()
    release_custody(custody=queries.custody_of(business, ours.pk), at=AT, by=ADVISER)
    take_custody(business=business, organisation_id=ours.pk, at=AT, by=ADVISER, reason=CustodyReason.CASE)
    assert [row.name for row in queries.search(adviser, "みほん")] == ["株式会社みほん商店"]


def test_giving_it_back_takes_nothing_from_others(registered, ours, theirs):
    business = registered(theirs)
    take_custody(business=business, organisation_id=ours.pk, at=AT, by=ADVISER, reason=CustodyReason.CASE)
    release_custody(custody=queries.custody_of(business, ours.pk), at=AT, by=ADVISER)
    hat = a_hat(at=AT, organisation=theirs)
    assert [row.name for row in queries.search(hat, "みほん")] == ["株式会社みほん商店"]
