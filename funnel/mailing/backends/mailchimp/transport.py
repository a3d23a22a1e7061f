"""The official SDK over a transport that tells the truth.

The SDK (3.0.80) opens a connection per call, rewrites the word "server" anywhere in a URL, waits
120 s, and returns a plain response, without raising, for an error that has no JSON body, so that a
throttled write looks like success. `HonestApiClient` mends these four and nothing else.
"""

import json
from typing import Any
from urllib.parse import urlsplit

import requests
from mailchimp_marketing import Client
from mailchimp_marketing.api_client import ApiClient

TIMEOUT_SECONDS = (5, 20)
CONNECTIONS = 9


class HonestApiClient(ApiClient):
    """One pooled session; every answer that is not 2xx makes the SDK raise."""

    def __init__(self, *, api_key: str, api_url: str) -> None:
        super().__init__({"api_key": api_key})
        data_centre = api_key.rpartition("-")[2]
        self.host = api_url or f"https://{data_centre}.api.mailchimp.com/3.0"
        self.server = ""
        self.session = requests.Session()
        self.session.auth = ("unstuck", api_key)
        adapter = requests.adapters.HTTPAdapter(pool_connections=1, pool_maxsize=CONNECTIONS)
        self.session.mount(f"{urlsplit(self.host).scheme}://", adapter)

    def request(
        self,
        method: str,
        url: str,
        query_params: Any = None,
        headers: Any = None,
        body: Any = None,
    ) -> requests.Response:
        """Send one request; the SDK reads what is returned."""
        parameters = [
            (name, str(value).lower() if isinstance(value, bool) else value)
            for name, value in query_params or ()
        ]
        response = self.session.request(
            method,
            url,
            params=parameters,
            headers=headers,
            data=None if body is None else json.dumps(body, allow_nan=False),
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        if not 200 <= response.status_code < 300:
            _give_problem_body(response)
        return response


def _give_problem_body(response: requests.Response) -> None:
    try:
        problem = response.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        problem = {"title": "", "detail": "", "empty": True}
    problem.setdefault("status", response.status_code)
    response._content = json.dumps(problem).encode()
    response.headers["Content-Type"] = "application/problem+json; charset=utf-8"


def make_client(*, api_key: str, api_url: str) -> Client:
    """Return the SDK's client with every one of its API objects on the honest transport."""
    client = Client()
    transport = HonestApiClient(api_key=api_key, api_url=api_url)
    for api in vars(client).values():
        if hasattr(api, "api_client"):
            api.api_client = transport
    client.api_client = transport
    return client
