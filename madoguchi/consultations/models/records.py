"""What was said and done: consultations, notes, attachments, what was introduced."""

from django.db import models
from django.db.models import Q

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import Channel, FirstStep, Scan, Visibility
from madoguchi.consultations.models.cases import Case, Involvement


class CountedManager(models.Manager["Consultation"]):
    """Talks that count: those that were taken back stand in the history of their case alone."""

    def get_queryset(self) -> models.QuerySet["Consultation"]:
        """Rows that nobody took back; `everything` reaches the others."""
        return super().get_queryset().filter(withdrawn_at=None)


class Consultation(models.Model):
    """One dated talk: what the statistics count (延べ). Its own facts, so that figures survive an erasure."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="consultations")
    involvement = models.ForeignKey(Involvement, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey("institutions.Desk", null=True, on_delete=models.PROTECT, related_name="+")
    adviser = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    held_on = models.DateField()
    held_at = models.TimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    place = models.CharField(max_length=100, blank=True)
    people = models.PositiveSmallIntegerField(default=1, help_text="相談に来た人数")
    is_first = models.BooleanField(help_text="この案件のはじめての相談")
    topic = models.ForeignKey("consultations.Topic", null=True, on_delete=models.PROTECT, related_name="+")
    business = models.ForeignKey("businesses.Business", null=True, on_delete=models.PROTECT, related_name="+")
    area_code = models.CharField(max_length=6, blank=True)
    industry = models.CharField(max_length=6, blank=True)
    employees = models.PositiveIntegerField(null=True)
    counted_as = models.BigIntegerField(
        help_text="実数を数えるための番号。事業者ごと（CountedBusiness）、事業者がなければ案件ごと（負の数）"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, help_text="まちがいだったので、数えるのをやめた")
    once = models.CharField(max_length=64, null=True, unique=True, help_text="二重送信をふせぐ鍵")

    objects = CountedManager()
    everything = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="consultations_consultation_channel"
            ),
        ]
        indexes = [
            # Statistics of the region and of one organisation: with all that the headline figures count, so
            # that they read the index alone.
            models.Index(
                fields=["held_on", "organisation", "channel", "topic", "counted_as", "withdrawn_at"],
                name="consultations_held",
            ),
            models.Index(
                fields=["organisation", "held_on", "channel", "topic", "counted_as", "withdrawn_at"],
                name="consultations_held_at_org",
            ),
            models.Index(fields=["adviser", "held_on"], name="consultations_held_by"),
        ]


class ConsultationRevision(models.Model):
    """What a talk said before it was corrected, moved to another case, taken back or counted again."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", help_text="そのときの案件")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    held_on = models.DateField()
    held_at = models.TimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    place = models.CharField(max_length=100, blank=True)
    people = models.PositiveSmallIntegerField()
    was_counted = models.BooleanField()
    why = models.CharField(max_length=200, help_text="直した理由")
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "version"], name="consultations_consultationrevision_once"
            )
        ]


class CountedBusiness(models.Model):
    """The number under which a business is counted. Once this row is gone, no talk leads back to it."""

    business = models.OneToOneField(
        "businesses.Business", on_delete=models.CASCADE, related_name="+", primary_key=True
    )
    number = models.BigIntegerField(unique=True)


class NoteQuerySet(models.QuerySet["Note"]):
    """Reads of notes; the case has to be visible already."""

    def readable_by(self, hat: Hat) -> "NoteQuerySet":
        """Shared ones, those of the own organisation, and one's own memos."""
        shared = Q(visibility=Visibility.SHARED)
        if not hat.may("cases.read"):
            return self.filter(shared)
        own = Q(visibility=Visibility.INTERNAL, organisation=hat.organisation_id)
        mine = Q(visibility=Visibility.PERSONAL, author=hat.user_id)
        return self.filter(shared | own | mine)


class Note(models.Model):
    """A text about a case, for those whom its visibility names."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    consultation = models.ForeignKey(Consultation, null=True, on_delete=models.SET_NULL, related_name="notes")
    organisation = models.ForeignKey(
        "institutions.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    author = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=100)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    body = models.TextField()
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    once = models.CharField(max_length=64, null=True, unique=True, help_text="二重送信をふせぐ鍵")

    objects = NoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="consultations_note_visibility"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(visibility=Visibility.SHARED),
                name="consultations_note_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "written_at"], name="consultations_note_case"),
            # Most notes belong to no talk, which no statistics of tables tell.
            models.Index(fields=["case", "consultation"], name="consultations_note_talk"),
        ]


class NoteRevision(models.Model):
    """What a note said before it was changed."""

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    body = models.TextField()
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "version"], name="consultations_noterevision_once")
        ]


class Attachment(models.Model):
    """A file that came with a note; readable by whom the note is."""

    key = models.CharField(max_length=16, unique=True)
    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="バイト")
    sha256 = models.CharField(max_length=64)
    attached_at = models.DateTimeField()
    scan = models.CharField(max_length=10, choices=Scan.choices, default=Scan.WAITING)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="consultations_attachment_scan"),
        ]
        indexes = [
            # what the search for viruses still has before it
            models.Index(fields=["id"], condition=Q(scan=Scan.WAITING), name="consultations_attachment_wait"),
        ]


class NoteTemplate(models.Model):
    """A beginning for notes that an organisation writes often."""

    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="consultations_notetemplate_name")
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What somebody typed and has not sent yet; nobody else ever reads it."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=60, help_text="どの入力欄か：intake、note:<案件>")
    content = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="consultations_draft_once")]

    @staticmethod
    def name_for(case: Case) -> str:
        """Under which name what is being typed about a case is kept."""
        return f"note:{case.key}"


class Introduction(models.Model):
    """A desk or a programme that a business was told of, with the reasons of that day."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="introductions")
    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey("institutions.Desk", null=True, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey("catalogue.Edition", null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12, blank=True, help_text="その日の判定")
    reasons = models.JSONField(default=list, help_text="[{status, because, source}]")
    deadline_on = models.DateField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    introduced_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    introduced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(desk__isnull=False) ^ Q(edition__isnull=False),
                name="consultations_introduction_one",
            ),
            models.UniqueConstraint(fields=["case", "desk"], name="consultations_introduction_desk_once"),
            models.UniqueConstraint(
                fields=["case", "edition"], name="consultations_introduction_edition_once"
            ),
        ]


class Situation(models.Model):
    """経営状況: how the business stands on a day, as it was grasped in the talk."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="situations")
    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict, help_text="{key: 整数}、項目は地域パックにある")
    strengths = models.TextField(blank=True)
    problems = models.TextField(blank=True)
    wishes = models.TextField(blank=True)
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()


class FirstStepMark(models.Model):
    """A part of the first response that was found not to be needed, and why."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="first_step_marks")
    step = models.CharField(max_length=12, choices=FirstStep.choices)
    why = models.CharField(max_length=200)
    marked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="consultations_firststep_once")]


class Meeting(models.Model):
    """ケース会議: an organisation's minutes about some of its cases; internal."""

    key = models.CharField(max_length=16, unique=True)
    organisation = models.ForeignKey("institutions.Organisation", on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    attendees = models.CharField(max_length=300)
    minutes = models.TextField()
    written_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    warned_at = models.DateTimeField(null=True, help_text="まもなく消えると、管理者に知らせた（実際の時刻）")


class MeetingCase(models.Model):
    """What a meeting decided about one case; read by who may read the case."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="cases")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="meetings")
    decision = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="consultations_meetingcase_once")
        ]
