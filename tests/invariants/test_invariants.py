"""The design's twelve invariants, each by its number. Break one, and its test is red."""

import ast
import csv
import io
import itertools
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from funnel.choices import OutboxKind, SuppressionReason
from funnel.logs import ScrubbingFormatter
from funnel.mailing.backends import locmem
from funnel.mailing.base import MemberStatus, ServiceError, UnreachableError
from funnel.models import Consent, Lead, OptIn, OutboxEntry, StuckCycle, SyncAttempt
from funnel.queries.status import lead_figures, outbox_figures
from funnel.services import opt_ins
from funnel.services.leaving import leave, suppress_lead
from funnel.services.outbox import enqueue_member

ROOT = Path(settings.BASE_DIR)
LEADS = "/admin/snippets/funnel/lead/"
PUBLIC_PATHS = (
    "/free-videos/",
    "/free-videos/check-your-mail/",
    "/free-videos/talk/",
    "/free-videos/talk/check-your-mail/",
    "/free-videos/my-data/",
    "/free-videos/my-data/check-your-mail/",
    "/free-videos/my-data/erased/",
)
ORIGIN = {"Origin": "http://testserver"}


def rows_of_everything() -> dict[str, list[Any]]:
    """All rows of all tables."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models()
    }


class TestInvariant01AnAnsweredOptInIsOnDisk:
    WRITES = ("Lead.objects.bulk_create", "OptIn.objects.create", "Consent.objects.create")

    def test_together(self, visitor: Any) -> None:
        assert visitor.opt_in().status_code == 302
        counts = [model.objects.count() for model in (Lead, OptIn, Consent, OutboxEntry)]
        assert counts == [1, 1, 1, 1]

    @pytest.mark.parametrize("write", [*WRITES, "enqueue_mail"])
    def test_or_nothing(self, visitor: Any, monkeypatch: pytest.MonkeyPatch, write: str) -> None:
        *path, name = write.split(".")
        target: Any = opt_ins
        for part in path:
            target = getattr(target, part)
        original = getattr(target, name)

        def write_then_fail(*args: Any, **kwargs: Any) -> None:
            original(*args, **kwargs)
            raise OSError("the disk is full")

        monkeypatch.setattr(target, name, write_then_fail)
        visitor.client.raise_request_exception = False
        assert visitor.opt_in().status_code == 500
        counts = [model.objects.count() for model in (Lead, OptIn, Consent, OutboxEntry)]
        assert counts == [0, 0, 0, 0]

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="a setting of SQLite")
    def test_sqlite_waits_for_the_disk(self, db: None) -> None:
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)


class TestInvariant02NobodyWhoLeftIsBroughtBack:
    ACTS = ("opt in", "confirm newest", "confirm oldest", "leave", "leave there", "lose", "fail")

    @hypothesis_settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(st.sampled_from(ACTS), max_size=14))
    @example(["leave", "opt in", "leave", "confirm newest"])
    def test_in_any_order_of_acts(self, visitor: Any, acts: list[str]) -> None:
        """Whoever is subscribed there has confirmed an opt-in made after last leaving."""
        locmem.service.reset()
        mail.outbox.clear()
        links: list[tuple[str, int]] = []
        left_at, left_here_at, agreed_at = -1, -1, -1
        with transaction.atomic():
            for step, act in enumerate(["opt in", "confirm newest", *acts]):
                visitor.move(minutes=3)
                lead = Lead.objects.first()
                if act == "opt in":
                    sent = len(mail.outbox)
                    visitor.opt_in(cycle=("reactive", "criticism")[step % 2])
                    visitor.work()
                    if len(mail.outbox) > sent and "confirm" in visitor.links()[0]:
                        links.append((visitor.links()[0], step))
                elif act.startswith("confirm") and links:
                    path, asked_at = links[-1 if act == "confirm newest" else 0]
                    before = Consent.objects.filter(step="confirmed").count()
                    visitor.client.post(path, headers=ORIGIN)
                    if Consent.objects.filter(step="confirmed").count() > before:
                        assert asked_at > left_here_at
                        agreed_at = step
                elif act == "leave" and lead:
                    leave(lead_id=lead.pk, now=visitor.clock())
                    left_at = left_here_at = step
                elif act == "leave there" and locmem.service.members:
                    member = locmem.service.members["ada@mail.test"]
                    member.status = MemberStatus.UNSUBSCRIBED
                    member.changed_at = visitor.clock()
                    left_at = step
                    if lead:
                        enqueue_member(lead=lead, now=visitor.clock())
                elif act in {"lose", "fail"}:
                    error = UnreachableError if act == "lose" else ServiceError
                    locmem.service.failures.append(error("for a test"))
                visitor.work()
                for member in locmem.service.members.values():
                    if member.status == MemberStatus.SUBSCRIBED:
                        assert agreed_at > left_at or delivery_waits()
            locmem.service.failures.clear()
            visitor.move(hours=2)
            visitor.work()
            for member in locmem.service.members.values():
                expected = agreed_at > left_at
                assert (member.status == MemberStatus.SUBSCRIBED) == expected
            transaction.set_rollback(True)

    def test_an_update_carries_no_status(self, visitor: Any, mail_service: Any) -> None:
        lead = visitor.become_confirmed()
        mail_service.members["ada@mail.test"].status = MemberStatus.UNSUBSCRIBED
        for _ in range(3):
            enqueue_member(lead=lead, now=visitor.clock())
            visitor.work()
        assert mail_service.members["ada@mail.test"].status == MemberStatus.UNSUBSCRIBED
        assert len(mail_service.announced) == 1


def delivery_waits() -> bool:
    """Whether a delivery about the member still waits, after an error made for the test."""
    return OutboxEntry.objects.filter(kind=OutboxKind.MEMBER, state="pending").exists()


def test_invariant_03_a_get_changes_nothing(visitor: Any) -> None:
    visitor.become_confirmed(cycle="reactive")
    videos_mail = visitor.links()
    visitor.opt_in("grace@mail.test")
    visitor.work()
    paths = [*PUBLIC_PATHS, *videos_mail, *visitor.links(), "/free-videos/watch/"]
    before = rows_of_everything()
    for path, method in itertools.product(paths, ("get", "head")):
        getattr(visitor.client, method)(path, follow=True)
    assert rows_of_everything() == before


def test_invariant_04_the_answer_is_the_same_for_every_address(visitor: Any) -> None:
    visitor.become_confirmed("confirmed@mail.test")
    gone = visitor.become_confirmed("unsubscribed@mail.test")
    leave(lead_id=gone.pk, now=visitor.clock())
    complained = visitor.become_confirmed("complained@mail.test")
    suppress_lead(
        lead_id=complained.pk,
        reason=SuppressionReason.COMPLAINED,
        source="a test",
        now=visitor.clock(),
    )
    visitor.opt_in("pending@mail.test")
    visitor.work()
    visitor.opt_in("waiting@mail.test")
    answers, statements = set(), set()
    for kind in ("new", "waiting", "pending", "confirmed", "unsubscribed", "complained"):
        with CaptureQueriesContext(connection) as queries:
            answer = visitor.opt_in(f"{kind}@mail.test", cycle="reactive")
        answers.add((answer.status_code, answer.content, str(sorted(answer.headers.items()))))
        statements.add(tuple(query["sql"].split(" ", 1)[0] for query in queries))
    assert len(answers) == 1
    assert len(statements) == 1


def test_invariant_05_nothing_recognises_a_device(visitor: Any) -> None:
    first = visitor.become_confirmed("ada@mail.test", first_name="Ada", cycle="resentment")
    assert visitor.client.cookies
    second = visitor.become_confirmed("grace@mail.test")
    assert (first.pk != second.pk, second.first_name, second.current_cycle) == (True, "", None)


def test_invariant_05_a_mails_link_shows_no_answers(visitor: Any) -> None:
    visitor.become_confirmed("ada@mail.test", first_name="Adaline", cycle="resentment")
    cycle = StuckCycle.objects.get(code="resentment")
    for path in visitor.links():
        page = visitor.client.get(path, follow=True).content.decode()
        for secret in ("ada@mail.test", "Adaline", cycle.name, cycle.experience):
            assert secret not in page


def test_invariant_06_names_stay_out_of_urls_logs_rows_and_the_first_lines_of_mails(
    visitor: Any, mail_service: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="funnel")
    mail_service.failures.append(ServiceError("a problem"))
    answers = [visitor.opt_in("adaline@mail.test", first_name="Adaline", cycle="resentment")]
    visitor.work()
    answers.append(visitor.confirm())
    visitor.work()
    visitor.move(hours=1)
    visitor.work()
    answers.append(visitor.client.get(visitor.links()[0]))

    said = [str(list(OutboxEntry.objects.values())), str(list(SyncAttempt.objects.values()))]
    said += [ScrubbingFormatter().format(record) for record in caplog.records]
    for answer in answers:
        said += [answer.headers.get("Location", ""), str(answer.cookies)]
    for message in mail.outbox:
        html = str(message.alternatives[0].content)
        text_of_html = html.split("<body", 1)[1]
        said += [message.subject, message.from_email, message.body[:150], text_of_html[:600]]
        assert "preheader" not in html
    for secret in ("adaline", "resentment"):
        assert secret not in "\n".join(said).lower()


CULPRITS = ("grace@mail.test", "/free-videos/confirm/inVwvFmVpaKQDRlkg97kOrBkLG0LftLijTge7SM-Ih0/")


def test_invariant_06_a_traceback_is_scrubbed() -> None:
    try:
        raise ValueError("Key (address_key)=(ada.byron@mail.test) already exists.")
    except ValueError as error:
        record = logging.LogRecord(
            "funnel", 40, "", 1, "%s at %s", CULPRITS, (type(error), error, None)
        )
    formatted = ScrubbingFormatter().format(record)
    assert "mail.test" not in formatted
    assert "inVwv" not in formatted
    assert "already exists" in formatted


def test_invariant_07_no_call_outside_in_a_transaction_or_a_request(
    visitor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = len(connection.savepoint_ids)
    in_request: list[bool] = [False]
    calls: list[str] = []

    def watched(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            assert len(connection.savepoint_ids) == depth, f"{name} inside a transaction"
            assert not in_request[0], f"{name} inside a request"
            calls.append(name)
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, call)

    for name in ("announce", "update", "unsubscribe", "set_tags", "read"):
        watched(locmem.LocmemBackend, name)
    watched(mail.EmailMultiAlternatives, "send")
    request = visitor.client.request

    def watched_request(**arguments: Any) -> Any:
        in_request[0] = True
        try:
            return request(**arguments)
        finally:
            in_request[0] = False

    monkeypatch.setattr(visitor.client, "request", watched_request)
    lead = visitor.become_confirmed(cycle="reactive")
    visitor.client.post(visitor.links()[1])
    visitor.work()
    lead.refresh_from_db()
    assert {"announce", "set_tags", "unsubscribe", "send"} <= set(calls)


def test_invariant_08_pages_anybody_can_open_set_no_cookie_and_can_be_cached(
    visitor: Any,
) -> None:
    for path in PUBLIC_PATHS:
        page = visitor.client.get(path)
        assert page.status_code == 200
        assert not page.cookies
        assert "Cookie" not in page.headers.get("Vary", "")
        assert "no-store" not in page.headers.get("Cache-Control", "")
        assert "csrfmiddlewaretoken" not in page.content.decode()


def test_invariant_08_the_one_cookie_is_bound_to_its_path(visitor: Any) -> None:
    visitor.opt_in()
    visitor.work()
    [cookie] = visitor.confirm().cookies.values()
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "/free-videos/watch/",
        True,
        "Lax",
    )
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert "ada" not in cookie.value


def test_invariant_09_a_tag_that_is_not_ours_stays(visitor: Any, mail_service: Any) -> None:
    visitor.become_confirmed(cycle="desperation")
    mail_service.members["ada@mail.test"].tags |= {"vip", "cycle-of-life"}
    visitor.become_confirmed(cycle="resentment")
    tags = mail_service.members["ada@mail.test"].tags
    assert tags == {"vip", "cycle-of-life", "cycle-resentment", "offer-free-videos"}


def test_invariant_09_a_lead_has_one_cycle_and_a_dated_history(visitor: Any) -> None:
    visitor.become_confirmed(cycle="desperation")
    lead = visitor.become_confirmed(cycle="resentment")
    history = lead.opt_ins.order_by("submitted_at").values_list("stated_cycle__code", flat=True)
    assert lead.current_cycle.code == "resentment"
    assert list(history) == ["desperation", "resentment"]


def test_invariant_10_an_export_opens_safely(visitor: Any, admin_client: Any) -> None:
    visitor.become_confirmed(first_name="=cmd|' /C calc'!A0", utm_source="@SUM(1;2)")
    exported = {
        kind: b"".join(admin_client.get(LEADS, {"export": kind}).streaming_content)
        for kind in ("csv", "xlsx")
    }
    [headings, row] = csv.reader(io.StringIO(exported["csv"].decode("utf-8-sig")))
    sheet = openpyxl.load_workbook(io.BytesIO(exported["xlsx"])).active
    assert [cell.value for cell in sheet[1]] == headings
    assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [cell for cell in sheet[2] if cell.data_type == "f"]
    Lead.objects.update(receives_letters=False)
    exported_again = b"".join(admin_client.get(LEADS, {"export": "csv"}).streaming_content)
    [headings, row] = csv.reader(io.StringIO(exported_again.decode("utf-8-sig")))
    assert row[headings.index("Agreed to letters")].lower() in {"no", "false"}


def test_invariant_11_figures_are_counts_of_rows(visitor: Any) -> None:
    visitor.become_confirmed()
    visitor.opt_in("grace@mail.test")
    visitor.move(seconds=42)
    assert lead_figures() == {
        "leads": Lead.objects.count(),
        "confirmed": Lead.objects.filter(stage="confirmed").count(),
    }
    assert outbox_figures(now=visitor.clock()) == {
        "pending": 1,
        "planned": OutboxEntry.objects.filter(state="pending", due_at__gt=visitor.clock()).count(),
        "in_flight": 0,
        "delivered": OutboxEntry.objects.filter(state="delivered").count(),
        "needs_attention": 0,
        "oldest_due_seconds": 42,
    }


def _calls(folder: str) -> Iterator[tuple[Path, str]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                yield path.relative_to(ROOT), ast.unparse(node.func)


@pytest.mark.parametrize("folder", ["funnel/services", "funnel/queries", "funnel/mailing"])
def test_invariant_12_time_is_passed_in(folder: str) -> None:
    clocks = ("timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time")
    assert [(path, call) for path, call in _calls(folder) if call.endswith(clocks)] == []


def test_invariant_12_tests_never_sleep() -> None:
    assert [path for path, call in _calls("tests") if call in {"time.sleep", "sleep"}] == []
