"""Many operations accepted at once and carried out later."""

from __future__ import annotations

from typing import Any

from funnel.sandbox import errors
from funnel.sandbox.resources import batch_json
from funnel.sandbox.routing import Call, Route
from funnel.sandbox.shapes import Kind, check_list, check_object
from funnel.sandbox.state import Batch, derived_id

MOST_OPERATIONS = 1000
MOST_UNFINISHED = 500
_OPERATION: dict[str, Kind] = {
    "method": frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"}),
    "path": str,
    "params": dict,
    "body": str,
    "operation_id": str,
}


def list_batches(call: Call) -> dict[str, Any]:
    """GET: all of them, newest first."""
    batches = list(reversed(call.state.batches.values()))
    return {
        "batches": [batch_json(batch, base_url=call.base_url) for batch in call.page(batches)],
        "total_items": len(batches),
        "_links": [],
    }


def add_batch(call: Call) -> dict[str, Any]:
    """POST: accepted; poll for what became of it."""
    asked = check_object(call.body, {"operations": list}, required=("operations",))
    operations = check_list(asked["operations"], dict, field="operations", most=MOST_OPERATIONS)
    for position, operation in enumerate(operations):
        prefix = f"operations.{position}."
        check_object(operation, _OPERATION, required=("method", "path"), prefix=prefix)
    batches = call.state.batches
    if sum(batch.status != "finished" for batch in batches.values()) >= MOST_UNFINISHED:
        raise errors.too_many_batches()
    now = call.state.now()
    number = len(batches)
    while (batch_id := derived_id("batch", now, number, length=10)) in batches:
        number += 1
    batch = Batch(id=batch_id, submitted_at=now, operations=operations)
    call.state.save_batch(batch)
    return batch_json(batch, base_url=call.base_url)


def get_batch(call: Call) -> dict[str, Any]:
    """GET: how far it has come."""
    return batch_json(_batch(call), base_url=call.base_url)


def remove_batch(call: Call) -> None:
    """DELETE: what is not done yet never will be."""
    call.state.drop_batch(_batch(call).id)


def _batch(call: Call) -> Batch:
    batch = call.state.batches.get(call.params["batch_id"])
    if batch is None:
        raise errors.not_found()
    return batch


ROUTES = (
    Route("GET", "/batches", list_batches),
    Route("POST", "/batches", add_batch),
    Route("GET", "/batches/{batch_id}", get_batch),
    Route("DELETE", "/batches/{batch_id}", remove_batch),
)
