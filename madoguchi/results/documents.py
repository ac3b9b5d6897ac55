"""What the results room hands to the search index: projects."""

from collections.abc import Iterable

from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.results.models import Project
from madoguchi.results.queries import projects
from madoguchi.search.documents import Document


def documents(slugs: Iterable[str] | None = None) -> list[Document]:
    """Documents of the projects with these slugs, or of all."""
    rows = projects()
    return [_document(row) for row in (rows if slugs is None else rows.filter(slug__in=list(slugs)))]


def _document(project: Project) -> Document:
    year = FiscalYear(project.fiscal_year)
    return Document(
        key=f"project:{project.slug}",
        type="project",
        group=f"project:{project.slug}",
        slug=project.slug,
        name=project.name,
        fiscal_year=project.fiscal_year,
        keywords=tuple(project.keywords),
        summary=project.summary,
        body="\n".join([project.department, *project.parts, *project.notes]),
        purposes=tuple(project.purposes),
        industries=tuple(project.industries),
        areas=tuple(project.areas),
        published_on=year.starts_on,
        payload={
            "breaks": project.breaks,
            "cost_yen": project.cost_yen,
            "cost_basis": project.get_cost_basis_display(),
            "department": project.department,
        },
    )
