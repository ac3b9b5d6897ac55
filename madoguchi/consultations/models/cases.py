"""Cases, the organisations at work on them, and who may see them."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, TextField
from django.db.models.functions import Cast

from madoguchi.accounts.hats import Hat
from madoguchi.businesses.choices import MemberRole
from madoguchi.businesses.models import BusinessMember
from madoguchi.consultations.kinds import (
    Channel,
    ConsentMeans,
    ContactMode,
    DeclineReason,
    LinkPurpose,
    Result,
    Urgency,
)
from madoguchi.consultations.models.policy import Topic
from madoguchi.consultations.states import OPEN_TO_EXPERT, RUNNING, CaseState, InvolvementState
from madoguchi.institutions.models import Organisation


class CaseNumber(models.Model):
    """The last number given to a case in a fiscal year."""

    fiscal_year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()


class CaseQuerySet(models.QuerySet["Case"]):
    """Reads of cases; `visible_to` stands at the beginning of each of them."""

    def visible_to(self, hat: Hat) -> "CaseQuerySet":
        """Those the hat may read: by a running involvement of its organisation, asked as an expert, or own.

        A secret case is seen by named people only, also inside an organisation that works on it; of an erased
        one there is nothing to see.
        """
        kept = self.filter(erased_at=None)
        named = Exists(CasePerson.objects.filter(case=OuterRef("pk"), user=hat.user_id, until=None))
        if hat.may("cases.read"):
            involved = Involvement.objects.filter(
                case=OuterRef("pk"), organisation=hat.organisation_id, access_ended_at=None
            )
            return kept.filter(Exists(involved)).filter(Q(is_secret=False) | named)
        if hat.may("cases.assigned"):
            asked = kept.filter(
                expert_requests__expert=hat.membership_id,
                expert_requests__state__in=sorted(OPEN_TO_EXPERT),
            )
            return asked.filter(Q(is_secret=False) | named)
        return self.none() if hat.is_staff else self.of_person(hat)

    def of_person(self, hat: Hat) -> "CaseQuerySet":
        """Those a person asked for, or of a business the person may act for in consultations."""
        acting = (
            BusinessMember.objects.filter(user=hat.user_id, business=OuterRef("business"))
            .running(at=hat.at)
            .annotate(scope_words=Cast("scopes", TextField()))
            .filter(~Q(role=MemberRole.DELEGATE) | Q(scope_words__contains='"consultations"'))
        )
        return self.filter(Q(requester=hat.user_id) | Exists(acting), erased_at=None)


class Case(models.Model):
    """One matter of one business, followed across institutions until it is closed."""

    key = models.CharField(max_length=16, unique=True, help_text="URL に使う、推測できない文字")
    number = models.CharField(max_length=12, unique=True, help_text="年度と通し番号：2023-0412")
    fiscal_year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    words = models.TextField(blank=True, help_text="はじめの相談の言葉")
    answers = models.JSONField(default=dict, help_text="申込みのときの質問への答え")
    main_topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="+")
    topics = models.ManyToManyField(Topic, related_name="+")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.NORMAL)
    is_secret = models.BooleanField(default=False)

    business = models.ForeignKey("businesses.Business", null=True, on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    is_anonymous = models.BooleanField(default=False)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_telephone = models.CharField(max_length=20, blank=True)
    contact_mode = models.CharField(max_length=10, choices=ContactMode.choices, blank=True)
    contact_when = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="ja")
    # As it was when the case was opened: statistics count by these, also after an erasure.
    area_code = models.CharField(max_length=6, blank=True)
    industry = models.CharField(max_length=6, blank=True)
    employees = models.PositiveIntegerField(null=True)

    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in CaseState])
    held_because = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    promised_on = models.DateField(null=True, help_text="この日までに返事をすると、事業者に伝えた")
    responded_at = models.DateTimeField(null=True, help_text="はじめて、だれかが引き受けた、または対応した")
    closed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True, help_text="まもなく消えると、管理者に知らせた（実際の時刻）")
    once = models.CharField(max_length=64, null=True, unique=True, help_text="二重送信をふせぐ鍵")
    version = models.PositiveIntegerField(default=1)
    page_round = models.PositiveSmallIntegerField(
        default=0, help_text="事業者のページのリンクを取り消した回数。リンクの秘密のもとになる"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(CaseState)), name="consultations_case_state"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="consultations_case_channel"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, state__in=[s for s in CaseState if s != CaseState.CLOSED])
                | Q(closed_at__isnull=False, state=CaseState.CLOSED),
                name="consultations_case_closed_at",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "opened_at"], name="consultations_case_business"),
            models.Index(fields=["requester"], name="consultations_case_requester"),
            models.Index(fields=["opened_at"], name="consultations_case_opened"),
            # Statistics: how many, how long they took, and by their number whose they are, without the rows.
            models.Index(
                fields=["held_because", "opened_at", "responded_at", "id"], name="consultations_case_begun"
            ),
            models.Index(
                fields=["held_because", "closed_at", "opened_at", "id"], name="consultations_case_ended"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Involvement(models.Model):
    """One organisation and one case: asked, at work, or done. A referral is an involvement sent by another.

    Without an organisation it is somebody outside, who answers by a one-time link or on paper.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="involvements")
    organisation = models.ForeignKey(
        "institutions.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    outside_name = models.CharField(max_length=120, blank=True)
    outside_email = models.EmailField(blank=True)
    unit = models.ForeignKey("institutions.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey("institutions.Desk", null=True, on_delete=models.PROTECT, related_name="+")
    adviser = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False, help_text="事業者への責任をもつ機関")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in InvolvementState])

    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    sent_by_organisation = models.ForeignKey(
        "institutions.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    message = models.TextField(blank=True, help_text="引き継ぐ理由とお願い")
    routed_because = models.CharField(max_length=200, blank=True, help_text="振り分けの決まりの文")
    taken_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=20, choices=DeclineReason.choices, blank=True)
    answer_note = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = models.CharField(max_length=100, blank=True, help_text="アカウントのない人の名前")
    finished_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=20, choices=Result.choices, blank=True)
    result_note = models.TextField(blank=True)
    access_ended_at = models.DateTimeField(null=True, help_text="この瞬間から、案件を読めない")
    # The earliest open task of this organisation, kept with it so that a tray is one index scan.
    next_step = models.CharField(max_length=200, blank=True)
    next_due_on = models.DateField(null=True)
    nudged_at = models.DateTimeField(null=True, help_text="事業者が返事をうながした")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(InvolvementState)), name="consultations_involvement_state"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) ^ ~Q(outside_name=""),
                name="consultations_involvement_who",
            ),
            models.UniqueConstraint(
                fields=["case", "organisation"],
                condition=Q(state__in=sorted(RUNNING)),
                name="consultations_involvement_running_once",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_lead=True), name="consultations_involvement_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(finished_at__gte=F("sent_at")),
                name="consultations_involvement_period",
            ),
        ]
        indexes = [
            # the trays of an organisation, of a person
            models.Index(
                fields=["organisation", "state", "next_due_on"], name="consultations_involvement_tray"
            ),
            models.Index(fields=["adviser", "state", "next_due_on"], name="consultations_involvement_mine"),
            models.Index(fields=["state", "sent_at"], name="consultations_involvement_wait"),
            # Statistics: whose cases, and what was passed on to whom.
            models.Index(fields=["organisation", "is_lead", "case"], name="consultations_involvement_lead"),
            models.Index(fields=["sent_at", "sent_by_organisation"], name="consultations_involvement_sent"),
            models.Index(fields=["sent_by_organisation", "sent_at"], name="consultations_involvement_from"),
            models.Index(
                fields=["organisation", "sent_at", "sent_by_organisation"],
                name="consultations_involvement_to",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"


class CasePerson(models.Model):
    """Somebody named to see a case: all that may read a secret one."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "user"], condition=Q(until=None), name="consultations_caseperson_once"
            ),
        ]
        indexes = [models.Index(fields=["user", "until"], name="consultations_caseperson_user")]


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Reads of consents."""

    def with_organisations(self) -> "ConsentQuerySet":
        """Each with those it names, also what the region pack has dropped since."""
        return self.prefetch_related(
            Prefetch("organisations", queryset=Organisation.everything.order_by("pk"))
        )


class Consent(models.Model):
    """A business agrees that a case is shared: with named organisations, or with whom the lead chooses."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consents")
    organisations = models.ManyToManyField("institutions.Organisation", related_name="+")
    is_general = models.BooleanField(default=False, help_text="相談先が選ぶ機関に")
    outside_name = models.CharField(max_length=120, blank=True)
    means = models.CharField(max_length=10, choices=ConsentMeans.choices)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()


class Chase(models.Model):
    """A step of the chasing ladder that was taken for an involvement; each only once."""

    involvement = models.ForeignKey(Involvement, on_delete=models.CASCADE, related_name="chases")
    step = models.PositiveSmallIntegerField()
    chased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["involvement", "step"], name="consultations_chase_once")
        ]


class Link(models.Model):
    """A link that opens one thing for somebody without an account; only the hash of its secret is kept."""

    secret_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    involvement = models.ForeignKey(Involvement, null=True, on_delete=models.CASCADE, related_name="+")
    follow_up = models.ForeignKey(
        "consultations.FollowUp", null=True, on_delete=models.CASCADE, related_name="links"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class CaseWords(models.Model):
    """What a case is found by, folded: its number, title, first words and shared notes.

    Whoever sees the case may read all of these, so that a find tells nobody more than the case itself.
    Secret cases have no row: they are left out of every search.
    """

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.CASCADE, related_name="found_by")
    text = models.TextField()
