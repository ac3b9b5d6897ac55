"""Django's registration of the room."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "madoguchi.consultations"

    def ready(self) -> None:
        """Let every worker remind those who do not answer, and erase what need not be kept any longer."""
        # Models exist only once the apps are ready.
        from madoguchi.consultations import tasks  # noqa: PLC0415
        from madoguchi.foundation import worker  # noqa: PLC0415

        worker.register_step("chasing", tasks.chase, every_seconds=900)
        worker.register_step("retention", tasks.erase, every_seconds=3600)
