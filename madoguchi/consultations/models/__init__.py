"""The tables of the room, by what they are about."""

from madoguchi.consultations.models.absences import AdviserAbsence, DeskAbsence
from madoguchi.consultations.models.cases import (
    Case,
    CaseNumber,
    CasePerson,
    CaseWords,
    Chase,
    Consent,
    Involvement,
    Link,
)
from madoguchi.consultations.models.experts import Dispatch, ExpertRequest
from madoguchi.consultations.models.plans import CalendarFeed, Closing, FollowUp, Goal, SurveyAnswer, Task
from madoguchi.consultations.models.policy import Policy, ReportTemplate, RoutingRule, Topic
from madoguchi.consultations.models.records import (
    Attachment,
    Consultation,
    CountedBusiness,
    Draft,
    FirstStepMark,
    Introduction,
    Meeting,
    MeetingCase,
    Note,
    NoteRevision,
    NoteTemplate,
    Situation,
)

__all__ = [
    "AdviserAbsence",
    "Attachment",
    "CalendarFeed",
    "Case",
    "CaseNumber",
    "CasePerson",
    "CaseWords",
    "Chase",
    "Closing",
    "Consent",
    "Consultation",
    "CountedBusiness",
    "DeskAbsence",
    "Dispatch",
    "Draft",
    "ExpertRequest",
    "FirstStepMark",
    "FollowUp",
    "Goal",
    "Introduction",
    "Involvement",
    "Link",
    "Meeting",
    "MeetingCase",
    "Note",
    "NoteRevision",
    "NoteTemplate",
    "Policy",
    "ReportTemplate",
    "RoutingRule",
    "Situation",
    "SurveyAnswer",
    "Task",
    "Topic",
]
