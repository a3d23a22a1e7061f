"""What a person who is logged in changes about the second step: new codes, another phone.

Each begins with a code, so that a desk left alone is no way to somebody else's phone.
"""

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods
from wagtail.admin.auth import require_admin_access

from cms.sign_in import second_step
from cms.sign_in.forms import WRONG_CODE, CodeForm, KeptForm
from cms.sign_in.progress import PROOF
from cms.sign_in.views import View, check_code, secret_as_shown

CONFIRMED = "second_step_confirmed"
NEW_SECRET = "second_step_secret"  # noqa: S105
CONFIRMED_FOR = timedelta(minutes=15)


def for_owner(view: View) -> View:
    """Open a page to a person with a second step; demo accounts have none to change."""

    def guarded(request: HttpRequest) -> HttpResponse:
        if request.session.get(PROOF) is None:
            messages.warning(request, "This account signs in with its password only.")
            return redirect("wagtailadmin_account")
        return view(request)

    limited = require_http_methods(["GET", "POST"])(guarded)
    return never_cache(
        csrf_protect(sensitive_post_parameters("code")(require_admin_access(limited)))
    )


def _was_confirmed(request: HttpRequest, *, now: datetime) -> bool:
    at = request.session.get(CONFIRMED, 0)
    return bool(now.timestamp() - at <= CONFIRMED_FOR.total_seconds())


@for_owner
def second_step_page(request: HttpRequest) -> HttpResponse:
    """Say how many recovery codes are left; ask for a code before anything changes."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refusal = check_code(request, request.user, form)
        if refusal is not None:
            request.session.flush()
            return refusal
        if not form.errors:
            request.session[CONFIRMED] = timezone.now().timestamp()
            if "another-phone" in request.POST:
                request.session[NEW_SECRET] = second_step.new_secret()
                return redirect("account_another_phone")
            second_step.renew_codes(request.user)
            return redirect("account_recovery_codes")
    left = len(second_step.recovery_codes_of(request.user))
    return render(request, "cms/sign_in/account.html", {"form": form, "left": left})


@for_owner
def show_codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes until the person has kept them."""
    now = timezone.now()
    if not _was_confirmed(request, now=now):
        return redirect("account_second_step")
    form = KeptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        second_step.keep_codes(user=request.user, now=now)
        del request.session[CONFIRMED]
        messages.success(request, "Your new recovery codes count from now on.")
        return redirect("wagtailadmin_account")
    codes = second_step.recovery_codes_of(request.user)
    context = {"form": form, "codes": codes, "action": reverse("account_recovery_codes")}
    return render(request, "cms/sign_in/recovery_codes.html", {**context, "inside": True})


@for_owner
@sensitive_variables("secret")
def another_phone(request: HttpRequest) -> HttpResponse:
    """Set up a new secret; the old one counts until a code of the new one was typed."""
    now, secret = timezone.now(), request.session.get(NEW_SECRET)
    if secret is None or not _was_confirmed(request, now=now):
        return redirect("account_second_step")
    form = CodeForm(request.POST if request.method == "POST" else None, ask_at_once=False)
    if request.method == "POST" and form.is_valid():
        step = second_step.set_up(
            user=request.user, secret=secret, code=form.cleaned_data["code"], now=now
        )
        if step is not None:
            del request.session[NEW_SECRET]
            request.session[PROOF] = step
            request.session.cycle_key()
            return redirect("account_recovery_codes")
        form.add_error("code", WRONG_CODE)
    shown = secret_as_shown(request.user, secret)
    context = {"form": form, "action": reverse("account_another_phone"), "inside": True}
    return render(request, "cms/sign_in/set_up.html", {**context, **shown})
