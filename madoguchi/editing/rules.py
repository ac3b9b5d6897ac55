"""Who may write, approve and publish: each function returns why not, or nothing."""

from dataclasses import dataclass

from madoguchi.editing.states import DraftState
from madoguchi.foundation.words import gettext_noop

NOT_YOURS = gettext_noop("この制度を書けるのは、制度をもつ機関と、実施する機関の担当だけです。")
NOT_BEING_WRITTEN = gettext_noop("いまは直せません。確認や予約を取り消してから、直してください。")
OWN_DRAFT = gettext_noop("自分が書いたものは、自分では確認できません。ほかの方に頼んでください。")
NOT_WAITING = gettext_noop("この下書きは、確認を待っていません。")
SECOND_PERSON = gettext_noop("この機関では、公開の前にほかの方の確認が要ります。確認を頼んでください。")
NOT_PUBLISHED = gettext_noop("公開している版ではありません。")


@dataclass(frozen=True)
class Standing:
    """What a rule has to know: whose programme it is, where the draft stands, and who acts.

    `has_written` also holds for whoever changed the draft last: two people, not two turns of one."""

    is_own: bool = False
    state: DraftState = DraftState.WRITING
    has_written: bool = False
    needs_second: bool = False


def can_write(standing: Standing) -> str | None:
    """Whether the draft may be changed."""
    if not standing.is_own:
        return NOT_YOURS
    return None if standing.state is DraftState.WRITING else NOT_BEING_WRITTEN


def can_publish(standing: Standing) -> str | None:
    """Whether its author may publish it without anybody else."""
    return can_write(standing) or (SECOND_PERSON if standing.needs_second else None)


def can_approve(standing: Standing) -> str | None:
    """Whether somebody may approve it: a colleague of the author, never the author."""
    if not standing.is_own:
        return NOT_YOURS
    if standing.state is not DraftState.WAITING:
        return NOT_WAITING
    return OWN_DRAFT if standing.has_written else None


def can_return(standing: Standing) -> str | None:
    """Whether it may go back to be written: by whoever approves, or by its author who thinks again."""
    if not standing.is_own:
        return NOT_YOURS
    return None if standing.state in (DraftState.WAITING, DraftState.PLANNED) else NOT_WAITING
