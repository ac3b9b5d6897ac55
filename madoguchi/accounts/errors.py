"""What can go wrong with accounts."""

from django.utils.translation import gettext_lazy as _

from madoguchi.foundation.errors import DomainError


class AddressTaken(DomainError):
    """An account with this mail address exists."""

    code = "accounts.address_taken"
    sentence = _("このメールアドレスは、すでに登録されています。")


class AddressInvalid(DomainError):
    """This is no mail address."""

    code = "accounts.address_invalid"
    sentence = _("メールアドレスの形を確かめてください。例：hanako@example.jp")


class NameMissing(DomainError):
    """The display name is empty."""

    code = "accounts.name_missing"
    sentence = _("表示名を入力してください。")


class InvitationGone(DomainError):
    """It was accepted, withdrawn or has expired, or there never was one."""

    code = "accounts.invitation_gone"
    sentence = _("この招待は、もう使えません。招待した方に、もう一度送ってもらってください。")


class InvitationForAnother(DomainError):
    """The invitation went to another mail address."""

    code = "accounts.invitation_for_another"
    sentence = _("この招待は、別のメールアドレスに送られたものです。")


class AlreadyMember(DomainError):
    """The person works there in this role."""

    code = "accounts.already_member"
    sentence = _("この方は、すでに同じ役割で所属しています。")


class MembershipOver(DomainError):
    """The membership has ended before."""

    code = "accounts.membership_over"
    sentence = _("この所属は、すでに終わっています。")


class OwnMembership(DomainError):
    """Nobody ends the membership they are acting in."""

    code = "accounts.own_membership"
    sentence = _("自分の所属は終えられません。ほかの管理者に頼んでください。")


class TeamNameTaken(DomainError):
    """A team of the organisation has this name."""

    code = "accounts.team_name_taken"
    sentence = _("同じ名前の班が、すでにあります。")


class TeamElsewhere(DomainError):
    """The team belongs to another organisation."""

    code = "accounts.team_elsewhere"
    sentence = _("その班は、この機関の班ではありません。")


class TeamInUse(DomainError):
    """Records of other rooms belong to the team."""

    code = "accounts.team_in_use"
    sentence = _("この班が受け持つものが残っているので、なくせません。先に、ほかの班に移してください。")


class NotOperator(DomainError):
    """The hat is not an operator's."""

    code = "accounts.not_operator"
    sentence = _("システム運用の立場ではありません。")


class ReasonMissing(DomainError):
    """An operator did not say why."""

    code = "accounts.reason_missing"
    sentence = _("理由を入力してください。")


class GBizIdUnreadable(DomainError):
    """GビズID did not say what kind of account it is."""

    code = "accounts.gbizid_unreadable"
    sentence = _("GビズIDからの情報を読み取れませんでした。")


class StillAMember(DomainError):
    """Somebody who works for an organisation cannot close their account: its cases lie in their hands."""

    code = "accounts.still_a_member"
    sentence = _("機関に所属しています。管理者に所属を終えてもらってから、アカウントを閉じてください。")
