"""Where the second step shows in the admin: on one's account page, and in the site's history."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from cms.sign_in import second_step
from cms.sign_in.progress import PROOF

LOG_ACTIONS = {
    second_step.SET_UP: ("Set up second step", "Set up the second step of signing in"),
    second_step.RENEW_CODES: ("Renew recovery codes", "Made new recovery codes"),
    second_step.USE_RECOVERY_CODE: ("Use recovery code", "Signed in with a recovery code"),
    second_step.RESET: ("Reset second step", "Second step of signing in taken away"),
}


def register_log_actions(actions: Any) -> None:
    """Let the site's history say what became of whose second step."""
    for name, (label, message) in LOG_ACTIONS.items():
        actions.register_action(name, label, message)


def account_menu_item(request: HttpRequest) -> dict[str, str] | None:
    """Offer new recovery codes and another phone to a person who has a second step."""
    if request.session.get(PROOF) is None:
        return None
    return {
        "url": reverse("account_second_step"),
        "label": "Second step of signing in",
        "help_text": "Make new recovery codes, or use another phone.",
    }
