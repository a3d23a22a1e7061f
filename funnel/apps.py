"""The plugin's entry in INSTALLED_APPS."""

from django.apps import AppConfig


class FunnelConfig(AppConfig):
    """Registers the system checks; everything else is found by name."""

    name = "funnel"
    verbose_name = "Funnel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import the checks, which register themselves."""
        from funnel import checks  # noqa: F401
