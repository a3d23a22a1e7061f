"""The format of the content files: nothing is lost, and what it doesn't know it refuses."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.demo import content_format as fmt
from tests.home.demo.reading import all_texts, all_words, body_of_source

word = st.text(alphabet="abcdefghijklmnopqrstuvwxyzàéäß’“”?!.,;&<", min_size=1, max_size=9)
plain = st.lists(word, min_size=1, max_size=12).map(" ".join)
marked = st.lists(
    st.one_of(plain, plain.map(lambda words: f"*{words}*"), plain.map(lambda w: f"**{w}**")),
    min_size=1,
    max_size=4,
).map(" ".join)
alternative = st.lists(word, max_size=8).map(" ".join)
file_name = st.from_regex(r"[a-z0-9-]{1,12}\.(jpg|webp)", fullmatch=True)
passage = st.one_of(
    marked.map(lambda text: fmt.Heading(text=text)),
    marked.map(lambda text: fmt.Paragraph(text=text)),
    st.lists(marked, min_size=1, max_size=5).map(lambda i: fmt.BulletList(items=tuple(i))),
    st.builds(fmt.Quote, text=marked, attribution=st.one_of(st.just(""), plain)),
    st.builds(fmt.Picture, file=file_name, alt=alternative, credit=alternative),
)
slot = st.sampled_from(sorted(fmt.SLOTS)).flatmap(
    lambda name: st.builds(
        fmt.Slot,
        name=st.just(name),
        fields=st.lists(
            st.tuples(st.sampled_from(sorted(fmt.SLOTS[name]) or ["-"]), marked),
            max_size=4 if fmt.SLOTS[name] else 0,
        ).map(tuple),
    )
)
passages = st.lists(passage, max_size=3).map(tuple)
variants = st.builds(
    fmt.Variants,
    usual=passages,
    others=st.lists(
        st.tuples(st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True), passages), max_size=3
    ).map(tuple),
)
block = st.one_of(passage, slot, variants)
document = st.builds(
    fmt.Document,
    front_matter=st.dictionaries(
        st.from_regex(r"[a-z][a-z_]{0,12}", fullmatch=True), st.one_of(st.just(""), plain)
    ),
    blocks=st.lists(block, max_size=12).map(tuple),
)


@given(document)
def test_a_written_document_reads_back_equal(written: fmt.Document) -> None:
    assert fmt.parse_document(fmt.write_document(written)) == written


@given(document)
def test_no_word_is_lost(written: fmt.Document) -> None:
    source = fmt.write_document(written)
    assert all_words(" ".join(all_texts(fmt.parse_document(source)))) == all_words(
        body_of_source(source)
    )


@given(st.lists(plain, min_size=2, max_size=6))
def test_lines_of_one_paragraph_are_joined(lines: list[str]) -> None:
    parsed = fmt.parse_document("---\n---\n\n" + "\n".join(lines) + "\n")
    assert parsed.blocks == (fmt.Paragraph(text=" ".join(lines)),)


@given(st.lists(st.lists(plain, min_size=1, max_size=3), min_size=1, max_size=4))
def test_lines_of_one_item_or_quote_are_joined(items: list[list[str]]) -> None:
    written = "\n".join("- " + "\n  ".join(lines) for lines in items)
    quoted = "\n".join(f"> {line}" for line in items[0])
    parsed = fmt.parse_document(f"---\n---\n\n{written}\n\n{quoted}\n")
    assert parsed.blocks == (
        fmt.BulletList(items=tuple(" ".join(lines) for lines in items)),
        fmt.Quote(text=" ".join(items[0])),
    )


@given(marked)
def test_inline_html_holds_the_words_and_only_two_tags(text: str) -> None:
    html = fmt.inline_html(text)
    tags = set(re.findall(r"</?\w+>", html))
    assert tags <= {"<i>", "</i>", "<b>", "</b>"}
    assert all_words(fmt.plain_text(text)) == all_words(text)


def test_inline_html_escapes_what_an_author_types() -> None:
    assert fmt.inline_html("*a* < **b** & c") == "<i>a</i> &lt; <b>b</b> &amp; c"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("# too big a heading", 4),
        ("###  deeper", 4),
        ("{something_else}", 4),
        ("{call_to_action}\nheading: not for this one", 4),
        ("{lets_talk}\njust words", 4),
        ("{variants}\n\nnever closed", 4),
        ("{variants}\n\n{call_to_action}\n\n{end}", 6),
        ("{end}", 4),
        ("{for reactive}", 4),
        ("![no closing](picture.jpg", 4),
        ("![a path](../picture.jpg)", 4),
        ("text\n## a heading without its blank line", 4),
        ("text\n- an item without its blank line", 4),
        ("first\n\na *stray mark", 6),
        ("> a quote\nthat goes on without its mark", 4),
    ],
)
def test_what_the_format_does_not_know_is_refused_by_line(body: str, line: int) -> None:
    with pytest.raises(fmt.ContentFormatError, match=rf"^line {line}:"):
        fmt.parse_document(f"---\n---\n\n{body}\n")


@pytest.mark.parametrize(
    "source", ["", "no front matter", "---\ntitle: open", "---\nTitle\n---", "---\na: 1\na: 2\n---"]
)
def test_broken_front_matter_is_refused(source: str) -> None:
    with pytest.raises(fmt.ContentFormatError, match=r"^line \d+:"):
        fmt.parse_document(source)


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "article.md"
    path.write_text("---\n---\n\n# no\n", encoding="utf-8")
    with pytest.raises(fmt.ContentFormatError, match=r"^article\.md, line 4:"):
        fmt.read_document(path)


def test_a_document_that_would_change_its_meaning_is_not_written() -> None:
    with pytest.raises(fmt.ContentFormatError):
        fmt.write_document(fmt.Document(blocks=(fmt.Paragraph(text="- not a list"),)))
