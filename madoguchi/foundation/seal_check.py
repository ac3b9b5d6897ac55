"""Checks the audit against its seals and the file of heads, and names what was tampered with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from madoguchi.foundation import sealer
from madoguchi.foundation.audit import SEAL_TOPIC
from madoguchi.foundation.models import AuditEvent, AuditSeal, OutboxEntry


class Kind(StrEnum):
    """What was found."""

    EDITED = "edited"
    SWAPPED = "swapped"
    DELETED = "deleted"
    INSERTED = "inserted"
    RESEALED = "resealed"
    TRUNCATED = "truncated"
    UNANCHORED = "unanchored"


@dataclass(frozen=True)
class Finding:
    """One trace of tampering: what kind, and at which event and place of the chain."""

    kind: Kind
    event_id: int | None = None
    position: int | None = None

    @property
    def sentence(self) -> str:
        """What an operator reads."""
        return {
            Kind.EDITED: _("記録 %(event)s の内容が、封印のあとで書き換えられています。"),
            Kind.SWAPPED: _("記録 %(event)s の内容が、ほかの記録と入れ替えられています。"),
            Kind.DELETED: _("記録 %(event)s が削除されています。"),
            Kind.INSERTED: _("記録 %(event)s は、正規の手順を通らずに追加されています。"),
            Kind.RESEALED: _("封印の %(position)s 番目が書き換えられているか、その前が抜けています。"),
            Kind.TRUNCATED: _("封印の %(position)s 番目までの控えがありますが、末尾が切り取られています。"),
            Kind.UNANCHORED: _("封印の控えのファイルがないか、読めない行があります。"),
        }[self.kind] % {"event": self.event_id, "position": self.position}


@dataclass
class _Anchors:
    """The heads that were written to the file."""

    heads: dict[int, str] = field(default_factory=dict)
    is_damaged: bool = False


def verify() -> list[Finding]:
    """Return every trace of tampering; an empty list means that the sealed record is whole.

    Safe while people work: the file is read before the chain, so a later sealing is no finding.
    """
    anchors = _read_anchors(sealer.heads_file())
    findings = [*_slipped_in(), *_chain(anchors.heads)]
    if anchors.is_damaged or (not anchors.heads and AuditSeal.objects.exists()):
        findings.append(Finding(Kind.UNANCHORED))
    return findings


def _read_anchors(path: Path) -> _Anchors:
    anchors = _Anchors()
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return anchors
    for line in lines:
        match line.split(" "):
            case [position, head, _at] if position.isdecimal() and len(head) == len(sealer.START):
                anchors.heads[int(position)] = head
            case _:
                anchors.is_damaged = True
    return anchors


def _slipped_in() -> Iterator[Finding]:
    """Events that are neither sealed nor waiting to be. One statement: a sealing in between is no finding."""
    unknown = (
        AuditEvent.objects.annotate(as_key=Cast("pk", CharField()))
        .exclude(Exists(AuditSeal.objects.filter(event_id=OuterRef("pk"))))
        .exclude(Exists(OutboxEntry.objects.filter(topic=SEAL_TOPIC, key=OuterRef("as_key"))))
    )
    for event_id in unknown.order_by("pk").values_list("pk", flat=True).iterator():
        yield Finding(Kind.INSERTED, event_id=event_id)


def _chain(anchored: dict[int, str]) -> Iterator[Finding]:
    head, position = sealer.START, 0
    changed: dict[int, tuple[str, str]] = {}
    for seal, event in _sealed():
        expected = sealer.next_head(head, position=position + 1, event_id=seal.event_id, digest=seal.digest)
        heads = {seal.head, expected, anchored.get(seal.position, expected)}
        if seal.position != position + 1 or len(heads) > 1:
            yield Finding(Kind.RESEALED, event_id=seal.event_id, position=seal.position)
        if event is None:
            yield Finding(Kind.DELETED, event_id=seal.event_id, position=seal.position)
        elif (digest := sealer.digest_of(event)) != seal.digest:
            changed[event.pk] = (seal.digest, digest)
        head, position = seal.head, seal.position
    yield from _changes(changed)
    if anchored and max(anchored) > position:
        yield Finding(Kind.TRUNCATED, position=max(anchored))


def _sealed() -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    position = 0
    while seals := list(AuditSeal.objects.filter(position__gt=position).order_by("position")[: sealer.BATCH]):
        events = AuditEvent.objects.in_bulk([seal.event_id for seal in seals])
        for seal in seals:
            yield seal, events.get(seal.event_id)
        position = seals[-1].position


def _changes(changed: dict[int, tuple[str, str]]) -> Iterator[Finding]:
    """Tell events that say something new from those that say what another one said."""
    said_by = {sealed: event_id for event_id, (sealed, _now) in changed.items()}
    for event_id, (sealed, now) in changed.items():
        other = said_by.get(now)
        is_swapped = other is not None and changed[other][1] == sealed
        yield Finding(Kind.SWAPPED if is_swapped else Kind.EDITED, event_id=event_id)
