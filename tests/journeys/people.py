"""What the people of the journeys do, step by step, as they would."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

from tests.journeys.stack import Stack
from tests.processes import wait_until


def open_an_article(page: Page) -> str:
    """Go from the front page to its first article; return the article's heading."""
    page.goto("/")
    page.locator("main a[href*='/articles/']").first.click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_be_visible()
    return heading.inner_text()


def invitation(page: Page) -> Locator:
    """The first opt-in form on a page."""
    return page.locator("form[data-opt-in-form]").first


def fill_invitation(page: Page, *, address: str, first_name: str = "", sentence: str = "") -> None:
    """Fill the form; `sentence` is the cycle in the words of the experience."""
    form = invitation(page)
    if sentence:
        form.get_by_label(sentence).check()
    if first_name:
        form.get_by_label("First name").fill(first_name)
    form.get_by_label("Email address").fill(address)


def send_invitation(page: Page) -> None:
    """Press the form's button."""
    invitation(page).locator("[type=submit]").click()


def ask_for_the_videos(page: Page, *, address: str) -> None:
    """Fill the form of the page one is on, and arrive at the page about the mail."""
    fill_invitation(page, address=address)
    send_invitation(page)
    page.wait_for_url("**/check-your-mail/")


def open_the_mail(page: Page, *, address: str, number: int = 1) -> str:
    """Wait for the person's mail on the page of local mails, open it, return its one link.

    `number` counts the person's mails; the newest is opened.
    """
    page.goto("/mail/")

    def arrived() -> bool:
        page.reload()
        return page.locator("li", has_text=address).count() >= number

    wait_until(arrived, seconds=20, what=f"mail number {number} to {address}")
    page.locator("li", has_text=address).first.get_by_role("link").click()
    links = page.locator(".letter a")
    return str(links.first.get_attribute("href"))


def become_confirmed(page: Page, *, address: str) -> None:
    """Walk from the form page through the mail to the videos."""
    page.goto("/free-videos/")
    ask_for_the_videos(page, address=address)
    page.goto(open_the_mail(page, address=address))
    page.get_by_role("button", name="Confirm and open the videos").click()
    page.wait_for_url("**/free-videos/watch/")


def log_in(page: Page, stack: Stack, *, name: str) -> None:
    """Log in to the admin."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(stack.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")


@dataclass
class Witness:
    """What a browser did while somebody looked: requests, answers, complaints."""

    page: Page
    requested: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def strangers(self, own: str) -> list[str]:
        """The addresses asked for that are not this site's."""
        return [url for url in self.requested if not url.startswith((own, "data:", "blob:"))]

    def statuses(self, part: str) -> set[int]:
        """The statuses of answers whose address contains `part`."""
        return {response.status for response in self.responses if part in response.url}


@contextmanager
def watching(page: Page) -> Iterator[Witness]:
    """Record what the page's browser asks for, gets, and complains about on its console."""
    witness = Witness(page)

    def complain(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            witness.complaints.append(f"{page.url}: {message.text}")

    page.on("request", lambda request: witness.requested.append(request.url))
    page.on("response", lambda response: witness.responses.append(response))
    page.on("console", complain)
    page.on("pageerror", lambda error: witness.complaints.append(f"{page.url}: {error}"))
    yield witness
