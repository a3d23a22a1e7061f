"""The first reader of a page waits for no picture."""

import pytest
from django.core.management import call_command
from django.test import Client

from cms.models import SiteImage
from home.models import HomePage
from tests.factories.pages import SiteImageFactory


@pytest.mark.django_db
def test_the_sizes_a_page_shows_are_there_before_its_first_reader(client: Client) -> None:
    call_command("prepare_site")
    home = HomePage.objects.get()
    home.image = SiteImageFactory()
    home.save_revision().publish()
    sizes = SiteImage.get_rendition_model().objects
    assert not sizes.exists()

    call_command("prepare_pictures")
    made = sizes.count()
    assert made
    assert client.get("/").status_code == 200
    assert sizes.count() == made
