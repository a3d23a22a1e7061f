"""Who wants to be told of changes, and whether anybody answers there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from funnel.sandbox import errors
from funnel.sandbox.deliveries import ask
from funnel.sandbox.resources import webhook_json
from funnel.sandbox.routing import Call, Route
from funnel.sandbox.shapes import check_object
from funnel.sandbox.state import Audience, Webhook, derived_id

EVENTS = ("subscribe", "unsubscribe", "profile", "cleaned", "upemail", "campaign")
SOURCES = ("user", "admin", "api")


def list_webhooks(call: Call) -> dict[str, Any]:
    """GET: all of them."""
    audience = call.audience
    return {
        "webhooks": [webhook_json(audience, webhook) for webhook in audience.webhooks],
        "list_id": audience.id,
        "total_items": len(audience.webhooks),
        "_links": [],
    }


def add_webhook(call: Call) -> dict[str, Any]:
    """POST: registered once its URL has answered a GET."""
    asked = _checked(call.body, required=("url",))
    with call.state.lock:
        audience = call.audience
        _check_unique(audience, asked["url"])
    _check_answers(asked["url"])
    with call.state.lock:
        _check_unique(audience, asked["url"])
        webhook = Webhook(
            id=derived_id(audience.id, "webhook", audience.next_webhook, length=10),
            url=asked["url"],
            events=_flags(EVENTS, asked.get("events", {})),
            sources=_flags(SOURCES, asked.get("sources", {})),
        )
        audience.next_webhook += 1
        audience.webhooks.append(webhook)
        call.state.save_audience(audience)
        return webhook_json(audience, webhook)


def get_webhook(call: Call) -> dict[str, Any]:
    """GET: one of them."""
    return webhook_json(call.audience, _webhook(call))


def change_webhook(call: Call) -> dict[str, Any]:
    """PATCH: another URL, which must answer, or other events."""
    asked = _checked(call.body, required=())
    with call.state.lock:
        audience, webhook = call.audience, _webhook(call)
        url = asked.get("url", webhook.url)
        if url != webhook.url:
            _check_unique(audience, url, apart_from=webhook)
    if url != webhook.url:
        _check_answers(url)
    with call.state.lock:
        webhook.url = url
        webhook.events = {**webhook.events, **asked.get("events", {})}
        webhook.sources = {**webhook.sources, **asked.get("sources", {})}
        webhook.disabled = False
        call.state.save_audience(audience)
        return webhook_json(audience, webhook)


def remove_webhook(call: Call) -> None:
    """DELETE: told no more."""
    audience = call.audience
    audience.webhooks.remove(_webhook(call))
    call.state.save_audience(audience)


def _checked(body: object, *, required: tuple[str, ...]) -> dict[str, Any]:
    asked = check_object(body, {"url": str, "events": dict, "sources": dict}, required=required)
    for name, known in (("events", EVENTS), ("sources", SOURCES)):
        check_object(asked.get(name, {}), dict.fromkeys(known, bool), prefix=name + ".")
    return asked


def _flags(known: tuple[str, ...], asked: dict[str, bool]) -> dict[str, bool]:
    return {name: asked.get(name, False) for name in known}


def _check_unique(audience: Audience, url: str, *, apart_from: Webhook | None = None) -> None:
    """Two URLs that differ only in their query are one to Mailchimp."""
    for webhook in audience.webhooks:
        same = urlsplit(webhook.url)._replace(query="") == urlsplit(url)._replace(query="")
        if same and webhook is not apart_from:
            raise errors.invalid("Sorry, you can't set up multiple WebHooks for one URL")


def _check_answers(url: str) -> None:
    status = ask("GET", url, user_agent="MailChimp.com WebHook Validator")
    if not 200 <= status < 300:
        raise errors.invalid(
            "We couldn't verify the URL is working. "
            f"Please double check and try again. HTTP Code: {status}"
        )


def _webhook(call: Call) -> Webhook:
    for webhook in call.audience.webhooks:
        if webhook.id == call.params["webhook_id"]:
            return webhook
    raise errors.not_found()


_ALL = "/lists/{list_id}/webhooks"
_ONE = _ALL + "/{webhook_id}"
ROUTES = (
    Route("GET", _ALL, list_webhooks),
    Route("POST", _ALL, add_webhook, locked=False),
    Route("GET", _ONE, get_webhook),
    Route("PATCH", _ONE, change_webhook, locked=False),
    Route("DELETE", _ONE, remove_webhook),
)
