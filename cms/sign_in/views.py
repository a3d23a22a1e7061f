"""The pages of a sign-in: password, then a code or setting one up, then the codes to keep."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods
from qrcode import make as make_qr_code
from qrcode.image.svg import SvgPathFillImage
from wagtail.admin.views.account import LoginView

from cms.sign_in import lockout, second_step
from cms.sign_in.forms import WRONG_CODE, CodeForm, KeptForm
from cms.sign_in.progress import SignIn, set_age, sign_in_under_way, start_sign_in
from cms.sign_in.second_step import Answer

FEW_CODES = 3

View = Callable[..., HttpResponse]


class PasswordView(LoginView):
    """The first step: Wagtail's own page. A right password logs nobody in who needs two."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on to the second step, or in, where the password is all that is asked for."""
        user, remember = form.get_user(), bool(form.cleaned_data.get("remember"))
        if not second_step.needs_second_step(user):
            response: HttpResponse = auth_views.LoginView.form_valid(self, form)
            set_age(self.request, remember=remember)
            return response
        start_sign_in(
            self.request,
            user=user,
            remember=remember,
            target=self.get_redirect_url(),
            now=timezone.now(),
        )
        return redirect(_next_page(user))


def _next_page(user: Any) -> str:
    return "sign_in_set_up" if second_step.second_step_of(user) is None else "sign_in_code"


def after_password(view: View) -> View:
    """Open a page to whoever has just given the right password; lead others to the first step."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        sign_in = sign_in_under_way(request, now=timezone.now())
        if sign_in is None:
            return redirect("wagtailadmin_login")
        return view(request, sign_in)

    return never_cache(
        csrf_protect(
            require_http_methods(["GET", "POST"])(sensitive_post_parameters("code")(guarded))
        )
    )


@after_password
def code(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    """The second step: ask for the code that the app shows now, or for a recovery code."""
    if second_step.second_step_of(sign_in.user) is None:
        return redirect("sign_in_set_up")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        refusal = check_code(request, sign_in.user, form)
        if refusal is not None:
            sign_in.abandon()
            return refusal
        if not form.errors:
            return _go_on(request, sign_in)
    return render(request, "cms/sign_in/code.html", {"form": form})


def check_code(request: HttpRequest, user: Any, form: CodeForm) -> HttpResponse | None:
    """Try the code of a form; leave an error in it, or return the answer that ends guessing."""
    if not lockout.may_try(request, user):
        return lockout.refuse(request)
    answer = second_step.try_code(user=user, code=form.cleaned_data["code"], now=timezone.now())
    if answer is Answer.ACCEPTED:
        return None
    lockout.note_wrong_code(request, user)
    if answer is Answer.LOCKED or not lockout.may_try(request, user):
        return lockout.refuse(request)
    form.add_error("code", WRONG_CODE)
    return None


def _go_on(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    step = second_step.second_step_of(sign_in.user)
    sign_in.note("step", step)
    if not second_step.has_kept_codes(sign_in.user):
        return redirect("sign_in_recovery_codes")
    return _enter(request, sign_in, step)


def _enter(request: HttpRequest, sign_in: SignIn, step: int | None) -> HttpResponse:
    target = sign_in.target
    sign_in.finish(step=step)
    left = len(second_step.recovery_codes_of(sign_in.user))
    if left <= FEW_CODES:
        messages.warning(
            request,
            f"You have {left} recovery codes left. Make new ones under your account, "
            "“Second step of signing in”.",
        )
    return redirect(target or "wagtailadmin_home")


@after_password
@sensitive_variables("secret")
def set_up(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    """Lead a person without a second step to one; there is no way past it."""
    if second_step.second_step_of(sign_in.user) is not None:
        return redirect(sign_in_code_page(sign_in))
    secret = sign_in.recall("secret")
    if secret is None:
        secret = second_step.new_secret()
        sign_in.note("secret", secret)
    form = CodeForm(request.POST if request.method == "POST" else None, ask_at_once=False)
    if request.method == "POST" and form.is_valid():
        step = second_step.set_up(
            user=sign_in.user, secret=secret, code=form.cleaned_data["code"], now=timezone.now()
        )
        if step is not None:
            sign_in.note("secret", None)
            return _go_on(request, sign_in)
        form.add_error("code", WRONG_CODE)
    return render(
        request, "cms/sign_in/set_up.html", {"form": form, **secret_as_shown(sign_in.user, secret)}
    )


def sign_in_code_page(sign_in: SignIn) -> str:
    """Return where a sign-in goes on whose person has a second step."""
    return "sign_in_code" if sign_in.recall("step") is None else "sign_in_recovery_codes"


def secret_as_shown(user: Any, secret: str) -> dict[str, str]:
    """Return a secret as a picture, as text in groups of four, and as a link for an app."""
    address = second_step.address_for_app(user=user, secret=secret)
    picture = make_qr_code(address, image_factory=SvgPathFillImage, border=2)
    return {
        "picture": mark_safe(picture.to_string(encoding="unicode")),  # noqa: S308
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "app_address": address,
    }


@after_password
def recovery_codes(request: HttpRequest, sign_in: SignIn) -> HttpResponse:
    """Show the recovery codes, and open the admin once they are in a safe place."""
    step = second_step.second_step_of(sign_in.user)
    if step is None or sign_in.recall("step") != step:
        return redirect(_next_page(sign_in.user))
    form = KeptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        second_step.keep_codes(user=sign_in.user, now=timezone.now())
        return _enter(request, sign_in, step)
    codes = second_step.recovery_codes_of(sign_in.user)
    return render(
        request,
        "cms/sign_in/recovery_codes.html",
        {"form": form, "codes": codes, "action": reverse("sign_in_recovery_codes")},
    )
