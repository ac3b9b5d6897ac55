"""Django's registration of the room."""

from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "madoguchi.editing"

    def ready(self) -> None:
        """Let every worker do what was planned for an instant, and ask whether programmes are still true."""
        from madoguchi.editing import tasks  # noqa: PLC0415 (models are ready from here on)
        from madoguchi.foundation import worker  # noqa: PLC0415

        worker.register_step("planned editions", tasks.do_what_is_due, every_seconds=20)
        worker.register_step("programmes still true", tasks.remind, every_seconds=3600)
