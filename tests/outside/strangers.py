"""Somebody who means harm, and sends it through every form that anybody can send."""

import re
from collections.abc import Sequence
from typing import Any

from django.core import mail
from django.test import Client

from funnel.models import CallRequest, ConsentWording, FunnelSettings, Lead
from funnel.queries.assessments import current_version
from tests.funnel.conftest import ORIGIN

# As long as each field lets a text be; a longer one is sent as well, and comes back.
LONGEST = {"first_name": 200, "name": 200, "topic": 2000, "times_that_suit": 300}
TALK, MY_DATA = "/free-videos/talk/", "/free-videos/my-data/"
SAID_BY_THE_PAGE = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
    *("landing_path", "referring_host", "time_zone", "variant", "stamp_of_another"),
)
# Every place for a text, in an order that brings different payloads to neighbors.
PLACES = (
    *("first_name", "name", "topic", "times_that_suit", "phone", "header", "query"),
    *(*SAID_BY_THE_PAGE, "answers", "cycle", "wording", "email", "contact_way", "act", "new_name"),
)


class Stranger:
    """Somebody’s payloads on their way through everything; `seen` is what came back, and where.

    With one payload it goes through every field; with more, each field gets the next of them.
    """

    def __init__(self, visitor: Any, payloads: Sequence[str], *, number: int) -> None:
        self.visitor = visitor
        self.payloads = payloads
        self.client = Client(REMOTE_ADDR=f"10.{number // 200}.{number % 200}.9")
        # What an address may hold by its standard, and a spreadsheet may take for more.
        self.address = f"=1+1|x'{{0}}`{number}@p{number}.test"
        self.seen: list[tuple[str, Any]] = []

    def text(self, place: str) -> str:
        """What goes to this place."""
        return self.payloads[PLACES.index(place) % len(self.payloads)]

    def fitting(self, place: str) -> str:
        """The same as the form takes it: no longer than allowed, and without what is refused."""
        return self.text(place).replace("\x00", "")[: LONGEST.get(place, 400)]

    def send_everything(self) -> None:
        """Opt in, confirm, ask for a call, confirm that, look at what is kept, change a name."""
        self.search()
        self.opt_in()
        self.visitor.work()
        self._press(self._newest_link("confirm"))
        self.visitor.work()
        self.ask_for_a_call()
        self.visitor.work()
        self._press(self._newest_link("talk/confirm"))
        self.visitor.work()
        self.see_my_data()

    def search(self) -> None:
        """Look for the payload; the page repeats it."""
        query = {"q": self.text("query"), "utm_source": self.text("utm_source")}
        self._note("GET search", self.client.get("/search/", query, headers=self._headers()))

    def opt_in(self) -> None:
        """Send the invitation: once as the payloads are, and once so that it is taken."""
        version = current_version()
        said = {name: self.text(name) for name in SAID_BY_THE_PAGE}
        right = {
            "email": self.address,
            "first_name": self.fitting("first_name"),
            "wording": ConsentWording.digest_of(**FunnelSettings.load().wording),
            "landing_path": f"/{self.text('landing_path')}"[:400],
            "answers": f"{version.pk}:0,0,0" if version else "",
            "cycle": "criticism",
        }
        wrong = {name: self.text(name) for name in right}
        self._post("/free-videos/", {**said, **wrong}, takes=False)
        sheet = {"q0": self.text("answers"), "version": self.text("variant")}
        self._post("/free-videos/which-cycle/", sheet, takes=False)
        self._post("/free-videos/", {**said, **right})

    def ask_for_a_call(self) -> None:
        """Send the request for a call the same two ways."""
        places = ("name", "topic", "times_that_suit", "phone", "email", "contact_way")
        self._post(TALK, {place: self.text(place) for place in places}, takes=False)
        right = {place: self.fitting(place) for place in places[:3]}
        sure = {"email": self.address, "contact_way": "email", "shares_story": "on"}
        self._post(TALK, {**right, **sure})

    def see_my_data(self) -> None:
        """Ask for the fresh link, open it, look at everything, and change the name."""
        self._post(MY_DATA, {"email": self.text("email")}, takes=False)
        self._post(MY_DATA, {"email": self.address})
        self.visitor.work()
        self._press(self._newest_link("my-data/open"))
        see = f"{MY_DATA}see/"
        self._post(see, {"act": self.text("act"), "call": self.text("variant")}, takes=False)
        change = {"act": "change", "first_name": self.text("new_name")}
        self._post(see, {**change, "cycle": self.text("cycle")}, takes=False)
        new_name = self.fitting("new_name")[:200]
        self._post(see, {**change, "first_name": new_name, "cycle": "resentment"})
        for path in (see, f"{see}records.json", f"{see}records.txt"):
            self._note(f"GET {path}", self.client.get(path))

    @property
    def lead(self) -> Lead:
        """What has become of it here."""
        return Lead.objects.get(address_key=self.address.lower())

    @property
    def request(self) -> CallRequest:
        """The request for a call."""
        return CallRequest.objects.get(lead=self.lead)

    def _headers(self) -> dict[str, str]:
        one_line = re.sub(r"[^\x20-\x7e\xa0-\xff]", "?", self.text("header"))[:4000]
        return {
            **ORIGIN,
            "User-Agent": one_line,
            "Referer": f"http://testserver/{one_line}?utm_term={one_line}",
            "Accept-Language": one_line,
        }

    def _post(self, path: str, data: dict[str, str], *, takes: bool = True) -> None:
        answer = self.client.post(path, data, headers=self._headers())
        self._note(f"POST {path}", answer)
        assert not takes or answer.status_code in (302, 303), (path, answer.status_code)

    def _press(self, path: str) -> None:
        self._note(f"GET {path}", self.client.get(path))
        answer = self.client.post(path, headers=ORIGIN)
        self._note(f"POST {path}", answer)
        assert answer.status_code in (200, 303), (path, answer.status_code)

    def _newest_link(self, kind: str) -> str:
        for message in reversed(mail.outbox):
            if message.to == [self.address]:
                found = re.search(rf"(/free-videos/{kind}/\S+)", str(message.body))
                if found:
                    return found[1]
        raise AssertionError(f"No mail to {self.address} has a link to {kind}.")

    def _note(self, where: str, answer: Any) -> None:
        assert answer.status_code < 500, where
        self.seen.append((where, answer))
