"""Django's registration of the room."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "madoguchi.alerts"

    def ready(self) -> None:
        """Let every worker tell what is new, and erase what nobody confirmed or somebody stopped."""
        # Models exist only once the apps are ready.
        from madoguchi.alerts import tasks  # noqa: PLC0415
        from madoguchi.foundation import worker  # noqa: PLC0415

        worker.register_step("alerts", tasks.tell, every_seconds=60)
        worker.register_step("ended alerts", tasks.tidy, every_seconds=600)
