"""The few addresses of the site that are no pages: health, media, login, the local post office."""

import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from functools import wraps
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils._os import safe_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve

from cms.local_mailbox import local_mailbox
from funnel.queries.status import outbox_figures

MAX_OUTBOX_LAG_SECONDS = 300
# Wagtail asks for permission at a document's own address; unfinished uploads are nobody's.
PRIVATE_MEDIA_FOLDERS = ("documents", "wagtail_uploads")
PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process lives; asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain")


def _unready_reason() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "Migrations are missing: run `python manage.py migrate`."
        lag = outbox_figures(now=timezone.now())["oldest_due_seconds"]
    except DatabaseError:
        return "The database does not answer."
    if lag > MAX_OUTBOX_LAG_SECONDS:
        return (
            f"The oldest delivery has been due for {lag} seconds: "
            "is `python manage.py funnel_worker` running?"
        )
    return ""


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether visitors can be served: database, migrations and outbox are well, or why not."""
    reason = _unready_reason()
    return JsonResponse({"ready": not reason, "reason": reason}, status=503 if reason else 200)


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Show what editors uploaded for everybody to see; anything else there is not found."""
    root = Path(safe_join(settings.MEDIA_ROOT))
    try:
        file = Path(safe_join(root, path.lstrip("/")))
        if any(file.is_relative_to(root / folder) for folder in PRIVATE_MEDIA_FOLDERS):
            raise Http404("This is not for everybody.")
        return serve(request, str(file.relative_to(root)), document_root=str(root))
    except (OSError, ValueError, SuspiciousFileOperation) as error:
        raise Http404("There is no such file.") from error


def login(request: HttpRequest) -> HttpResponse:
    """Lead from Wagtail's second login, for visitors, to the one there is."""
    address = reverse("wagtailadmin_login")
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        address = f"{address}?{urlencode({'next': target}, safe='/')}"
    return redirect(address)


def _comes_from_this_machine(request: HttpRequest) -> bool:
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback


def for_this_machine(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Hide a view from other machines, and from whoever comes through a proxy on this one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _comes_from_this_machine(request):
            raise Http404("There is no such page.")
        return view(request, *args, **kwargs)

    return guarded


def _parsed(key: str) -> EmailMessage:
    parser = BytesParser(EmailMessage, policy=email.policy.default)
    return parser.parsebytes(local_mailbox().get_bytes(key))


@for_this_machine
@require_safe
@never_cache
def local_mail_list(request: HttpRequest) -> HttpResponse:
    """List the mails this site has sent, newest first; there is such a page on loopback only."""
    folder = local_mailbox()
    mails = [(key, _parsed(key)) for key in sorted(folder.keys(), reverse=True)[:200]]
    return render(request, "cms/local_mail_list.html", {"mails": mails})


@for_this_machine
@require_safe
@never_cache
def local_mail(request: HttpRequest, key: str) -> HttpResponse:
    """Show one mail as its reader would see it, as HTML and as plain text."""
    try:
        message = _parsed(key)
    except (KeyError, FileNotFoundError) as error:
        raise Http404("There is no such mail in the local mailbox.") from error
    parts = {
        kind: body.get_content() if (body := message.get_body((kind,))) else ""
        for kind in ("plain", "html")
    }
    context = {"message": message, "parts": parts, "site_url": settings.SITE_URL}
    return render(request, "cms/local_mail.html", context)


@for_this_machine
@require_safe
@never_cache
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "base-uri": [NONE]})  # type: ignore[arg-type]
def local_mail_html(request: HttpRequest, key: str) -> HttpResponse:
    """Show a mail’s HTML under a policy that lets its own styles apply and nothing run."""
    try:
        body = _parsed(key).get_body(("html",))
    except (KeyError, FileNotFoundError) as error:
        raise Http404("There is no such mail in the local mailbox.") from error
    if body is None:
        raise Http404("This mail has no HTML part.")
    return HttpResponse(body.get_content())
