"""For tests only: the judgement of pyx12, an independent reader, on what was written."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

# pyx12 4.0.0 takes every PLB after the first for another footer; the guide lets it repeat.
SECOND_PLB = "Loop FOOTER exceeded max count"

# It takes a TA1 for the end of its interchange and misses the group, which follows or may lack.
AFTER_TA1 = 'Mandatory loop "Functional Group Header"'


def judged_by_pyx12(payload: bytes) -> list[str]:
    """What pyx12 4 complains of, one sentence each; `[]` when it accepts.

    pyx12 reads ASCII, wants the A1 guides in GS08 and writes no 999 for an 835 (which has no ST03),
    so its error tree is asked, not its 999; what it logs counts too.
    """
    import pyx12.params  # noqa: PLC0415 (a test-only dependency)
    import pyx12.x12n_document  # noqa: PLC0415

    try:
        text = payload.decode("ascii")
    except UnicodeDecodeError:
        return ["pyx12 reads ASCII only"]
    told = _Logged()
    logger = logging.getLogger("pyx12")
    logger.addHandler(told)
    tree = io.StringIO()
    try:
        valid = pyx12.x12n_document.x12n_document(
            pyx12.params.ParamsBase(),
            io.StringIO(text),
            None,
            None,
            fd_json=tree,
        )
    except Exception as error:  # noqa: BLE001 (pyx12 raises bare errors of several kinds)
        return [f"pyx12 gave up: {error}", *told.lines]
    finally:
        logger.removeHandler(told)
    found = [*_complaints(json.loads(tree.getvalue() or "{}")), *told.lines]
    kept = [line for line in found if SECOND_PLB not in line and AFTER_TA1 not in line]
    if valid or kept or found:
        return kept
    return ["pyx12 calls it invalid and does not say why"]


class _Logged(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"pyx12 logged: {record.getMessage()}")


def _complaints(node: Any, where: str = "") -> list[str]:
    """All `errors` of pyx12's tree, with the segment they belong to."""
    if isinstance(node, list):
        return [line for child in node for line in _complaints(child, where)]
    if not isinstance(node, dict):
        return []
    if "seg_id" in node:
        where = f"{node['seg_id']} (segment {node.get('seg_count')})"
    found = [
        f"{where}: {error.get('err_cde')} {error.get('err_str')}".strip(": ")
        for error in node.get("errors") or []
    ]
    for key, child in node.items():
        if key != "errors":
            found += _complaints(child, where)
    return found
