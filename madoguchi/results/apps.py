"""Django's registration of the room."""

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "madoguchi.results"

    def ready(self) -> None:
        """Let every worker remind units of what they owe."""
        # Models exist only once the apps are ready.
        from madoguchi.foundation import worker  # noqa: PLC0415
        from madoguchi.results import tasks  # noqa: PLC0415

        worker.register_step("report reminders", tasks.remind, every_seconds=3600)
