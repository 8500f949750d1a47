"""The short-lived process that opens one stranger's file: bytes in on stdin, pixels out on stdout.

Started by `intake` for each file with an empty environment; it has no database, no key, no network.
Its answer is not trusted either: the parent reads sizes and raw pixels, and encodes them itself.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import fields
from typing import BinaryIO

from civic_budget.residency.intake_decoding import Limits, Reason, Unfit, decode, recognise
from civic_budget.residency.intake_sandbox import raise_fences

LENGTH_BYTES = 4


def write_frame(out: BinaryIO, header: dict[str, object], body: bytes = b"") -> None:
    """One message: the JSON header's length in four bytes, the header, then the body."""
    head = json.dumps({**header, "body": len(body)}).encode()
    out.write(len(head).to_bytes(LENGTH_BYTES, "big") + head)
    out.write(body)
    out.flush()


def answer(request: bytes, out: BinaryIO) -> None:
    """Decode the file in the request and write a frame per page, then one that ends the answer.

    The request is a JSON line of limits, then the file. Frames: `fences`, any number of `page`
    (width, height; the body is RGB), and at last `done` (kind) or `unfit` (reason, details).
    """
    settings, _, data = request.partition(b"\n")
    limits = Limits(**json.loads(settings))
    fences = raise_fences(cpu_seconds=limits.cpu_seconds, address_space=limits.memory_bytes)
    write_frame(out, {"what": "fences", "fences": fences})
    try:
        kind = recognise(data)
        for page in decode(data, kind, limits):
            header: dict[str, object] = {
                "what": "page",
                "width": page.width,
                "height": page.height,
            }
            write_frame(out, header, page.rgb)
        write_frame(out, {"what": "done", "kind": kind.value})
    except Unfit as unfit:
        write_frame(out, {"what": "unfit", "reason": unfit.reason, "details": unfit.details})
    except MemoryError:
        write_frame(out, {"what": "unfit", "reason": Reason.OUT_OF_MEMORY, "details": {}})


def settings_line(limits: Limits) -> bytes:
    """The first line of a request."""
    values = {field.name: getattr(limits, field.name) for field in fields(limits)}
    return json.dumps(values).encode() + b"\n"


def main() -> None:
    """Answer one request and end, without running anybody's exit handlers."""
    answer(sys.stdin.buffer.read(), sys.stdout.buffer)
    os._exit(0)
