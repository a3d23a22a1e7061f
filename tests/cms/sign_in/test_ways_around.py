"""Every way around the second step that somebody might try, and what comes of it."""

import re
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from wagtail.documents import get_document_model
from wagtail.models import (
    APIToken,
    Collection,
    CollectionViewRestriction,
    Page,
    PageViewRestriction,
)

from cms.models import StandardPage
from cms.sign_in import second_step
from home.models import HomePage
from tests.cms.sign_in.authenticator import App
from tests.cms.sign_in.conftest import PASSWORD, Visitor, with_password_only

pytestmark = pytest.mark.django_db


class TestASessionMadeAnotherWay:
    """From before there were two steps, from a shell, from a bug: nobody is behind it."""

    @pytest.fixture
    def held(self, ada: User, phone: App) -> Client:
        """A browser with Ada’s session, without the second step."""
        return with_password_only(Client(), ada)

    def test_opens_no_address_of_the_admin(self, held: Client) -> None:
        stranger, compared = Client(), 0
        for path in plain_admin_paths():
            for method in ("get", "post"):
                told, expected = (getattr(who, method)(path) for who in (held, stranger))
                assert told.status_code == expected.status_code, path
                assert told.headers.get("Location") == expected.headers.get("Location"), path
                compared += 1
        assert compared > 200

    @pytest.mark.parametrize("path", ["/admin/", "/admin/api/main/pages/", "/admin/pages/"])
    def test_scripts_are_refused(self, held: Client, path: str) -> None:
        answer = held.get(path, headers={"X-Requested-With": "XMLHttpRequest"})
        assert answer.status_code in {302, 403}
        assert b"items" not in answer.content

    def test_opens_nothing_private_outside_the_admin(
        self, held: Client, home: HomePage, ada: User
    ) -> None:
        page = home.add_child(instance=StandardPage(title="For members", slug="members"))
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        collection = Collection.get_first_root_node().add_child(name="Private")  # type: ignore[union-attr]
        CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
        document = get_document_model().objects.create(
            title="A", file=ContentFile(b"text", "a.txt"), collection=collection
        )
        for path in (page.url, document.url, "/styleguide/"):
            assert held.get(path).status_code != 200, path
        known = Client()
        known.force_login(ada)
        for path in (page.url, document.url, "/styleguide/"):
            assert known.get(path).status_code == 200, path

    def test_shows_no_userbar_and_no_draft(self, held: Client, home: HomePage, ada: User) -> None:
        known = Client()
        known.force_login(ada)
        assert "wagtail-userbar" in known.get("/").content.decode()
        assert "wagtail-userbar" not in held.get("/").content.decode()
        draft = f"/admin/pages/{home.pk}/view_draft/"
        assert known.get(draft).status_code == 200
        assert held.get(draft)["Location"].startswith("/admin/login/")

    def test_is_no_first_step(self, held: Client, phone: App, now: datetime) -> None:
        assert held.get("/admin/login/").status_code == 200
        answer = held.post("/admin/login/code/", {"code": phone.code(now)})
        assert answer["Location"] == "/admin/login/"

    def test_sets_up_nothing(self, ada: User) -> None:
        held = with_password_only(Client(), ada)
        second_step.reset_second_step(user=ada)
        assert held.get("/admin/login/set-up/")["Location"] == "/admin/login/"
        assert held.post("/admin/account/second-step/", {"code": "1"})["Location"].startswith(
            "/admin/login/"
        )

    def test_of_somebody_who_gets_into_the_admin_later(self) -> None:
        client = Client()
        user = User.objects.create_user("bea", "bea@staff.test", PASSWORD)
        with_password_only(client, user)
        user.is_superuser = True
        user.save()
        assert client.get("/admin/")["Location"].startswith("/admin/login/")


def plain_admin_paths() -> list[str]:
    """Every address below /admin/ that needs no object to name."""

    def below(resolver: URLResolver, prefix: str) -> Any:
        for entry in resolver.url_patterns:
            pattern = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from below(entry, pattern)
            elif isinstance(entry, URLPattern) and pattern.startswith("admin/"):
                yield pattern

    found = {re.sub(r"<[^>]*>", "1", pattern) for pattern in below(get_resolver(), "")}
    return sorted(f"/{path}" for path in found if re.fullmatch(r"[\w/.-]+", path))


class TestStraightToTheSecondPage:
    """Without a password there is nothing to confirm."""

    @pytest.mark.parametrize(
        "path",
        ["/admin/login/code/", "/admin/login/set-up/", "/admin/login/recovery-codes/"],
    )
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_leads_to_the_first(
        self, visitor: Visitor, phone: App, now: datetime, path: str, method: str
    ) -> None:
        answer = getattr(visitor, method)(path, {"code": phone.code(now), "kept": "on"})
        assert answer["Location"] == "/admin/login/"
        assert not visitor.is_in()

    def test_a_password_alone_opens_nothing(self, visitor: Visitor, phone: App) -> None:
        visitor.give_password()
        assert not visitor.is_in()
        assert visitor.get("/admin/login/recovery-codes/")["Location"] == "/admin/login/code/"
        visitor.post("/admin/login/recovery-codes/", {"kept": "on"})
        assert not visitor.is_in()
        assert "_auth_user_id" not in visitor.session

    def test_another_persons_code_is_worth_nothing(
        self, visitor: Visitor, phone: App, ada: User, now: datetime
    ) -> None:
        other = App("ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP")
        bea = User.objects.create_superuser("bea", "bea@staff.test", PASSWORD)
        then = now - timedelta(days=1)
        second_step.set_up(
            user=bea, secret="ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP", code=other.code(then), now=then
        )
        visitor.give_password()
        visitor.give_code(other.code(now))
        visitor.give_code(second_step.recovery_codes_of(bea)[0])
        assert not visitor.is_in()

    def test_a_form_from_another_site_is_refused(self, phone: App, now: datetime) -> None:
        visitor = Visitor(enforce_csrf_checks=True)
        assert visitor.give_password().status_code == 403
        assert visitor.give_code(phone.code(now)).status_code == 403

    @pytest.mark.parametrize("change", ["password", "inactive", "deleted"])
    def test_what_happens_between_the_steps_counts(
        self, visitor: Visitor, phone: App, ada: User, now: datetime, change: str
    ) -> None:
        visitor.give_password()
        if change == "password":
            ada.set_password("another one altogether")
        ada.is_active = change != "inactive"
        ada.save()
        if change == "deleted":
            ada.delete()
        assert visitor.give_code(phone.code(now))["Location"] == "/admin/login/"
        assert not visitor.is_in()


class TestACodeSeenByAnother:
    """A code is good for one use, whoever brings it, and so are those before it."""

    def test_works_once(self, visitor: Visitor, phone: App, now: datetime) -> None:
        visitor.give_password()
        visitor.give_code(phone.code(now))
        assert visitor.is_in()
        thief = Visitor()
        thief.give_password()
        assert "used before" in thief.give_code(phone.code(now)).content.decode()
        assert not thief.is_in()

    def test_an_earlier_one_is_used_up_with_it(
        self, visitor: Visitor, phone: App, now: datetime
    ) -> None:
        visitor.give_password()
        visitor.give_code(phone.code(now))
        thief = Visitor()
        thief.give_password()
        thief.give_code(phone.code(now, later=-1))
        assert not thief.is_in()
        thief.give_code(phone.code(now, later=1))
        assert thief.is_in()

    def test_the_one_of_setting_up_is_used_up(
        self, visitor: Visitor, ada: User, now: datetime, clock: time_machine.Traveller
    ) -> None:
        secret = second_step.new_secret()
        code = App(secret).code(now)
        assert second_step.set_up(user=ada, secret=secret, code=code, now=now)
        visitor.give_password()
        assert visitor.give_code(code).status_code == 200


class TestTheMailbox:
    """Whoever reads somebody’s mail may choose a password, and stands before the second step."""

    def test_a_new_password_is_one_step(
        self, visitor: Visitor, phone: App, ada: User, now: datetime
    ) -> None:
        visitor.post("/admin/password_reset/", {"email": ada.email})
        assert len(mail.outbox) == 1
        uid = urlsafe_base64_encode(force_bytes(ada.pk))
        token = default_token_generator.make_token(ada)
        form = visitor.get(f"/admin/password_reset/confirm/{uid}/{token}/")["Location"]
        chosen = "something else to remember"
        visitor.post(form, {"new_password1": chosen, "new_password2": chosen})
        assert not visitor.is_in()
        assert visitor.give_password(PASSWORD).status_code == 200
        assert visitor.give_password(chosen)["Location"] == "/admin/login/code/"
        assert not visitor.is_in()
        visitor.give_code(phone.code(now))
        assert visitor.is_in()


class TestWhereNextLeads:
    """Nowhere but into this site, and never past a step."""

    @pytest.mark.parametrize(
        "target",
        [
            "https://elsewhere.test/",
            "//elsewhere.test/",
            "/\\elsewhere.test",
            "javascript:alert(1)",
            "http:///elsewhere.test",
            " //elsewhere.test",
        ],
    )
    def test_not_elsewhere(self, visitor: Visitor, phone: App, now: datetime, target: str) -> None:
        assert visitor.give_password(next=target)["Location"] == "/admin/login/code/"
        assert visitor.give_code(phone.code(now))["Location"] == "/admin/"

    @pytest.mark.parametrize(
        "target", ["/admin/users/", "/admin/login/recovery-codes/", "/admin/login/?next=/admin/"]
    )
    def test_not_past_the_code(self, visitor: Visitor, phone: App, target: str) -> None:
        assert visitor.give_password(next=target)["Location"] == "/admin/login/code/"
        answer = visitor.get(target, follow=True)
        assert answer.request["PATH_INFO"] in {"/admin/login/", "/admin/login/code/"}
        assert not visitor.is_in()

    def test_not_from_the_second_page(self, visitor: Visitor, phone: App, now: datetime) -> None:
        visitor.give_password()
        answer = visitor.post(
            "/admin/login/code/?next=https://elsewhere.test/",
            {"code": phone.code(now), "next": "https://elsewhere.test/"},
        )
        assert answer["Location"] == "/admin/"


class TestOtherDoors:
    """There are none."""

    @pytest.mark.parametrize(
        "name",
        ["account_login", "account_signup", "account_reset_password", "mfa_index", "admin:index"],
    )
    def test_neither_allauth_nor_django_has_an_address(self, name: str) -> None:
        with pytest.raises(NoReverseMatch):
            reverse(name)

    @pytest.mark.parametrize(
        "path", ["/accounts/login/", "/accounts/signup/", "/django-admin/", "/django-admin/login/"]
    )
    def test_nor_a_page(self, client: Client, home: Page, path: str) -> None:
        assert client.get(path).status_code == 404

    def test_no_api_token_is_taken(self, client: Client, ada: User) -> None:
        _token, key = APIToken.create_token(user=ada, name="A token")
        for path in ("/admin/", "/admin/api/main/pages/", "/admin/funnel/consent/"):
            answer = client.get(path, headers={"Authorization": f"Bearer {key}"})
            assert answer["Location"].startswith("/admin/login/"), path

    def test_the_login_for_visitors_leads_to_this_one(self, client: Client) -> None:
        assert client.get("/_util/login/")["Location"] == "/admin/login/"
        assert reverse("wagtailadmin_login") == "/admin/login/"

    def test_a_stranger_gets_no_session_from_looking(self, client: Client) -> None:
        client.get("/admin/")
        client.get("/admin/login/code/")
        assert site_settings.SESSION_COOKIE_NAME not in client.cookies


class TestReset:
    """For a lost phone: everything that the old one opened ends."""

    def test_ends_sessions_and_leads_to_a_new_one(
        self, visitor: Visitor, phone: App, ada: User, now: datetime, caplog: Any
    ) -> None:
        visitor.give_password()
        visitor.give_code(phone.code(now))
        assert visitor.is_in()
        waiting = Visitor()
        waiting.give_password()
        told = StringIO()
        call_command("reset_second_step", "ada", "--yes", stdout=told)
        assert "led to set up" in told.getvalue()
        assert not visitor.is_in()
        assert waiting.give_code(phone.code(now, later=1))["Location"] == "/admin/login/set-up/"
        assert visitor.give_password()["Location"] == "/admin/login/set-up/"
