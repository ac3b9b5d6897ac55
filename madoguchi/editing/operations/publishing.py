"""Making a draft public: at once, through a second person, or at an instant; and undoing it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.accounts.hats import Hat
from madoguchi.catalogue import operations as catalogue
from madoguchi.catalogue.models import Edition, Origin, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.editing import checking, rules
from madoguchi.editing.errors import (
    NotAllowed,
    NothingChanged,
    NotReady,
    PublishedMeanwhile,
    ReasonMissing,
    WrongMoment,
)
from madoguchi.editing.models import Draft
from madoguchi.editing.operations.moving import move, say
from madoguchi.editing.operations.writing import programme_slug, require
from madoguchi.editing.queries import may_write, needs_second, published_edition, standing
from madoguchi.editing.states import DraftState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict
from madoguchi.institutions.models import Organisation
from madoguchi.packs import schema
from madoguchi.packs.load_catalogue import content_of
from madoguchi.packs.sync import digest
from madoguchi.packs.written import document_of, with_rows


def ready(draft: Draft) -> schema.Edition:
    """What a draft would publish: its document, said by its institution. Raises NotReady."""
    said = {**draft.document, "written_by": written_by(draft)}
    if found := checking.problems(said):
        raise NotReady(found)
    return schema.Edition.model_validate(said)


def written_by(draft: Draft) -> dict[str, str]:
    """Who states what a draft says, with their own page where the draft names one."""
    page = draft.document.get("written_by", {}).get("page", "")
    return {"organisation": draft.organisation.slug, **({"page": page} if page else {})}


def hand_on(
    *,
    draft: Draft,
    version: int,
    hat: Hat,
    at: datetime,
    publish_at: datetime | None = None,
    expire_at: datetime | None = None,
) -> None:
    """What the author does with a finished draft: publish it, plan it, or ask for the second person.

    Raises NotAllowed, NotReady, WrongMoment, PublishedMeanwhile, NothingChanged, Conflict."""
    stands = standing(hat, draft)
    require(rules.can_write(stands))
    ready(draft)
    if (publish_at and publish_at <= at) or (expire_at and expire_at <= (publish_at or at)):
        raise WrongMoment
    planned = {"publish_at": publish_at, "expire_at": expire_at, "changed_at": at}
    with transaction.atomic():
        if stands.needs_second:
            move(draft, DraftState.WAITING, version=version, **planned)
            say("draft_handed_over", draft, at=at, by=hat.as_actor())
        else:
            _publish_or_plan(draft, version=version, at=at, by=hat.as_actor(), **planned)


def approve(*, draft: Draft, version: int, hat: Hat, at: datetime) -> None:
    """Approve what a colleague wrote: it is published, or planned for its instant.

    Raises NotAllowed (the author approves nothing of their own), NotReady, WrongMoment when its planned end
    is over, PublishedMeanwhile, Conflict."""
    require(rules.can_approve(standing(hat, draft)))
    ready(draft)
    if draft.expire_at and draft.expire_at <= at:
        raise WrongMoment
    with transaction.atomic():
        _publish_or_plan(
            draft,
            version=version,
            at=at,
            by=hat.as_actor(),
            publish_at=draft.publish_at,
            expire_at=draft.expire_at,
            approved_by_id=str(hat.user_id),
            approved_by_label=hat.label,
        )


def give_back(*, draft: Draft, version: int, hat: Hat, at: datetime, why: str = "") -> None:
    """Return a draft to be written: by the second person with a word, by its author without one.

    Raises NotAllowed, ReasonMissing, Conflict."""
    stands = standing(hat, draft)
    require(rules.can_return(stands))
    if not stands.has_written and not why.strip():
        raise ReasonMissing
    with transaction.atomic():
        move(draft, DraftState.WRITING, version=version, returned=why.strip()[:500], changed_at=at)
        say("draft_returned", draft, at=at, by=hat.as_actor())


def _publish_or_plan(draft: Draft, *, version: int, at: datetime, by: audit.Actor, **columns: object) -> None:
    if _is_later(columns.get("publish_at"), at):
        _require_unchanged(draft)
        move(draft, DraftState.PLANNED, version=version, **columns)
        say("draft_planned", draft, at=at, by=by)
    else:
        publish(draft, version=version, at=at, by=by, **columns)


def _is_later(moment: object, at: datetime) -> bool:
    return isinstance(moment, datetime) and moment > at


def publish(draft: Draft, *, version: int, at: datetime, by: audit.Actor, **columns: object) -> Edition:
    """Publish a draft, in the transaction of its move.

    Raises NotReady, PublishedMeanwhile, NothingChanged, Conflict."""
    said = ready(draft)
    programme = draft.programme or _new_programme(draft, said)
    _require_unchanged(draft)
    edition = catalogue.publish(
        programme=programme,
        fiscal_year=draft.fiscal_year,
        content=content_of(said),
        at=at,
        by=by,
        origin=Origin(kind=Origin.Kind.DESK, organisation=draft.organisation),
    )
    if edition is None:
        raise NothingChanged
    move(
        draft,
        DraftState.PUBLISHED,
        version=version,
        **{**columns, "programme": programme, "edition": edition, "changed_at": at},
    )
    say("draft_published", draft, at=at, by=by, edition=edition.pk)
    return edition


def _require_unchanged(draft: Draft) -> None:
    """That the edition which the draft replaces is the one its author saw."""
    if draft.programme is None:
        return
    if _public_now(draft.programme, draft.fiscal_year) != draft.seen_id:
        raise PublishedMeanwhile


def _public_now(programme: Programme, fiscal_year: int) -> int | None:
    """The number of the edition that is public; with the programme's row locked two cannot both find it."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    now = published_edition(programme, fiscal_year)
    return now.pk if now else None


def _new_programme(draft: Draft, said: schema.Edition) -> Programme:
    """The identity of a programme that is published for the first time, as a pack would have made it."""
    slug = programme_slug(draft.organisation)
    record = schema.Programme(slug=slug, name=said.name, editions=[said])
    return Programme.objects.create(
        slug=slug,
        name=said.name,
        content_hash=digest("programme", record.model_copy(update={"editions": []})),
    )


@transaction.atomic
def bring_back(*, edition: Edition, seen_id: int | None, hat: Hat, at: datetime) -> Edition:
    """Publish once more what an earlier revision said, in place of the edition that was seen to be public.

    Raises NotAllowed (also where a second person is wanted: the way there is a draft), NothingChanged, and
    Conflict when another one is public by now."""
    organisation = _require_programme(hat, edition.programme)
    require(rules.SECOND_PERSON if needs_second(organisation.pk) else None)
    if _public_now(edition.programme, edition.fiscal_year) != seen_id:
        raise Conflict
    [fetched] = with_rows(Edition.objects.filter(pk=edition.pk))
    again = catalogue.publish(
        programme=edition.programme,
        fiscal_year=edition.fiscal_year,
        content=content_of(schema.Edition.model_validate(document_of(fetched))),
        at=at,
        by=hat.as_actor(),
        origin=Origin(kind=Origin.Kind.DESK, organisation=organisation),
    )
    if again is None:
        raise NothingChanged
    return again


def take_off(*, edition: Edition, hat: Hat, at: datetime) -> None:
    """Take the public edition of a year off the site. Raises NotAllowed, Conflict."""
    organisation = _require_programme(hat, edition.programme)
    if edition.state != EditionState.PUBLISHED:
        raise NotAllowed(_(rules.NOT_PUBLISHED))
    with transaction.atomic():
        catalogue.withdraw(edition=edition, at=at, by=hat.as_actor())
        # A pack or a feed that still has the edition does not bring it back: the desk said otherwise since.
        Origin.objects.update_or_create(
            edition=edition, defaults={"kind": Origin.Kind.DESK, "organisation": organisation, "feed": ""}
        )


def _require_programme(hat: Hat, programme: Programme) -> Organisation:
    """The organisation in whose name somebody acts on a programme. Raises NotAllowed."""
    require(None if may_write(hat, programme) and hat.organisation_id else rules.NOT_YOURS)
    return Organisation.objects.get(pk=hat.organisation_id or 0)
