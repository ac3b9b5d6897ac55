"""Django's registration of the account pages."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "madoguchi.web.account"
    label = "web_account"

    def ready(self) -> None:
        """Listen to what allauth and Django tell of signing in; let the worker clear up behind it."""
        # Models exist only once the apps are ready.
        from madoguchi.foundation import worker  # noqa: PLC0415
        from madoguchi.web.account import clearing, signals  # noqa: PLC0415

        signals.connect()
        worker.register_step("clear accounts", clearing.clear, every_seconds=3600)
