"""The tables of the room, by what they are about."""

from madoguchi.results.models.indicators import Indicator, IndicatorValue, ProjectIndicator, ValueChange
from madoguchi.results.models.projects import CostBasis, Listing, ListingRow, Policy, Project
from madoguchi.results.models.texts import CaseStudy, Introduction, Narrative
from madoguchi.results.models.years import RegionChapter, ReportYear, UnitReturn

__all__ = [
    "CaseStudy",
    "CostBasis",
    "Indicator",
    "IndicatorValue",
    "Introduction",
    "Listing",
    "ListingRow",
    "Narrative",
    "Policy",
    "Project",
    "ProjectIndicator",
    "RegionChapter",
    "ReportYear",
    "UnitReturn",
    "ValueChange",
]
