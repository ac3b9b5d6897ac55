"""Django's registration of the room."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "madoguchi.feeds"

    def ready(self) -> None:
        """Let every worker see each hour whether the daily look at the feeds is due."""
        # Models exist only once the apps are ready.
        from madoguchi.feeds import tasks  # noqa: PLC0415
        from madoguchi.foundation import worker  # noqa: PLC0415

        worker.register_step("feeds", tasks.look_aside, every_seconds=3600)
