"""Links in running text."""

import pytest
from wagtail.rich_text import expand_db_html

from tests.factories.pages import StandardPageFactory


@pytest.mark.parametrize("address", ["https://help.test/a?b=1&amp;c=2", "http://help.test/"])
def test_a_link_to_another_site_tells_it_nothing(address: str) -> None:
    written = f'<p>See <a href="{address}">there</a>.</p>'
    shown = f'<p>See <a href="{address}" rel="noopener noreferrer">there</a>.</p>'
    assert expand_db_html(written) == shown


def test_an_address_stays_in_its_quotation_marks() -> None:
    written = '<a href="https://help.test/&quot;&gt;&lt;script&gt;">x</a>'
    shown = expand_db_html(written)
    assert "<script>" not in shown
    assert shown.count('"') == 4


@pytest.mark.parametrize("address", ["mailto:a@help.test", "#here", "/about/", "tel:+431"])
def test_other_links_are_left_alone(address: str) -> None:
    written = f'<a href="{address}">x</a>'
    assert expand_db_html(written) == written


@pytest.mark.django_db
def test_a_link_to_a_page_of_ours_is_left_alone() -> None:
    page = StandardPageFactory()
    assert "noreferrer" not in expand_db_html(f'<a linktype="page" id="{page.pk}">x</a>')
