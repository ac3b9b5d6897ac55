"""Businesses (事業者) and what is known of them. Who may see one is asked of `visible_to(hat)`.

Nothing here knows consultations or applications: those rooms point at a business.
"""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.businesses.choices import (
    CustodyReason,
    EmployeesCounted,
    HoldingKind,
    LegalForm,
    MemberRole,
    Source,
)
from madoguchi.foundation import keys
from madoguchi.institutions.models import Organisation
from madoguchi.japan import addresses


class BusinessQuerySet(models.QuerySet["Business"]):
    """Reads of businesses. Without `visible_to` or `of_person` nothing may reach a person."""

    def visible_to(self, hat: Hat) -> "BusinessQuerySet":
        """Those on the books of the hat's organisation; without an organisation, the person's own.

        Operators, auditors and experts see none: their work names no business.
        """
        if not hat.is_staff:
            return self.of_person(hat.user_id, at=hat.at)
        if not hat.may("businesses.read") or hat.organisation_id is None:
            return self.none()
        return self.on_books_of(hat.organisation_id)

    def on_books_of(self, organisation_id: int) -> "BusinessQuerySet":
        """Those that an organisation has on its books."""
        held = Custody.objects.filter(organisation=organisation_id, ended_at=None)
        return self.filter(Exists(held.filter(business=OuterRef("pk"))))

    def of_person(self, user_id: int, *, at: datetime) -> "BusinessQuerySet":
        """Those the person acts for at this moment, whatever hat they wear.

        Who was confirmed as acting for a record acts for the one it was merged into as well; a merge shall
        not let in somebody who merely said so.
        """
        acting = BusinessMember.objects.filter(user=user_id).running(at=at)
        confirmed = acting.filter(confirmed_at__isnull=False)
        return self.filter(
            Exists(acting.filter(business=OuterRef("pk")))
            | Exists(confirmed.filter(business__merged_into=OuterRef("pk")))
        )

    def standing_for(self, hat: Hat) -> "BusinessQuerySet":
        """The visible ones to list: a merged one gives way to the other, unless that is not visible."""
        seen = self.visible_to(hat)
        others = Business.objects.visible_to(hat).filter(pk=OuterRef("merged_into"))
        return seen.filter(Q(merged_into=None) | ~Exists(others))


class Business(models.Model):
    """A company, a sole trader, a group or somebody who is about to found one (創業予定)."""

    key = models.CharField(max_length=keys.LENGTH, unique=True, default=keys.new_key, editable=False)
    corporate_number = models.CharField(_("法人番号"), max_length=13, blank=True)
    claimed_number = models.CharField(
        max_length=13, blank=True, help_text="本人が入力し、窓口がまだ確かめていない法人番号"
    )
    name = models.CharField(_("商号・名称"), max_length=150)
    kana = models.CharField(_("フリガナ"), max_length=200, blank=True)
    name_folded = models.CharField(max_length=200, help_text="法人格を除いて比べる形にした名称")
    legal_form = models.CharField(_("事業の形"), max_length=24, blank=True, choices=LegalForm.choices)
    is_founder = models.BooleanField(_("創業予定"), default=False)

    postal_code = models.CharField(_("郵便番号"), max_length=8, blank=True)
    area_code = models.CharField(_("市区町村"), max_length=6, blank=True)
    town = models.CharField(_("町名"), max_length=120, blank=True)
    street = models.CharField(_("番地"), max_length=120, blank=True)
    building = models.CharField(_("建物名・部屋"), max_length=120, blank=True)
    address_folded = models.CharField(max_length=400, blank=True, help_text="比べる形にした所在地")

    telephone = models.CharField(_("電話番号"), max_length=30, blank=True)
    telephone_digits = models.CharField(max_length=11, blank=True)
    email = models.EmailField(_("メールアドレス"), max_length=254, blank=True)
    url = models.URLField(_("ウェブサイト"), max_length=300, blank=True)

    industry = models.CharField(_("業種"), max_length=4, blank=True, help_text="日本標準産業分類")
    capital_yen = models.BigIntegerField(_("資本金"), null=True)
    employees = models.PositiveIntegerField(_("従業員数"), null=True)
    employees_counted = models.CharField(
        _("従業員の数え方"), max_length=12, blank=True, choices=EmployeesCounted.choices
    )
    employees_counted_on = models.DateField(_("従業員を数えた日"), null=True)
    founded_on = models.CharField(
        _("設立・開業の日"), max_length=10, blank=True, help_text="年、年月、年月日（ISO 8601）"
    )

    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")
    merged_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, help_text="変更のたびに1つ増える")

    objects = BusinessQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["corporate_number"],
                condition=~Q(corporate_number=""),
                name="businesses_business_number_once",
            ),
            models.CheckConstraint(
                condition=Q(corporate_number="") | Q(claimed_number=""),
                name="businesses_business_one_number",
            ),
            models.CheckConstraint(
                condition=Q(is_founder=False) | Q(corporate_number=""),
                name="businesses_business_founder_number",
            ),
            models.CheckConstraint(
                condition=Q(legal_form__in=["", *LegalForm.values]), name="businesses_business_legal_form"
            ),
            models.CheckConstraint(
                condition=Q(employees_counted__in=["", *EmployeesCounted.values]),
                name="businesses_business_counted",
            ),
            models.CheckConstraint(
                condition=Q(capital_yen=None) | Q(capital_yen__gte=0), name="businesses_business_capital"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")), name="businesses_business_merged"
            ),
        ]
        indexes = [
            # duplicates: the same name, the same telephone
            models.Index(fields=["name_folded"], name="businesses_business_name"),
            models.Index(fields=["telephone_digits"], name="businesses_business_tel"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The address in one line (連結表記), as far as it is known."""
        return addresses.in_one_line(self.area_code, self.town, self.street, self.building)


class FieldOrigin(models.Model):
    """Who said the value of a field, and when. Rows of earlier values stay, the values themselves do not."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="origins")
    field = models.CharField(max_length=30)
    source = models.CharField(max_length=10, choices=Source.choices)
    actor_id = models.CharField(max_length=20, blank=True)
    actor_label = models.CharField(max_length=100)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["business", "field"],
                condition=Q(is_current=True),
                name="businesses_origin_one_current",
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="businesses_origin_source"),
        ]


class YearlyFigures(models.Model):
    """The figures of one accounting period (C票 of the application model): `figures.LINES` names the keys."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="figures")
    begins_on = models.DateField(_("期首"))
    ends_on = models.DateField(_("決算日"))
    employees = models.PositiveIntegerField(_("期末の従業員数"), null=True)
    amounts = models.JSONField(default=dict, help_text="{項目: 円（整数）}。項目は figures.LINES")
    source = models.CharField(max_length=10, choices=Source.choices)
    actor_id = models.CharField(max_length=20, blank=True)
    actor_label = models.CharField(max_length=100)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "ends_on"], name="businesses_figures_period_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("begins_on")), name="businesses_figures_period_order"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="businesses_figures_source"),
        ]


class Officer(models.Model):
    """An officer (役員); the first representative one is whom letters are addressed to."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="officers")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("氏名"), max_length=100)
    kana = models.CharField(_("フリガナ"), max_length=100, blank=True)
    title = models.CharField(_("役職"), max_length=60, blank=True)
    is_representative = models.BooleanField(_("代表者"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "position"], name="businesses_officer_position"),
        ]


class Site(models.Model):
    """A place of business (事業所) besides the address of the business itself."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="sites")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("事業所の名前"), max_length=100)
    postal_code = models.CharField(_("郵便番号"), max_length=8, blank=True)
    area_code = models.CharField(_("市区町村"), max_length=6, blank=True)
    address_line = models.CharField(_("町名・番地"), max_length=240, blank=True)
    telephone = models.CharField(_("電話番号"), max_length=30, blank=True)
    industry = models.CharField(_("業種"), max_length=4, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "position"], name="businesses_site_position"),
        ]


class Holding(models.Model):
    """A certification, an approved plan, a licence: with its number and the days it holds."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="holdings")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("種類"), max_length=20, choices=HoldingKind.choices)
    name = models.CharField(_("名前"), max_length=150, blank=True)
    number = models.CharField(_("番号"), max_length=60, blank=True)
    granted_by = models.CharField(_("だれから"), max_length=100, blank=True)
    starts_on = models.DateField(_("いつから"), null=True)
    ends_on = models.DateField(_("いつまで"), null=True, help_text="この日まで有効")
    programme_slug = models.CharField(max_length=80, blank=True, help_text="支援制度の slug")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "position"], name="businesses_holding_position"),
            models.CheckConstraint(condition=Q(kind__in=HoldingKind.values), name="businesses_holding_kind"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="businesses_holding_period",
            ),
        ]


class BusinessContact(models.Model):
    """Whom to ask in a business."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="contacts")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("氏名"), max_length=100)
    kana = models.CharField(_("フリガナ"), max_length=100, blank=True)
    title = models.CharField(_("部署・役職"), max_length=100, blank=True)
    telephone = models.CharField(_("電話番号"), max_length=30, blank=True)
    email = models.EmailField(_("メールアドレス"), max_length=254, blank=True)
    note = models.CharField(_("連絡のしかた"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "position"], name="businesses_contact_position"),
        ]


class MemberQuerySet(models.QuerySet["BusinessMember"]):
    """Reads of members."""

    def running(self, *, at: datetime) -> "MemberQuerySet":
        """Those who may act at this moment: from the start to the very second of the end."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at), starts_at__lte=at, user__is_active=True)


class BusinessMember(models.Model):
    """A person acts for a business: its owner, its staff, or a delegate with a mandate (委任)."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("立場"), max_length=10, choices=MemberRole.choices)
    scopes = models.JSONField(default=list, help_text="[consultations, applications, figures]")
    profession = models.CharField(_("資格・職業"), max_length=60, blank=True)
    evidence = models.CharField(_("委任の根拠"), max_length=300, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, help_text="この瞬間から、できなくなる")
    confirmed_at = models.DateTimeField(null=True, help_text="窓口で本人を確かめた時刻")
    confirmed_by = models.CharField(max_length=100, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=MemberRole.values), name="businesses_member_role"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="businesses_member_period"
            ),
            # who acts for somebody else says since when and until when
            models.CheckConstraint(
                condition=~Q(role=MemberRole.DELEGATE) | Q(ends_at__isnull=False),
                name="businesses_member_mandate_ends",
            ),
            models.UniqueConstraint(
                fields=["business", "user"],
                condition=Q(ends_at=None),
                name="businesses_member_once",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "starts_at"], name="businesses_member_user"),
        ]


class MemberInvitation(models.Model):
    """A way in for one person: whoever holds the link and the mail address may act for the business."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("メールアドレス"), max_length=254)
    role = models.CharField(max_length=10, choices=MemberRole.choices)
    scopes = models.JSONField(default=list)
    profession = models.CharField(max_length=60, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    member_until = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the link's secret")
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=MemberRole.values), name="businesses_invitation_role"
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="businesses_invitation_one_end"
            ),
        ]


class Custody(models.Model):
    """An organisation has a business on its books: its staff may see it, from then until it is given back."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="custodies")
    # The two indexes below begin with it.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(_("いきさつ"), max_length=12, choices=CustodyReason.choices)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    actor_label = models.CharField(max_length=100)
    consent_by = models.CharField(_("同意した人"), max_length=100, blank=True)
    consent_how = models.CharField(_("同意の得かた"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "business"],
                condition=Q(ended_at=None),
                name="businesses_custody_once",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=CustodyReason.values), name="businesses_custody_reason"
            ),
            models.CheckConstraint(
                condition=~Q(reason=CustodyReason.SHARED) | ~Q(consent_by=""),
                name="businesses_custody_consent",
            ),
        ]
        indexes = [
            # the books of an organisation, the newest first
            models.Index(
                fields=["organisation", "-id"], name="businesses_custody_books", condition=Q(ended_at=None)
            ),
        ]


class BroughtList(models.Model):
    """A list somebody brought, between its preview and its taking in; a day later it is gone."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    brought_at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()


class DistinctPair(models.Model):
    """Two alike records that somebody looked at and found to be two businesses; `one` is the older row."""

    one = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    actor_label = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="businesses_distinct_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="businesses_distinct_order"),
        ]


class SearchKey(models.Model):
    """A beginning under which an organisation finds a business while typing: its name from every character
    on, its kana, its numbers. Bytes, because a prefix is then one range of the index on either database.
    """

    RANK_START: ClassVar[int] = 0
    RANK_INSIDE: ClassVar[int] = 1

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    text = models.BinaryField(max_length=600)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "rank", "text"], name="businesses_searchkey_text"),
        ]
