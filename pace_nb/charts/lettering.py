"""How wide letters are, so that text can be broken into lines before a browser sees it.

Widths are those of Arial, Helvetica and Liberation Sans, which share them, in thousandths of the type size.
"""

from __future__ import annotations

from functools import lru_cache

_FIRST = 32  # the widths begin with the space
_REGULAR = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "
    "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 "
    "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
)
_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 "
    "975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 "
    "333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"
)
_WIDTHS = {
    bold: {chr(_FIRST + i): int(w) for i, w in enumerate(text.split())}
    for bold, text in ((False, _REGULAR), (True, _BOLD))
}
_OTHER = 780  # a letter that is not in the table: about the widest small or capital letter with a sign on it


@lru_cache(maxsize=20_000)  # the same words stand in thousands of pictures
def width(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a piece of text is, in the unit of `size`.

    >>> width("an aim", 10), width("an aim", 10, bold=True)
    (30.01, 31.68)
    """
    widths = _WIDTHS[bold]
    return round(sum([widths.get(c, _OTHER) for c in text]) * size / 1000, 4)


def wrap(text: str, room: float, size: float, bold: bool = False) -> list[str]:
    """Break text into lines no wider than `room`, between words; a word that is wider than that is broken too.

    >>> wrap("Parents know early what has to change", 120, 16)
    ['Parents know', 'early what has', 'to change']
    >>> wrap("immeasurable", 40, 16)
    ['imme', 'asur', 'able']
    """
    lines, line = [], ""
    for word in text.split():
        if line and width(f"{line} {word}", size, bold) <= room:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        while width(word, size, bold) > room and len(word) > 1:
            fits = max((n for n in range(1, len(word)) if width(word[:n], size, bold) <= room), default=1)
            lines.append(word[:fits])
            word = word[fits:]
        line = word
    return [*lines, line] if line else lines
