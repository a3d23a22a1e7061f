"""What the lines of a text file are taken for; and that no word of any file is lost."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.importing.parse import (
    BulletList,
    Credit,
    Heading,
    Offer,
    Paragraph,
    ParsedArticle,
    Part,
    parse_article,
)

LONG = (
    "When one of you does something else, the dance that two people do can’t stay as it was. " * 2
)

ARTICLE = f"""\ufeffHow to Begin Alone

{LONG}

Somebody Has to Go First

Don’t hold your breath.

Photo by\xa0Ada Sample\xa0on\xa0Unsplash

What helps:

\t• Say it once
\t• Say it early

What Can I Do?

{LONG}

Tired of going first?

NOBODY ELSE HAS TO COME

TWO FREE LESSONS

You’ll learn:

  - How to begin
  - When to stop"""


def words(text: str) -> list[str]:
    """The words of a text, without marks and bullets."""
    return re.findall(r"[^\W_]+", text)


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts of an article with this text below its title."""
    return parse_article(f"A Title\n\n{text}").parts


LINES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "",
            "• a point",
            "- another",
            "  * indented",
            "1. numbered",
            "Photo by Ada Sample",
            "A Short Heading",
            "Why Would It?",
            "3 FREE VIDEOS",
            "Learn about:",
            "\tmore of it",
            "***",
            LONG,
        ]
    ),
)


class TestNoWordIsLost:
    """Whatever the rules make of it."""

    @given(st.lists(LINES, max_size=25), st.sampled_from(["\n", "\r\n", "\r"]))
    @example(["A", "", "- x", "- y", "", "FREE", "", "free"], "\n")
    def test_of_anything_like_an_article(self, lines: list[str], line_end: str) -> None:
        text = line_end.join(lines)
        assert words(" ".join(parse_article(text).texts())) == words(text)

    @given(st.text())
    def test_of_any_text(self, text: str) -> None:
        assert words(" ".join(parse_article(text).texts())) == words(text)

    @given(st.lists(st.from_regex(r"[A-Za-z,.;:?!“”’ ]{0,60}", fullmatch=True), max_size=12))
    def test_nor_any_mark(self, lines: list[str]) -> None:
        text = "\n".join(lines)
        kept = "".join(parse_article(text).texts())
        assert "".join(kept.split()) == "".join(text.split())

    @given(st.lists(LINES, max_size=25))
    def test_and_no_text_breaks_a_line(self, lines: list[str]) -> None:
        for text in parse_article("\n".join(lines)).texts():
            assert text == " ".join(text.split())


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_whole_article(line_end: str) -> None:
    assert parse_article(ARTICLE.replace("\n", line_end)) == ParsedArticle(
        title="How to Begin Alone",
        parts=(
            Paragraph(text=LONG.strip()),
            Heading(text="Somebody Has to Go First"),
            Paragraph(text="Don’t hold your breath."),
            Credit(text="Photo by Ada Sample on Unsplash"),
            Paragraph(text="What helps:"),
            BulletList(items=("Say it once", "Say it early")),
            Heading(text="What Can I Do?"),
            Paragraph(text=LONG.strip()),
        ),
        offer=Offer(
            eyebrow="Tired of going first?",
            heading="NOBODY ELSE HAS TO COME",
            offer_line="TWO FREE LESSONS",
            points_heading="You’ll learn:",
            points=("How to begin", "When to stop"),
        ),
    )


class TestTitle:
    """The first line, if it can be one."""

    def test_a_long_first_paragraph_is_none(self) -> None:
        parsed = parse_article(f"{LONG}\n\nMore.")
        assert parsed.title == ""
        assert parsed.parts[0] == Paragraph(text=LONG.strip())

    def test_nor_is_a_list(self) -> None:
        assert parse_article("- one\n- two\n\nMore.").title == ""

    def test_a_title_may_be_all_there_is(self) -> None:
        assert parse_article("Only this") == ParsedArticle(title="Only this")

    @pytest.mark.parametrize("text", ["", "\n \n\t\n", "***\n\n---"])
    def test_nothing_is_an_article_of_nothing(self, text: str) -> None:
        assert parse_article(text) == ParsedArticle()


class TestHeading:
    """A short line of its own that ends like no sentence."""

    @pytest.mark.parametrize(
        "line",
        ["The Trap of Waiting", "The trap of waiting", "Why Does He Go?", "IT HELPS!", "1. Listen"],
    )
    def test_is(self, line: str) -> None:
        assert parts_of(f"{LONG}\n\n{line}\n\n{LONG}")[1] == Heading(text=line)

    @pytest.mark.parametrize(
        "line",
        [
            "That is it.",
            "That is it…",
            "She said, “That is it.”",
            "Here is what helps:",
            "And you know what?",
            "and so it went",
            "A line that is much too long to be read as a heading, since it goes on and on",
        ],
    )
    def test_is_not(self, line: str) -> None:
        assert parts_of(f"{LONG}\n\n{line}\n\n{LONG}")[1] == Paragraph(text=line)

    def test_questions_are_headings_where_headings_are_written_like_sentences(self) -> None:
        text = f"Before you begin\n\n{LONG}\n\nBut why does it hurt?\n\n{LONG}"
        assert parts_of(text)[2] == Heading(text="But why does it hurt?")

    def test_questions_are_paragraphs_where_headings_have_capitals(self) -> None:
        text = f"Before You Begin\n\n{LONG}\n\nBut why does it hurt?\n\n{LONG}"
        assert parts_of(text)[2] == Paragraph(text="But why does it hurt?")

    def test_the_last_line_heads_nothing(self) -> None:
        assert parts_of(f"{LONG}\n\nWith love, Ada")[-1] == Paragraph(text="With love, Ada")


class TestList:
    """Lines with bullets."""

    @pytest.mark.parametrize("bullet", ["•", "-", "*", "–", "◦", "·", "\t•\t", "  -  "])
    def test_any_bullet(self, bullet: str) -> None:
        text = f"{LONG}\n\n{bullet} one\n{bullet} two\n\n{LONG}"
        assert parts_of(text)[1] == BulletList(items=("one", "two"))

    def test_blank_lines_between_items_do_not_part_them(self) -> None:
        assert parts_of("- one\n\n- two\n\nEnd.")[0] == BulletList(items=("one", "two"))

    def test_a_sentence_right_above_is_no_item(self) -> None:
        parts = parts_of(f"{LONG}\nWhat helps:\n- one\n- two\n\nEnd.")
        assert parts[1:3] == (Paragraph(text="What helps:"), BulletList(items=("one", "two")))

    def test_numbered_lines_keep_their_numbers(self) -> None:
        parts = parts_of("It takes two things.\n\n1. Listen\n2. Wait\n\nEnd.")
        assert parts[1:3] == (Paragraph(text="1. Listen"), Paragraph(text="2. Wait"))

    def test_an_indented_line_goes_on_with_its_item(self) -> None:
        parts = parts_of(f"{LONG}\n\n- one\n  and more of it\n- two\n\nEnd.")
        assert parts[1] == BulletList(items=("one and more of it", "two"))

    @pytest.mark.parametrize("line", ["-5 degrees.", "*Note.", "—Ada said so."])
    def test_a_mark_without_a_space_is_no_bullet(self, line: str) -> None:
        assert parts_of(f"{line}\n\nEnd.")[0] == Paragraph(text=line)


class TestLines:
    """When neighbouring lines are one paragraph."""

    def test_lines_that_a_program_wrapped_are_joined(self) -> None:
        wrapped = "This was written in a program\nthat breaks its lines by itself.\n\nAnd more.\n"
        assert parts_of(wrapped) == (
            Paragraph(text="This was written in a program that breaks its lines by itself."),
            Paragraph(text="And more."),
        )

    def test_without_blank_lines_every_line_is_its_own(self) -> None:
        parsed = parse_article(f"A Title\n{LONG}\nA Heading\n{LONG}")
        assert parsed.title == "A Title"
        assert parsed.parts[1] == Heading(text="A Heading")

    def test_ornaments_are_left_out(self) -> None:
        assert parts_of("One.\n\n* * *\n\nTwo.\n-----\n") == (
            Paragraph(text="One."),
            Paragraph(text="Two."),
        )


class TestCredit:
    """Who made a picture that is not here."""

    @pytest.mark.parametrize(
        "line",
        [
            "Photo by Ada Sample on Unsplash",
            "photo: Ada Sample",
            "Photo credit: Ada Sample / Sample Press",
            "Illustration by Ada Sample.",
            "Image courtesy of the Sample Museum",
            "© Ada Sample",
        ],
    )
    def test_is(self, line: str) -> None:
        assert parts_of(f"{LONG}\n\n{line}\n\n{LONG}")[1] == Credit(text=line)

    @pytest.mark.parametrize(
        "line",
        [
            "Photography is what she turned to",
            f"Photo by photo, {LONG.strip()}",
            "Pictures of you both",
        ],
    )
    def test_is_not(self, line: str) -> None:
        assert not isinstance(parts_of(f"{LONG}\n\n{line}\n\n{LONG}")[1], Credit)


class TestOffer:
    """What stands at the end and says that it is free."""

    def test_two_lines_and_no_points(self) -> None:
        parsed = parse_article(f"T\n\n{LONG}\n\nBegin alone\n\nA free lesson by mail")
        assert parsed.offer == Offer(heading="Begin alone", offer_line="A free lesson by mail")
        assert parsed.parts == (Paragraph(text=LONG.strip()),)

    def test_one_line_with_points(self) -> None:
        parsed = parse_article(f"T\n\n{LONG}\n\n3 FREE LESSONS\n\n- One\n- Two\n")
        assert parsed.offer == Offer(heading="3 FREE LESSONS", points=("One", "Two"))

    def test_no_more_than_three_lines(self) -> None:
        parsed = parse_article(f"T\n\n{LONG}\n\nHope\n\nTired?\n\nBegin\n\nIt’s free\n\n- One")
        assert parsed.parts[-1].text == "Hope"  # type: ignore[union-attr]
        assert parsed.offer is not None
        assert parsed.offer.eyebrow == "Tired?"

    @pytest.mark.parametrize(
        "end",
        [
            "Nothing costs anything here.",
            "A Life Free of Fear\n\n- Say it\n- Leave it",
            "Blame-Free Zone\n\n- Say it\n- Leave it",
            "What helps:\n\n- Say it\n- Leave it",
            f"3 FREE LESSONS\n\n- One\n\n{LONG}",
        ],
    )
    def test_is_none(self, end: str) -> None:
        assert parse_article(f"T\n\n{LONG}\n\n{end}").offer is None
