"""What a report tells in words: narratives, case studies (事例), introductions of the policies."""

from django.db import models
from django.db.models import Q

from madoguchi.catalogue.models import Programme
from madoguchi.results.models.entries import Entry, entry_constraints
from madoguchi.results.models.projects import Listing, Project


class Narrative(Entry):
    """概要 and 実績 of a project, or of a programme where a document names no project."""

    project = models.OneToOneField(Project, null=True, on_delete=models.CASCADE, related_name="narrative")
    programme = models.OneToOneField(Programme, null=True, on_delete=models.CASCADE, related_name="+")
    overview = models.TextField(blank=True)
    achievements = models.TextField(blank=True)

    class Meta:
        constraints = [
            *entry_constraints("narrative"),
            models.CheckConstraint(
                condition=Q(project=None, programme__isnull=False) | Q(project__isnull=False, programme=None),
                name="results_narrative_about_one",
            ),
        ]


class Introduction(Entry):
    """The opening text of a policy's chapter. `blocks` is [{heading, text}]."""

    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, related_name="introduction")
    blocks = models.JSONField(default=list)

    class Meta:
        constraints = entry_constraints("introduction")


class CaseStudy(Entry):
    """One 事例, told in short facts, at the end of a chapter.

    `pictures` is [{path, alt, credit}], `captions` what is printed below pictures that the text has lost."""

    slug = models.SlugField(max_length=80, unique=True)
    fiscal_year = models.PositiveSmallIntegerField()
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="case_studies")
    project = models.ForeignKey(Project, null=True, on_delete=models.SET_NULL, related_name="case_studies")
    position = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    business = models.CharField(max_length=200)
    paragraphs = models.JSONField(default=list)
    pictures = models.JSONField(default=list)
    captions = models.JSONField(default=list)
    consent_recorded_on = models.DateField(null=True)
    consent_recorded_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            *entry_constraints("casestudy"),
            models.CheckConstraint(
                condition=Q(consent_recorded_on=None, consent_recorded_by="")
                | (Q(consent_recorded_on__isnull=False) & ~Q(consent_recorded_by="")),
                name="results_casestudy_consent",
            ),
        ]
        indexes = [models.Index(fields=["fiscal_year", "position"], name="results_casestudy_year")]

    def __str__(self) -> str:
        return self.title
