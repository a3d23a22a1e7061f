"""What has to be said of whoever sends mails, before the first one leaves."""

from funnel.models import FunnelSettings

_FACTS = ("legal_name", "postal_address", "privacy_page")


def missing_facts(funnel_settings: FunnelSettings) -> list[str]:
    """Name, in the words of the settings page, what is not filled in yet."""
    fields = {name: FunnelSettings._meta.get_field(name) for name in _FACTS}
    return [
        str(getattr(field, "verbose_name", name))
        for name, field in fields.items()
        if not getattr(funnel_settings, name).strip()
    ]
