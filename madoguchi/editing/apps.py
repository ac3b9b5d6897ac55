"""Django's registration of the room."""

from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "madoguchi.editing"

    def ready(self) -> None:
        """Let every worker publish and take off what was planned for an instant."""
        from madoguchi.editing import tasks  # noqa: PLC0415 (models are ready from here on)
        from madoguchi.foundation import worker  # noqa: PLC0415

        worker.register_step("planned editions", tasks.do_what_is_due, every_seconds=20)
