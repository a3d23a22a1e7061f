"""Blocks bear blanks while a page is a draft, and say what is missing when it is published."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from cms.blocks import BodyBlock
from home.blocks import HomeBodyBlock
from tests.factories.pages import SiteImageFactory

BLANKS: list[tuple[str, Any]] = [
    ("heading", ""),
    ("paragraph", ""),
    ("list", []),
    ("image", {}),
    ("quote", {}),
    ("call_to_action", None),
    ("opt_in_form", {}),
    ("variants", {}),
    ("outside_video", {}),
    ("cycles", {}),
    ("lets_talk", {}),
    ("faq", {}),
    ("support_signpost", None),
    ("contact", {}),
    ("coach", {}),
    ("article_list", {}),
    ("testimonials", {}),
]


def stream(*blocks: tuple[str, Any]) -> Any:
    """A body of these blocks."""
    return HomeBodyBlock().normalize(list(blocks))


@pytest.mark.django_db
@pytest.mark.parametrize("blank", BLANKS, ids=lambda blank: blank[0])
class TestBlank:
    """A block that nobody has filled in yet."""

    def test_can_be_saved_in_a_draft(self, blank: tuple[str, Any]) -> None:
        HomeBodyBlock().clean_deferred(stream(blank))

    def test_can_be_shown(self, blank: tuple[str, Any]) -> None:
        request = RequestFactory().get("/")
        for is_preview in (True, False):
            request.is_preview = is_preview
            for block in stream(blank):
                block.render({"request": request})


@pytest.mark.django_db
def test_every_block_says_what_it_is_for_and_shows_what_it_looks_like() -> None:
    block = HomeBodyBlock()
    assert set(BodyBlock().child_blocks) == {
        "heading",
        "paragraph",
        "list",
        "image",
        "quote",
        "call_to_action",
        "opt_in_form",
        "variants",
        "outside_video",
        "cycles",
        "lets_talk",
        "faq",
        "support_signpost",
    }
    for name, child in block.child_blocks.items():
        assert child.meta.icon != "placeholder", name
        assert child.meta.group, name
        assert child.get_description(), name
        child.render(child.get_preview_value(), {"request": RequestFactory().get("/")})


@pytest.mark.django_db
class TestPicture:
    """A picture and its credit, which need not come together."""

    def clean(self, **values: Any) -> Any:
        """The value as publishing would take it."""
        block = BodyBlock().child_blocks["image"]
        blank = {"image": None, "alt": "", "credit": "", "caption": ""}
        return block.clean(block.normalize({**blank, **values}))

    def test_a_credit_may_wait_for_its_picture(self) -> None:
        assert self.clean(credit="Photo by Cy Waiting").awaits_picture

    def test_neither_is_too_little_to_publish(self) -> None:
        with pytest.raises(ValidationError) as raised:
            self.clean()
        assert "image" in raised.value.block_errors  # type: ignore[attr-defined]

    def test_the_library_fills_in(self) -> None:
        value = self.clean(image=SiteImageFactory())
        assert value.credit_line == "Photo by Ada Sample"
        assert value.alternative_text == "Two chairs at a window"
        assert not value.awaits_picture

    def test_the_article_has_the_last_word(self) -> None:
        value = self.clean(image=SiteImageFactory(), credit="By me", alt="A window")
        assert (value.credit_line, value.alternative_text) == ("By me", "A window")


@pytest.mark.django_db
class TestVariants:
    """A passage with other words for some readers."""

    def clean(self, *cycles: str) -> Any:
        """The value as publishing would take it, with a variant for each of these cycles."""
        block = BodyBlock().child_blocks["variants"]
        variants = [
            {"cycle": cycle, "passage": [("paragraph", f"<p>For {cycle}.</p>")]} for cycle in cycles
        ]
        return block.clean(
            block.normalize({"default": [("paragraph", "<p>For all.</p>")], "variants": variants})
        )

    def test_each_cycle_has_words_of_its_own(self) -> None:
        assert self.clean("criticism", "reactive").codes == ["criticism", "reactive"]

    def test_two_for_one_cycle_are_refused_in_the_second_ones_place(self) -> None:
        with pytest.raises(ValidationError) as raised:
            self.clean("criticism", "criticism")
        errors = raised.value.block_errors["variants"].block_errors  # type: ignore[attr-defined]
        assert list(errors) == [1]
        assert "already is a variant" in str(errors[1])

    def test_a_cycle_that_nobody_knows_is_refused(self) -> None:
        with pytest.raises(ValidationError):
            self.clean("no-such-cycle")

    def test_all_words_stand_in_the_page_the_usual_ones_first(self) -> None:
        html = BodyBlock().child_blocks["variants"].render(self.clean("criticism"), {})
        assert 'data-variants="criticism"' in html
        assert html.index("For all.") < html.index("For criticism.")
        assert html.count("data-variant=") == 2
