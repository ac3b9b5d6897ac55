"""Django's registration of the room."""

from django.apps import AppConfig

DAY_SECONDS = 24 * 60 * 60


class UsageConfig(AppConfig):
    name = "madoguchi.usage"

    def ready(self) -> None:
        """Let every worker forget old searches, once a day and when it starts."""
        # Models exist only once the apps are ready.
        from madoguchi.foundation import clock, worker  # noqa: PLC0415
        from madoguchi.usage import operations  # noqa: PLC0415

        worker.register_step(
            "old searches", lambda: operations.forget_old(on=clock.today()), every_seconds=DAY_SECONDS
        )
