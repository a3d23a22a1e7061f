"""Who may log in: everybody with a password, demo people only on a demo site."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

DEMO_ADDRESS_ENDING = "@demo.unstuck.test"
# Grants nothing; being in it is what makes an account a demo account.
DEMO_GROUP = "Demo accounts"


class SiteUserBackend(ModelBackend):
    """Django's own backend, which forgets the demo accounts as soon as DEMO is off.

    They have a password that was printed on a screen. A site that once was a demo must not keep
    them as a door, not even for a session that is still open.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        """Refuse inactive people as Django does, and demo people where there is no demo."""
        return super().user_can_authenticate(user) and (settings.DEMO or not is_demo_account(user))


def is_demo_account(user: Any) -> bool:
    """Say whether a demo made this account.

    The group tells, because an address can be changed by whoever is logged in; the address tells
    of accounts from before there was the group.
    """
    has_demo_address = bool(user.email and user.email.endswith(DEMO_ADDRESS_ENDING))
    return has_demo_address or user.groups.filter(name=DEMO_GROUP).exists()
