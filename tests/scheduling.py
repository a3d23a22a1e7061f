"""Which tests run on which worker: what is expensive to build is built once.

`--dist=loadgroup` would do it with marks, but pytest-xdist 3.8 writes them into ids that pytest 9.2
no longer reads.
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# Longest first: each of these is one piece of work, begun before all others.
TOGETHER = ("tests/journeys/", "tests/host/", "tests/funnel/services/test_opt_ins_in_parallel.py")


class ByPlace(LoadScopeScheduling):
    """Gives a worker a whole file at a time, and the folders of `TOGETHER` whole."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((place for place in TOGETHER if file.startswith(place)), file)

    def _assign_work_unit(self, node: Any) -> None:
        for place in reversed(TOGETHER):
            if place in self.workqueue:
                self.workqueue.move_to_end(place, last=False)
        super()._assign_work_unit(node)
