"""Django's registration of the room."""

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "madoguchi.consultations"

    def ready(self) -> None:
        """Let every worker do what comes again and again: reminders, surveys, names, files, erasing."""
        # Models exist only once the apps are ready.
        from madoguchi.consultations import tasks  # noqa: PLC0415
        from madoguchi.foundation import worker  # noqa: PLC0415

        worker.register_step("chasing", tasks.chase, every_seconds=900)
        worker.register_step("surveys", tasks.ask_businesses, every_seconds=3600)
        worker.register_step("named people", tasks.name_managers, every_seconds=900)
        worker.register_step("scanning", tasks.scan_files, every_seconds=5)
        worker.register_step("retention notices", tasks.warn, every_seconds=3600)
        worker.register_step("retention", tasks.erase, every_seconds=3600)
