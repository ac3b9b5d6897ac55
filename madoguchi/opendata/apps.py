"""Django's registration of the open data."""

from django.apps import AppConfig


class OpendataConfig(AppConfig):
    name = "madoguchi.opendata"

    def ready(self) -> None:
        """Let every worker number what has changed."""
        # Models exist only once the apps are ready.
        from madoguchi.foundation import clock, worker  # noqa: PLC0415
        from madoguchi.opendata import changes, tasks  # noqa: PLC0415

        worker.register_step("open data", lambda: changes.follow(at=clock.actual_now()), every_seconds=1)
        worker.register_step("webhooks", tasks.ask_for_deliveries, every_seconds=5)
