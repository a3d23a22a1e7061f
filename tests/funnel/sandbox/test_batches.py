"""Operations that are accepted now and carried out later."""

from __future__ import annotations

import io
import json
import tarfile

import requests

from funnel.sandbox.server import Sandbox
from funnel.sandbox.state import subscriber_hash

from .conftest import Client

ANNA = "anna@letters.test"


def test_a_batch_is_carried_out_and_its_results_fetched_without_a_key(
    api: Client, sandbox: Sandbox
) -> None:
    member = f"/lists/{sandbox.audience_id}/members/{subscriber_hash(ANNA)}"
    body = json.dumps({"email_address": ANNA, "status_if_new": "subscribed"})
    operations = [
        {"method": "PUT", "path": member, "body": body, "operation_id": "one"},
        {"method": "GET", "path": member, "params": {"fields": "status"}, "operation_id": "two"},
        {"method": "DELETE", "path": member + "0", "operation_id": "three"},
        {"method": "POST", "path": member + "/tags", "body": "{", "operation_id": "four"},
    ]
    accepted = api.call("POST", "/batches", {"operations": operations}).json()
    assert accepted["total_operations"] == 4
    assert sandbox.settle()
    done = api.call("GET", f"/batches/{accepted['id']}").json()
    assert (done["status"], done["finished_operations"], done["errored_operations"]) == (
        "finished",
        4,
        2,
    )
    fetched = requests.get(done["response_body_url"], timeout=10)
    with tarfile.open(fileobj=io.BytesIO(fetched.content), mode="r:gz") as archive:
        file = archive.extractfile(archive.getmembers()[0])
        assert file is not None
        results = json.load(file)
    assert [(item["operation_id"], item["status_code"]) for item in results] == [
        ("one", 200),
        ("two", 200),
        ("three", 404),
        ("four", 400),
    ]
    assert json.loads(results[1]["response"]) == {"status": "subscribed"}
    assert api.call("GET", "/batches").json()["total_items"] == 1
    assert api.call("DELETE", f"/batches/{accepted['id']}").status_code == 204
    assert api.call("GET", f"/batches/{accepted['id']}").status_code == 404
    assert requests.get(done["response_body_url"], timeout=10).status_code == 404


def test_a_batch_of_the_wrong_shape_is_refused(api: Client) -> None:
    for operations in ("no list", [{"path": "/ping"}], [{"method": "GET", "path": "/p"}] * 1001):
        assert api.call("POST", "/batches", {"operations": operations}).status_code == 400
