"""Other words of a call to action: which are shown, and which an opt-in records."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from funnel.blocks import CallToActionBlock, OptInFormBlock
from funnel.choices import CallToActionGoal
from funnel.models import CallToAction, OptIn, StuckCycle
from funnel.queries.content import form_content
from tests.factories.leads import CallToActionFactory, CallToActionVariantFactory

pytestmark = pytest.mark.django_db


def cycle(code: str) -> StuckCycle:
    return StuckCycle.objects.get(code=code)


@pytest.fixture
def offer() -> CallToAction:
    """An invitation with usual words, and two variants made in no order."""
    action: CallToAction = CallToActionFactory(heading="Usual", points="One\nTwo")
    CallToActionVariantFactory(
        call_to_action=action, cycle=cycle("resentment"), heading="Tired", button_label="Now"
    )
    CallToActionVariantFactory(call_to_action=action, cycle=cycle("reactive"), heading="Fast")
    return action


def rendered(block: Any, value: Any) -> BeautifulSoup:
    html = block.render(value, context={"request": RequestFactory().get("/")})
    return BeautifulSoup(html, "html.parser")


def parts(place: Tag) -> list[tuple[str, bool]]:
    return [
        (str(each["data-variant"]), each.has_attr("hidden"))
        for each in place.find_all(attrs={"data-variant": True}, recursive=False)
    ]


def test_a_line_left_empty_is_the_usual_one(offer: CallToAction) -> None:
    assert [(words.code, words.heading, words.button_label) for words in offer.all_words] == [
        ("default", "Usual", "Send me the videos"),
        ("reactive", "Fast", "Send me the videos"),
        ("resentment", "Tired", "Now"),
    ]
    assert {tuple(words.point_list) for words in offer.all_words} == {("One", "Two")}


def test_a_variant_without_a_word_of_its_own_is_none() -> None:
    variant = CallToActionVariantFactory(cycle=cycle("reactive"), heading=" \n")
    assert variant.call_to_action.variant_codes == []
    assert variant.call_to_action.variant_for("reactive") is None


def test_the_database_keeps_one_variant_for_a_cycle(offer: CallToAction) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CallToActionVariantFactory(call_to_action=offer, cycle=cycle("reactive"))


@pytest.mark.parametrize("code", ["default", "none"])
def test_a_cycle_has_no_name_that_means_no_cycle(code: str) -> None:
    with pytest.raises(ValidationError, match="has a meaning already"):
        StuckCycle(code=code, name="N", experience="E", mailchimp_tag="t").full_clean()


class TestRendering:
    """One document for everybody."""

    def test_words_vary_and_there_is_one_form(self, offer: CallToAction) -> None:
        page = rendered(CallToActionBlock(), offer)
        words, button = page.find_all(attrs={"data-variants": True})
        expected = [("default", False), ("reactive", True), ("resentment", True)]
        assert str(words["data-variants"]).split() == ["reactive", "resentment"]
        assert parts(words) == expected
        assert [each.get_text() for each in words.find_all("h2")] == ["Usual", "Fast", "Tired"]
        assert str(button["data-variants"]).split() == ["reactive", "resentment"]
        assert parts(button) == expected
        assert button.find_parent("button")["type"] == "submit"
        assert len(page.find_all("form")) == 1
        ids = [each["id"] for each in page.find_all(id=True)]
        assert len(ids) == len(set(ids))

    def test_a_link_varies_its_label(self, offer: CallToAction) -> None:
        offer.goal, offer.link_url = CallToActionGoal.LINK, "https://a.test/"
        [link] = rendered(CallToActionBlock(), offer).find_all("a")
        assert link.get_text(" ", strip=True) == "Send me the videos Send me the videos Now"
        assert parts(link.span)[1:] == [("reactive", True), ("resentment", True)]

    def test_without_variants_nothing_says_so(self) -> None:
        for html in (
            rendered(CallToActionBlock(), CallToActionFactory()),
            rendered(OptInFormBlock(), OptInFormBlock().normalize({"call_to_action": None})),
        ):
            assert not html.find_all(attrs={"data-variants": True})
            hidden = html.find_all(hidden=True)
            assert all(each.find("input", {"name": "homepage"}) for each in hidden)

    def test_words_are_words_and_nothing_else(self) -> None:
        script = "<script>{{ 1|add:1 }}{% nothing %}"
        action = CallToActionFactory(heading=script, button_label=script)
        CallToActionVariantFactory(
            call_to_action=action, cycle=cycle("reactive"), heading=script, button_label=script
        )
        page = rendered(CallToActionBlock(), action)
        assert not page.find_all("script")
        assert page.get_text().count(script) == 4

    def test_blocks_of_a_page_ask_once(self, offer: CallToAction) -> None:
        request = RequestFactory().get("/")
        values = [offer.pk, offer.pk, CallToActionFactory().pk]
        with CaptureQueriesContext(connection) as asked:
            for value in CallToActionBlock().bulk_to_python(values):
                CallToActionBlock().render(value, context={"request": request})
        # The calls to action with their variants, and the cycles with the settings.
        ours = [each["sql"][:80] for each in asked if 'FROM "funnel_' in each["sql"]]
        assert len(ours) == 2, ours

    def test_the_note_is_there_for_every_cycle(self) -> None:
        template = engines["django"].from_string(
            "{% include 'funnel/includes/chosen_cycle.html' %}"
        )
        page = BeautifulSoup(template.render({}, RequestFactory().get("/")), "html.parser")
        place = page.find(attrs={"data-chosen-cycle": True})
        codes = [each.code for each in form_content(None).cycles]
        assert parts(place) == [(code, True) for code in codes]
        assert str(place["data-variants"]).split() == codes
        assert len(page.find_all(attrs={"data-drop-cycle": True})) == len(codes)
        assert page.find(role="status").get_text() == ""


class TestRecording:
    """An opt-in names the variant that was seen, if there is one."""

    def test_the_variant_that_was_shown(self, visitor: Any, offer: CallToAction) -> None:
        visitor.opt_in(call_to_action=offer.pk, variant="reactive")
        opt_in = OptIn.objects.get()
        assert opt_in.call_to_action_variant == offer.variant_for("reactive")
        assert opt_in.words_shown == f"For {cycle('reactive')}"
        assert opt_in.stated_cycle is None

    @pytest.mark.parametrize(
        "variant", ["", "default", "criticism", "REACTIVE", "1", "reactive ", "\x00", "é" * 9000]
    )
    def test_anything_else_is_the_usual_words(
        self, visitor: Any, offer: CallToAction, variant: str
    ) -> None:
        assert visitor.opt_in(call_to_action=offer.pk, variant=variant).status_code == 302
        assert OptIn.objects.get().call_to_action_variant is None
        assert OptIn.objects.get().words_shown == "The usual words"

    def test_a_variant_of_another_invitation_is_none(
        self, visitor: Any, offer: CallToAction
    ) -> None:
        visitor.opt_in("a@mail.test", call_to_action=CallToActionFactory().pk, variant="reactive")
        visitor.opt_in("b@mail.test", variant="reactive")
        for opt_in in OptIn.objects.all():
            assert opt_in.call_to_action_variant is None
