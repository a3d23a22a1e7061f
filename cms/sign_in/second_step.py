"""A person's second step: who needs one, setting it up, its codes, taking it away.

allauth keeps the secret and the recovery codes, and knows the arithmetic. What makes a code good
for one use, and ends guessing from many networks at once, is kept with them in the database,
because every web process has a cache of its own.
"""

import logging
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    compare_user_code,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from cms.auth import is_demo_account

logger = logging.getLogger(__name__)

PERIOD = settings.MFA_TOTP_PERIOD
# A clock may be off by this many codes, before and after.
TOLERANCE = settings.MFA_TOTP_TOLERANCE
CODE_LENGTH = settings.MFA_TOTP_DIGITS
# From all networks together; a password is what lets anybody try at all.
MAX_WRONG_CODES = 10
WRONG_CODES_WITHIN = timedelta(minutes=15)
SET_UP = "cms.second_step.set_up"
RENEW_CODES = "cms.second_step.renew_codes"
USE_RECOVERY_CODE = "cms.second_step.use_recovery_code"
RESET = "cms.second_step.reset"


class Answer(Enum):
    """What became of a code."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LOCKED = "locked"


def needs_second_step(user: Any) -> bool:
    """Say whether a password alone is too little for this person.

    It is for everybody who gets into the admin. Demo accounts are let in while this is a demo:
    their passwords stand on a screen, and all they see is made up.
    """
    if settings.DEMO and is_demo_account(user):
        return False
    return bool(user.is_staff or user.is_superuser or user.has_perm("wagtailadmin.access_admin"))


def second_step_of(user: Any) -> int | None:
    """Return the number of a person's second step, None where there is none yet.

    A new one has another number, so a session that remembers the number ends with a reset.
    """
    return (
        Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP)
        .values_list("pk", flat=True)
        .first()
    )


def new_secret() -> str:
    """Return a secret for an authenticator app, which nobody has yet."""
    return generate_totp_secret()


def address_for_app(*, user: Any, secret: str) -> str:
    """Return what the picture says, and what an app on the same device opens."""
    return get_adapter().build_totp_url(user, secret)


def set_up(*, user: Any, secret: str, code: str, now: datetime) -> int | None:
    """Make `secret` the person's second step; return its number, None if the code isn't of it.

    A step that there was before goes, and with it its sessions and its recovery codes.
    """
    step = _matching_step(secret, code, after=-1, now=now)
    if step is None:
        return None
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk).delete()
        totp = TOTP.activate(user, secret).instance
        totp.data["last_step"] = step
        totp.save(update_fields=["data"])
        RecoveryCodes.activate(user)
        log(instance=user, action=SET_UP, user=user)
    return int(totp.pk)


def try_code(*, user: Any, code: str, now: datetime) -> Answer:
    """Take a code from the app or a recovery code; each is good for one use."""
    with transaction.atomic():
        found = Authenticator.objects.select_for_update().filter(user_id=user.pk)
        rows = {row.type: row for row in found}
        totp = rows.get(Authenticator.Type.TOTP)
        if totp is None:
            return Answer.REFUSED
        wrong = _recent(totp.data.get("wrong", []), now)
        if len(wrong) >= MAX_WRONG_CODES:
            return Answer.LOCKED
        is_right = _take_code(user, rows, code, now)
        totp.data["wrong"] = [] if is_right else [*wrong, now.timestamp()]
        if is_right:
            totp.last_used_at = now
        totp.save(update_fields=["data", "last_used_at"])
    if is_right:
        return Answer.ACCEPTED
    return Answer.LOCKED if len(wrong) + 1 >= MAX_WRONG_CODES else Answer.REFUSED


def _take_code(user: Any, rows: dict[str, Authenticator], code: str, now: datetime) -> bool:
    totp = rows[Authenticator.Type.TOTP]
    if len(normalize_user_code(code)) == CODE_LENGTH:
        last = int(totp.data.get("last_step", -1))
        step = _matching_step(decrypt(totp.data["secret"]), code, after=last, now=now)
        if step is None:
            return False
        totp.data["last_step"] = step
        return True
    kept = rows.get(Authenticator.Type.RECOVERY_CODES)
    if kept is None or not RecoveryCodes(kept).validate_code(code):
        return False
    log(instance=user, action=USE_RECOVERY_CODE, user=user)
    return True


def _matching_step(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """Return which thirty seconds the code is of; those up to `after` are used up."""
    current = int(now.timestamp()) // PERIOD
    matching = [
        step
        for step in range(current - TOLERANCE, current + TOLERANCE + 1)
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step)))
    ]
    return next((step for step in matching if step > after), None)


def _recent(moments: list[float], now: datetime) -> list[float]:
    return [each for each in moments if each > (now - WRONG_CODES_WITHIN).timestamp()]


def recovery_codes_of(user: Any) -> list[str]:
    """Return the recovery codes that are still good."""
    kept = _recovery_codes(user)
    return kept.get_unused_codes() if kept else []


def has_kept_codes(user: Any) -> bool:
    """Say whether the person has said that the recovery codes are in a safe place."""
    kept = _recovery_codes(user)
    return bool(kept and kept.did_view)


def keep_codes(*, user: Any, now: datetime) -> None:
    """Note that the person has the recovery codes in a safe place."""
    kept = _recovery_codes(user)
    if kept is not None:
        kept.instance.data["viewed_at"] = now.timestamp()
        kept.instance.save(update_fields=["data"])


def renew_codes(user: Any) -> None:
    """Make new recovery codes; the old ones are worth nothing from now on."""
    with transaction.atomic():
        Authenticator.objects.filter(
            user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES
        ).delete()
        RecoveryCodes.activate(user)
        log(instance=user, action=RENEW_CODES, user=user)


def _recovery_codes(user: Any) -> RecoveryCodes | None:
    row = Authenticator.objects.filter(
        user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES
    ).first()
    return None if row is None else RecoveryCodes(row)


def reset_second_step(*, user: Any) -> bool:
    """Take a person's second step away, sessions and recovery codes with it; False if none was.

    The next sign-in then leads to setting up a new one.
    """
    with transaction.atomic():
        _total, deleted = Authenticator.objects.filter(user_id=user.pk).delete()
        if not deleted:
            return False
        log(instance=user, action=RESET)
    logger.info("The second step of account %s was reset.", user.pk)
    return True
