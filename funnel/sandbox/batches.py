"""Carries accepted batches out, one operation after the other, in a thread of its own."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import threading
from collections.abc import Mapping
from typing import Any, Protocol

from funnel.sandbox.errors import Problem
from funnel.sandbox.state import Batch, State


class Performs(Protocol):
    """What carries out one operation; raises a Problem where it is refused."""

    def perform(self, method: str, path: str, query: Mapping[str, str], body: Any) -> Any: ...


class BatchRunner:
    """Works through the batches that wait, those of an earlier run included."""

    def __init__(self, state: State, api: Performs) -> None:
        self._state = state
        self._api = api
        self._wake = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Look for work; called after every change, so it is quick where there is none."""
        if not self._waiting():
            return
        with self._wake:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(
                    target=self._work, name="mailchimp-sandbox-batches", daemon=True
                )
                self._thread.start()
            self._wake.notify_all()

    def settle(self, *, timeout: float) -> bool:
        """Wait until nothing waits any more; false where that takes longer than ``timeout``."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._waiting(), timeout)

    def close(self) -> None:
        """Stop after the operation that is under way."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _waiting(self) -> list[Batch]:
        with self._state.lock:
            return [item for item in self._state.batches.values() if item.status != "finished"]

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._closed or self._waiting())
                if self._closed:
                    return
            for batch in self._waiting():
                self._carry_out(batch)
            with self._wake:
                self._wake.notify_all()

    def _carry_out(self, batch: Batch) -> None:
        for operation in batch.operations[len(batch.results) :]:
            if self._closed or batch.id not in self._state.batches:
                self._keep(batch)
                return
            result = self._result_of(operation)
            with self._state.lock:
                batch.status = "started"
                batch.results.append(result)
                batch.errored += result["status_code"] >= 400
        with self._state.lock:
            batch.status = "finished"
            batch.completed_at = self._state.now()
            self._keep(batch)

    def _keep(self, batch: Batch) -> None:
        with self._state.lock:
            if batch.id in self._state.batches:
                self._state.save_batch(batch)
                self._state.commit()

    def _result_of(self, operation: Mapping[str, Any]) -> dict[str, Any]:
        query = {name: str(value) for name, value in operation.get("params", {}).items()}
        try:
            body = json.loads(operation["body"]) if operation.get("body") else None
            answer = self._api.perform(operation["method"], operation["path"], query, body)
            status, response = (200, answer) if answer is not None else (204, None)
        except Problem as problem:
            status, response = problem.status, problem.as_json(instance="")
        except ValueError:
            status, response = 400, {"title": "JSON Parse Error", "status": 400}
        return {
            "status_code": status,
            "operation_id": operation.get("operation_id"),
            "response": json.dumps(response) if response is not None else "",
        }


def results_archive(batch: Batch) -> bytes:
    """A finished batch's results in Mailchimp's form: a gzipped tar of one JSON file."""
    document = json.dumps(batch.results).encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo(f"{batch.id}/results.json")
        entry.size = len(document)
        archive.addfile(entry, io.BytesIO(document))
    return gzip.compress(buffer.getvalue(), mtime=0)
