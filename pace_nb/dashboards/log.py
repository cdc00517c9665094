"""What a dashboard's log may say: who asked for what and how it went; never a token, a cell's text, an output or a traceback."""

from __future__ import annotations

import logging
import re
from typing import Any, TextIO

_SECRET = re.compile(r"(token|password|_xsrf|session_id)=[^\s&'\"]+", re.I)


class Quiet(logging.Formatter):
    """Writes what happened in one line. Of an exception it names the kind and the place in the code, not what it says.

    A message that comes with an exception is left out too: Voila puts the whole cell that failed into it.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            where = f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}" if trace else "an unknown place"
            message = f"{kind.__name__} in {where}"
        else:
            message = record.getMessage().split("\n")[0][:300]
        line = f"{self.formatTime(record, self.datefmt)} {record.levelname} {message}"
        return _SECRET.sub(r"\1=…", line)


def quieten(*loggers: logging.Logger, level: int = logging.WARNING, stream: TextIO | None = None) -> None:
    """Have these loggers, and the root, write nothing but what `Quiet` lets through; to standard error by default."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Quiet())
    for logger in (logging.getLogger(), *loggers):
        logger.handlers = [handler]
        logger.setLevel(level)
        if logger.parent:
            logger.propagate = False


def log_request(handler: Any) -> None:
    """Log a request without what follows the question mark; only those that were refused or failed."""
    status = handler.get_status()
    if status >= 400:
        request = handler.request
        logging.getLogger("pace-nb").warning("%s %s %s", status, request.method, request.path[:120])
