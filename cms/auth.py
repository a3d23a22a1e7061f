"""Who may log in: everybody with a password, demo people only on a demo site."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

DEMO_ADDRESS_ENDING = "@demo.unstuck.test"


class SiteUserBackend(ModelBackend):
    """Django's own backend, which forgets the demo accounts as soon as DEMO is off.

    They have a password that was printed on a screen. A site that once was a demo must not keep
    them as a door, not even for a session that is still open.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        """Refuse inactive people as Django does, and demo people where there is no demo."""
        is_demo_account = bool(user.email and user.email.endswith(DEMO_ADDRESS_ENDING))
        return super().user_can_authenticate(user) and (settings.DEMO or not is_demo_account)
