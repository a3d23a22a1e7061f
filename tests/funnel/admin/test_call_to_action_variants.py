"""Other words for a call to action, as a coach writes them and takes them back."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from funnel.models import CallToAction, CallToActionVariant, StuckCycle
from tests.factories.leads import (
    CallToActionFactory,
    CallToActionVariantFactory,
    OptInFactory,
    StuckCycleFactory,
    lead_with_story,
)

pytestmark = pytest.mark.django_db


def url(view: str, *args: int) -> str:
    return reverse(f"wagtailsnippets_funnel_calltoaction:{view}", args=args)


def form(*variants: dict[str, Any], stored: int = 0, **facts: Any) -> dict[str, str]:
    """What a browser sends."""
    data = {
        "name": "Three videos",
        "heading": "Stuck?",
        "button_label": "Send them",
        "goal": "opt_in",
        "variants-TOTAL_FORMS": str(len(variants)),
        "variants-INITIAL_FORMS": str(stored),
        **facts,
    }
    for place, variant in enumerate(variants):
        data |= {f"variants-{place}-{name}": str(value) for name, value in variant.items()}
    return data


def words_for(code: str, **words: Any) -> dict[str, Any]:
    return {"cycle": StuckCycle.objects.get(code=code).pk, "heading": f"For {code}", **words}


@pytest.fixture
def variant() -> CallToActionVariant:
    """Words for one cycle."""
    made: CallToActionVariant = CallToActionVariantFactory(
        cycle=StuckCycle.objects.get(code="reactive"), call_to_action__name="Three videos"
    )
    return made


def test_a_coach_writes_words_for_four_cycles_and_no_more(coach: Client) -> None:
    StuckCycleFactory(code="fifth")
    codes = ["reactive", "criticism", "desperation", "resentment"]
    five = form(*(words_for(code) for code in [*codes, "fifth"]))
    assert coach.post(url("add"), five).status_code == 200
    assert not CallToAction.objects.filter(name="Three videos").exists()
    assert coach.post(url("add"), form(*map(words_for, codes))).status_code == 302
    made = CallToAction.objects.get(name="Three videos")
    assert made.variant_codes == codes


def test_cycles_are_named_in_the_readers_words(coach: Client) -> None:
    page = coach.get(url("add")).content.decode()
    choices = BeautifulSoup(page.partition("variants-EMPTY_FORM_TEMPLATE")[2], "html.parser")
    labels = [each.get_text() for each in choices.select("select[name$=cycle] option")]
    assert labels[1:] == [each.experience for each in StuckCycle.objects.all()]


def test_two_variants_for_one_cycle_are_refused_in_words(coach: Client) -> None:
    page = coach.post(url("add"), form(words_for("reactive"), words_for("reactive")))
    assert page.status_code == 200
    assert "There are two variants for one cycle" in page.content.decode()


def test_the_cycle_of_stored_words_stays(coach: Client, variant: CallToActionVariant) -> None:
    sent = form(words_for("criticism", id=variant.pk, heading="New"), stored=1)
    assert coach.post(url("edit", variant.call_to_action_id), sent).status_code == 302
    variant.refresh_from_db()
    assert (variant.cycle.code, variant.heading) == ("reactive", "New")


def test_words_nobody_came_through_go(coach: Client, variant: CallToActionVariant) -> None:
    sent = form(words_for("reactive", id=variant.pk, DELETE="1"), stored=1)
    assert coach.post(url("edit", variant.call_to_action_id), sent).status_code == 302
    assert not CallToActionVariant.objects.exists()


def test_words_that_brought_people_stay_and_can_be_emptied(
    coach: Client, variant: CallToActionVariant
) -> None:
    OptInFactory(call_to_action=variant.call_to_action, call_to_action_variant=variant)
    edit = url("edit", variant.call_to_action_id)
    sent = form(words_for("reactive", id=variant.pk, DELETE="1"), stored=1)
    page = coach.post(edit, sent).content.decode()
    assert "stay, because people asked for the videos after reading them" in page
    field = BeautifulSoup(page, "html.parser").find(attrs={"name": "variants-0-DELETE"})
    assert field
    assert not field.get("value")
    emptied = form(words_for("reactive", id=variant.pk, heading=""), stored=1)
    assert coach.post(edit, emptied).status_code == 302
    assert CallToAction.objects.get(pk=variant.call_to_action_id).variant_codes == []


def test_a_copy_has_variants_of_its_own(coach: Client, variant: CallToActionVariant) -> None:
    page = coach.get(url("copy", variant.call_to_action_id)).content.decode()
    shown = BeautifulSoup(page, "html.parser")
    sent = {
        field["name"]: field.get("value", "")
        for field in shown.select("form input[name^=variants-]")
        if "__prefix__" not in field["name"]
    }
    assert sent["variants-0-heading"] == variant.heading
    sent |= {"variants-0-cycle": str(variant.cycle_id), **form(name="Copy")}
    sent |= {"variants-TOTAL_FORMS": "1", "variants-INITIAL_FORMS": "1"}
    assert coach.post(url("add"), sent).status_code == 302
    assert CallToAction.objects.get(name="Copy").variant_codes == ["reactive"]
    variant.refresh_from_db()
    assert variant.call_to_action.name == "Three videos"


def test_an_unused_call_to_action_goes_with_its_variants(
    coach: Client, variant: CallToActionVariant
) -> None:
    coach.post(url("delete", variant.call_to_action_id))
    assert not CallToAction.objects.exists()


def test_a_cycle_that_has_words_stays(admin_client: Client, variant: CallToActionVariant) -> None:
    address = reverse("wagtailsnippets_funnel_stuckcycle:delete", args=(variant.cycle_id,))
    page = admin_client.post(address, follow=True).content.decode()
    assert "1 variant of a call to action" in page
    assert StuckCycle.objects.filter(pk=variant.cycle_id).exists()


def test_a_lead_page_says_whose_words_were_seen(
    marketing: Client, variant: CallToActionVariant
) -> None:
    lead = lead_with_story(
        opt_in__call_to_action=CallToActionFactory(), opt_in__call_to_action_variant=variant
    )
    page = marketing.get(reverse("wagtailsnippets_funnel_lead:inspect", args=(lead.pk,)))
    assert f"(For {variant.cycle})" in page.content.decode()
    file = marketing.get(reverse("wagtailsnippets_funnel_lead:list"), {"export": "csv"})
    text = b"".join(file.streaming_content).decode() if file.streaming else file.content.decode()
    assert "Words shown" in text
    assert f"For {variant.cycle}" in text
