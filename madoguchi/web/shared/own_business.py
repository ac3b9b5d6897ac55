"""The business that an address names, for who acts for it."""

from django.http import Http404, HttpRequest

from madoguchi.businesses import queries
from madoguchi.businesses.models import Business, BusinessMember
from madoguchi.web.shared.hats import worn_by


def own(request: HttpRequest, key: str) -> tuple[Business, BusinessMember]:
    """One's own business of a key, and as what one acts for it; another's and nobody's are a 404."""
    hat = worn_by(request)
    business = Business.objects.of_person(hat.user_id, at=hat.at).filter(key=key).first()
    member = queries.membership_of(business, hat.user_id, at=hat.at) if business else None
    if business is None or member is None:
        raise Http404
    return business, member
