"""What happens in a run, a line at a time: `events.jsonl`, for programs, and for whoever goes on after a run that was broken off.

Each line is a JSON object with `time` (UTC), `event` and what belongs to it:

    begun     marking, as_at, audience, asked, engine; how many pages are planned, and how many kept from before
    page      the row of the manifest of a page that was made, or could not be, with the reason
    lost      a process that ended while it made a page; the page is tried again
    ended     state ("finished" or "stopped"), seconds

Lines are added and never changed. A line is written at once and whole, unless the machine itself stops; a last line that is torn
is passed over. No line names a child.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

EVENTS = "events.jsonl"


class Journal:
    """The event log of an output folder, open to be added to."""

    def __init__(self, out: Path) -> None:
        """Open the log. Raises OSError where it cannot be written to."""
        path = out / EVENTS
        torn = path.exists() and path.read_bytes()[-1:] not in (b"\n", b"")
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        if torn:
            os.write(self._file, b"\n")

    def write(self, event: str, **fields: Any) -> None:
        """Add a line. One that cannot be written (a full disk) is left out: the run matters more than its log."""
        line = json.dumps({"time": now(), "event": event, **fields}, ensure_ascii=False) + "\n"
        try:
            os.write(self._file, line.encode())
        except OSError:
            return

    def close(self) -> None:
        """Close the log."""
        os.close(self._file)


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_events(out: Path) -> Iterator[dict[str, Any]]:
    """Yield the events of an output folder, oldest first; none where there is no log. Torn lines are passed over."""
    try:
        lines = (out / EVENTS).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and "event" in event:
            yield event
