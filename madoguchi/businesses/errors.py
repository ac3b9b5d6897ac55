"""What can go wrong with businesses."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import Conflict, DomainError


class FieldsInvalid(DomainError):
    """Values that cannot be kept; `wrong` holds a sentence for each field."""

    code = "businesses.fields_invalid"
    sentence = _("入力を確かめてください。")

    def __init__(self, wrong: Mapping[str, str | Promise]) -> None:
        """Take the sentences by the name of the field."""
        self.wrong = dict(wrong)
        super().__init__()


class AlreadyOnBooks(DomainError):
    """The business is on the books of this organisation; `key` leads to it."""

    code = "businesses.already_on_books"
    sentence = _("この法人番号の事業者は、すでに名簿にあります。")

    def __init__(self, key: str) -> None:
        """Take the key of the business that is there."""
        self.key = key
        super().__init__()


class RegisteredElsewhere(DomainError):
    """The business is registered, but nobody here may see it: all that may be said is this sentence."""

    code = "businesses.registered_elsewhere"
    sentence = _("登録があります。事業者の同意を得て、共有できます。")


class NothingToShare(DomainError):
    """No other organisation has such a business on its books."""

    code = "businesses.nothing_to_share"
    sentence = _("登録がみつかりません。新しい事業者として登録してください。")


class ConsentMissing(DomainError):
    """Sharing needs the business's consent: who gave it, and how."""

    code = "businesses.consent_missing"
    sentence = _("同意した人と、同意の得かたを入力してください。")


class ChangedMeanwhile(Conflict):
    """Somebody else changed the business since the person looked at it."""

    code = "businesses.changed_meanwhile"
    sentence = _("ほかの方が先に更新しました。新しい内容とあなたの入力をくらべて、もう一度保存してください。")


class CannotMerge(DomainError):
    """These two records are not to be joined; the sentence says why."""

    code = "businesses.cannot_merge"
    sentence = _("この2つの記録は、統合できません。")


class MandateInvalid(DomainError):
    """A member or mandate that cannot be; `field` is where the mistake is."""

    code = "businesses.mandate_invalid"
    sentence = _("委任の内容を確かめてください。")

    def __init__(self, field: str, sentence: str | Promise) -> None:
        """Take the field of the form and the sentence."""
        self.field = field
        super().__init__(sentence)


class InvitationUnusable(DomainError):
    """The link was used, withdrawn, has run out, or is for another mail address: one sentence for all."""

    code = "businesses.invitation_unusable"
    sentence = _("この招待は使えません。期限が切れたか、取り消されたか、別のメールアドレスあてのものです。")


class LastOwner(DomainError):
    """A business needs somebody who may let others in."""

    code = "businesses.last_owner"
    sentence = _("代表・事業主が一人もいなくなります。先に、ほかの代表・事業主を加えてください。")


class ListChanged(Conflict):
    """A list cannot be taken in as it was shown, or was taken in already."""

    code = "businesses.list_changed"
    sentence = _("名簿を取り込めませんでした。内容をもう一度確かめてください。")


class TooManyOwn(DomainError):
    """Somebody registers more businesses of their own than anybody has."""

    code = "businesses.too_many_own"
    sentence = _("これ以上は登録できません。窓口に相談してください。")


class PeriodTaken(DomainError):
    """There are figures of this period."""

    code = "businesses.period_taken"
    sentence = _("この決算日の数字は、すでに入っています。そちらを直してください。")


class NotTheOwner(DomainError):
    """Whoever asks for it does not own the business."""

    code = "businesses.not_the_owner"
    sentence = _("事業者の記録を消せるのは、代表・事業主だけです。")


class ConfirmationMissing(DomainError):
    """The record stands for one that a desk made, and no desk has seen who its owner is."""

    code = "businesses.confirmation_missing"
    sentence = _("窓口の記録と1つになっています。窓口で本人の確認を受けてから、消してください。")


class HasPeople(DomainError):
    """The business has an account of its own, with which it takes its data along itself."""

    code = "businesses.has_people"
    sentence = _("この事業者には利用者がいます。本人が「アカウント」の「自分の情報」から受け取れます。")
