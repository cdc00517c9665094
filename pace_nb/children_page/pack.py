"""Parts of a page, compressed a few at a time: a browser opens only those that somebody looks at."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Iterator
from itertools import islice

TOGETHER = 20  # parts in one pack: the next child is most often in the same one, and a pack opens in a few milliseconds
_LEVEL = 6


def pack_parts(parts: Iterable[str]) -> Iterator[str]:
    """Yield packs of `TOGETHER` parts each, in order: a JSON list of texts, compressed with gzip, in Base64. The same bytes each time.

    The search for what a page must not tell opens them as the browser does.
    """
    parts = iter(parts)
    while some := list(islice(parts, TOGETHER)):
        packed = gzip.compress(json.dumps(some, ensure_ascii=False).encode(), compresslevel=_LEVEL, mtime=0)
        yield base64.b64encode(packed).decode("ascii")


def unpack_parts(pack: str) -> list[str]:
    """Return the parts of a pack.

    >>> [unpack_parts(p) for p in pack_parts(["<p>one</p>", "<p>two</p>"])]
    [['<p>one</p>', '<p>two</p>']]
    """
    return json.loads(gzip.decompress(base64.b64decode(pack)))
