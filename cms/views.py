"""The few addresses of the site that are no pages: health, and the local post office."""

import email.policy
from email.message import EmailMessage
from email.parser import BytesParser

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms.local_mailbox import local_mailbox
from funnel.queries.status import outbox_figures

MAX_OUTBOX_LAG_SECONDS = 300


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


def _parsed(key: str) -> EmailMessage:
    parser = BytesParser(EmailMessage, policy=email.policy.default)
    return parser.parsebytes(local_mailbox().get_bytes(key))


@require_safe
@never_cache
def local_mail_list(request: HttpRequest) -> HttpResponse:
    """List the mails this site has sent, newest first; there is such a page on loopback only."""
    folder = local_mailbox()
    mails = [(key, _parsed(key)) for key in sorted(folder.keys(), reverse=True)[:200]]
    return render(request, "cms/local_mail_list.html", {"mails": mails})


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
