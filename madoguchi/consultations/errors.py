"""What can go wrong with a consultation, as somebody can act on it."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class NotAllowed(DomainError):
    """The person may see the case, but this is not theirs to do; the sentence says why."""

    code = "consultations.not_allowed"
    sentence = _("この操作は、あなたの立場ではできません。")


class WrongState(DomainError):
    """The involvement or case is not at the point where this can be done."""

    code = "consultations.wrong_state"
    sentence = _("この案件は、いまはその操作ができる状態ではありません。画面を読み込み直してください。")


class ReferralsOpen(DomainError):
    """Somebody was asked and has not answered: closing a case says what becomes of that."""

    code = "consultations.referrals_open"
    sentence = _("まだ返事のない引き継ぎがあります。取り下げるか、返事を待つかを選んでください。")


class ReasonMissing(DomainError):
    """A reason has to be given."""

    code = "consultations.reason_missing"
    sentence = _("理由を書いてください。")


class ConsentMissing(DomainError):
    """The business has not agreed that this is shared."""

    code = "consultations.consent_missing"
    sentence = _("事業者の同意がまだ記録されていません。同意を記録してから、引き継いでください。")


class PeriodReversed(DomainError):
    """The last day lies before the first."""

    code = "consultations.period_reversed"
    sentence = _("終わりの日は、はじまりの日か、そのあとの日にしてください。")


class TextMissing(DomainError):
    """There is nothing to keep."""

    code = "consultations.text_missing"
    sentence = _("内容を書いてください。")


class NotYetHeld(DomainError):
    """A talk cannot have been held on a day to come."""

    code = "consultations.not_yet_held"
    sentence = _("話した日は、今日か、それより前の日にしてください。これから会う日は「会う約束」に書きます。")


class AnotherCaseMissing(DomainError):
    """The case that a talk belongs to is not one that the person works on."""

    code = "consultations.another_case_missing"
    sentence = _(
        "その番号の案件は、あなたの機関が対応している案件の中にありません。番号を確かめてください。例：2026-0412"
    )


class SecretStays(DomainError):
    """What was said in a secret case never moves into one that others read."""

    code = "consultations.secret_stays"
    sentence = _(
        "秘密厳守の案件の記録は、ほかの案件に移せません。ここでは「数えるのをやめる」を選び、正しい案件に書き直してください。"
    )


class NothingChanged(DomainError):
    """A correction that corrects nothing."""

    code = "consultations.nothing_changed"
    sentence = _("直したところがありません。違うところを直してから、送ってください。")


class AlreadySent(DomainError):
    """The same form sent something else before: a second window, or the page before, changed."""

    code = "consultations.already_sent"
    sentence = _("この画面からは、もう送っています。新しいものとして送るときは、もう一度押してください。")


class AllIntroduced(DomainError):
    """The business was told of everything that was chosen before."""

    code = "consultations.all_introduced"
    sentence = _("選んだものは、すべて紹介ずみです。")


class AppointmentPast(DomainError):
    """An appointment is made for a time that is still to come."""

    code = "consultations.appointment_past"
    sentence = _("過ぎた日時には、約束できません。もう話したことは、「記録を書く」に残してください。")


class DayRefused(DomainError):
    """A day that cannot be meant; a form says so at its field."""

    code = "consultations.day_refused"


class DayPast(DayRefused):
    """What is still to be done has no day that is over."""

    code = "consultations.day_past"
    sentence = _("今日か、それより後の日にしてください。もう済んだことは、「記録を書く」に残してください。")


class DayTooFar(DayRefused):
    """A day so far ahead that the year was mistyped."""

    code = "consultations.day_too_far"

    @classmethod
    def than(cls, years: int) -> "DayTooFar":
        """Further ahead than so many years."""
        return cls(format_lazy(_("{years}年より先の日は入れられません。年を確かめてください。"), years=years))


class AppointmentEndsFirst(DomainError):
    """An appointment ends after it began."""

    code = "consultations.appointment_ends_first"
    sentence = _("終わりの時刻は、始まりより後にしてください。")


class ScopeMissing(DomainError):
    """A consent says with whom the case may be shared."""

    code = "consultations.scope_missing"
    sentence = _("だれに伝えてよいかを選んでください。")


class ReceiverMissing(DomainError):
    """A referral goes to somebody."""

    code = "consultations.receiver_missing"
    sentence = _("引き継ぐ先を選んでください。")


class PeopleMissing(DomainError):
    """A secret case goes to named people only."""

    code = "consultations.people_missing"
    sentence = _("秘密厳守の案件です。引き継ぐ先で、見てよい人を選んでください。")


class NotAMember(DomainError):
    """The person does not work on cases in this organisation."""

    code = "consultations.not_a_member"
    sentence = _("選んだ人は、いまこの機関で案件を担当していません。")


class NotAnExpert(DomainError):
    """The person is no expert any more."""

    code = "consultations.not_an_expert"
    sentence = _("選んだ人は、いま専門家として登録されていません。")


class AskedAlready(DomainError):
    """The expert has a question about this case before them."""

    code = "consultations.asked_already"
    sentence = _("この専門家には、この案件のことをもう頼んでいます。")


class ExpertConsentMissing(DomainError):
    """The business has not agreed that an expert of this organisation reads the case."""

    code = "consultations.expert_consent_missing"
    sentence = _(
        "専門家の所属する機関に伝える同意が、まだありません。「共有と同意」で記録してから、頼んでください。"
    )


class LastPerson(DomainError):
    """Without this person nobody of the lead could open the case any more."""

    code = "consultations.last_person"
    sentence = _("責任をもつ機関で見られる人が、いなくなります。先に、ほかの人を加えてください。")


class SuccessorMissing(DomainError):
    """Without a successor nobody of the organisation could open some secret cases any more."""

    code = "consultations.successor_missing"
    sentence = _("この人だけが見られる秘密の案件があります。引き継ぐ人を選んでください。")


class LinkInvalid(DomainError):
    """The link opens nothing: wrong or expired, and it does not say which."""

    code = "consultations.link_invalid"
    sentence = _(
        "このリンクは使えません。まちがっているか、期限が過ぎています。紹介した機関にお問い合わせください。"
    )


class NameMissing(DomainError):
    """Somebody without an account says who they are."""

    code = "consultations.name_missing"
    sentence = _("お名前を書いてください。")


class AlreadyInvolved(DomainError):
    """The organisation is asked or at work already."""

    code = "consultations.already_involved"
    sentence = _("この機関には、すでに引き継いでいます。")


class FileRefused(DomainError):
    """A file that is not taken; the sentence names it and says why."""

    code = "consultations.file_refused"
    sentence = _("この添付は受け取れません。")

    @classmethod
    def too_many(cls, most: int) -> "FileRefused":
        """More files than one note takes."""
        return cls(format_lazy(_("添付は、1回に{most}個までです。"), most=most))

    @classmethod
    def empty(cls, name: str) -> "FileRefused":
        """A file without content."""
        return cls(format_lazy(_("「{name}」は空です。"), name=name))

    @classmethod
    def too_big(cls, name: str, most_bytes: int) -> "FileRefused":
        """A file that is too big."""
        return cls(
            format_lazy(
                _("「{name}」は大きすぎます。{most}MBまで受け取れます。"), name=name, most=most_bytes // 2**20
            )
        )

    @classmethod
    def unknown(cls, name: str) -> "FileRefused":
        """A file of a kind that is not taken."""
        return cls(
            format_lazy(
                _(
                    "「{name}」は受け取れない種類です。PDF・写真・Word・Excel・PowerPointなどを選んでください。"
                ),
                name=name,
            )
        )


class AddressMissing(DomainError):
    """Nobody said where the business is written to."""

    code = "consultations.address_missing"
    sentence = _("事業者のメールアドレスがわかりません。紙でお渡しください。")


class LinkEnded(DomainError):
    """A link that opens nothing: over, replaced, or never there."""

    code = "consultations.link_ended"
    sentence = _("このページは、もう開けません。お手数ですが、相談した窓口にお問い合わせください。")


class CasesOpen(DomainError):
    """What is to be erased has cases that have not ended."""

    code = "consultations.cases_open"
    sentence = _("終わっていない相談があります。先に終えてください。")


class NoLink(DomainError):
    """No link could be taken back: none was made, or none can be used any more."""

    code = "consultations.no_link"
    sentence = _("いま使えるリンクは、ありません。")
