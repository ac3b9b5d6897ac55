"""Django's registration of the site's search."""

from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "madoguchi.finding"

    def ready(self) -> None:
        """Let every worker keep the index up to date."""
        # Models exist only once the apps are ready.
        from madoguchi.finding import indexing  # noqa: PLC0415
        from madoguchi.foundation import worker  # noqa: PLC0415

        worker.register_step("search index", indexing.follow, every_seconds=0.4)
