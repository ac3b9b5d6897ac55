"""Django's registration of the room."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "madoguchi.mail"
    label = "mail"

    def ready(self) -> None:
        """Let every worker look after mail that stayed behind."""
        # Models exist only once the apps are ready.
        from madoguchi.foundation import clock, worker  # noqa: PLC0415
        from madoguchi.mail.operations import delivering  # noqa: PLC0415

        worker.register_step("mail", lambda: delivering.tidy(at=clock.actual_now()), every_seconds=600)
