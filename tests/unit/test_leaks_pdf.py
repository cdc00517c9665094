"""The letters of a PDF: read where its fonts say what they are, and refused where nobody can know."""

from __future__ import annotations

import zlib

import pytest

from pace_nb.leaks import Secrets, scan_bytes
from pace_nb.leaks.pdf import Unclear, pages_of, texts_of_pdf
from pace_nb.leaks.scan import NUMBER, UNREADABLE

SECRETS = Secrets(frozenset(["SYN-00001"]))
#: Numbers of letters that are none of theirs: each is its place in the alphabet of the font, plus 40.
LETTERS = "SYN-0123456789 abcdefghijklmnopqrstuvwxyz\N{LATIN SMALL LIGATURE FI}"


def shown(text: str) -> bytes:
    return "".join(f"{LETTERS.index(c) + 40:04X}" for c in text).encode()


def table(letters: str = LETTERS) -> bytes:
    lines = "\n".join(f"<{i + 40:04X}> <{ord(c):04X}>" for i, c in enumerate(letters))
    return (
        f"begincodespacerange <0000> <FFFF> endcodespacerange {len(letters)} beginbfchar\n{lines}\nendbfchar".encode()
    )


def pdf(
    drawn: bytes, font: bytes = b"<</Type /Font /ToUnicode 4 0 R>>", more: bytes = b"", cmap: bytes | None = None
) -> bytes:
    """A PDF of one sheet: 1 its resources, 2 what is drawn, 3 the font, 4 what the font's numbers mean."""

    def stream(content: bytes, about: bytes = b"") -> bytes:
        packed = zlib.compress(content)
        return b"<<%b/Filter /FlateDecode /Length %d>> stream\n%b\nendstream" % (about, len(packed), packed)

    objects = [b"<</Type /Page /Resources <</Font <</F3 3 0 R>>>>>>", stream(drawn), font, stream(cmap or table())]
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + more + b"xref\n0 5\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF"


def written(figures: bytes) -> bytes:
    """A string of a PDF in letters, its brackets escaped."""
    content = bytes.fromhex(figures.decode())
    return content.replace(b"(", b"\\(").replace(b")", b"\\051")


def line(text: str) -> bytes:
    return b"BT /F3 12 Tf <%b> Tj ET" % shown(text)


def joined(sign: str, meant: bytes) -> bytes:
    """A sign that stands for several letters, and the letters that a browser says it means."""
    return b"/Span<</ActualText %b >> BDC\n<%b> Tj\nEMC\n" % (meant, shown(sign))


def test_letters_are_read_by_the_table_of_their_font():
    assert pages_of(pdf(line("abc SYN-00001"))) == ["abc SYN-00001\n"]


@pytest.mark.parametrize("known", [True, False], ids=["a sign of the table", "a sign that the table does not know"])
@pytest.mark.parametrize("meant", [b"(fi)", b"<FEFF00660069>"], ids=["letters", "UTF-16"])
def test_letters_that_a_font_joins_into_one_sign_are_read_as_what_they_mean(known, meant):
    """Many fonts have a sign of its own for "fi"; the browser writes beside it what it means."""
    drawn = b"BT /F3 12 Tf <%b> Tj %b<%b> Tj ET" % (
        shown("SYN-"),
        joined("\N{LATIN SMALL LIGATURE FI}", meant),
        shown("01"),
    )
    printed = pdf(drawn, cmap=table(LETTERS if known else LETTERS[:-1]))
    assert pages_of(printed) == ["SYN-fi01\n"]
    assert [leak.kind for leak in scan_bytes("a.pdf", printed, Secrets(frozenset(["SYN-fi01"])))] == [NUMBER]


@pytest.mark.parametrize(
    "drawn",
    [
        line("child SYN-00001"),
        b"BT /F3 12 Tf [<%b> -20 <%b>] TJ ET" % (shown("SYN-0"), shown("0001")),
        b"BT /F3 12 Tf <%b> Tj 1 0 0 1 5 5 Tm <%b> Tj ET" % (shown("SYN-0"), shown("0001")),
        b"BT /F3 12 Tf <%b> Tj 1 0 0 1 5 5 Tm <%b> Tj ET" % (shown("abc"), shown("SYN-00001")),
        b"BT /F3 12 Tf (%b) Tj ET" % written(shown("SYN-00001")),
        b"BT /F3 12 Tf <%b> Tj %b ET" % (shown("SYN-0"), joined("9", b"(0001)")),
        b"BT /F3 12 Tf <%b> Tj %b ET" % (shown("SYN-0"), joined("0001", b"(9)")),
    ],
    ids=["in one piece", "spaced", "in two pieces", "beside another word", "in letters with escapes", "meant", "drawn"],
)
def test_a_childs_number_is_found_however_it_is_drawn(drawn):
    assert [leak.kind for leak in scan_bytes("a.pdf", pdf(drawn), SECRETS)][:1] == [NUMBER]


def test_a_joined_letter_is_the_letters_that_it_joins_and_what_is_said_of_it_is_searched():
    """Fonts that join f and i draw one sign, and the browser says beside it what it means."""
    drawn = b"BT /F3 12 Tf <0030> Tj /Span<</ActualText (%b)>> BDC <0031> Tj EMC <0030> Tj ET"
    cmap = b"1 beginbfchar <30> <004F> endbfchar 1 beginbfrange <31> <33> <FB01> endbfrange"
    cmap = b"begincodespacerange <0000> <FFFF> endcodespacerange " + cmap
    assert pages_of(pdf(drawn % b"fi", cmap=cmap)) == ["OfiO\n"]
    assert [leak.kind for leak in scan_bytes("a.pdf", pdf(drawn % b"SYN-00001", cmap=cmap), SECRETS)] == [NUMBER]


@pytest.mark.parametrize(
    "said",
    [b"(SYN-00001)", b"<53594E2D3030303031>", b"(SYN\\0550000\\061)", b"<FEFF00530059004E002D00300030003000300031>"],
    ids=["letters", "figures", "escapes", "UTF-16"],
)
def test_titles_links_and_descriptions_are_searched_too(said):
    more = b"5 0 obj\n<</Title %b>>\nendobj\n" % said
    assert [leak.kind for leak in scan_bytes("a.pdf", pdf(line("abc"), more=more), SECRETS)] == [NUMBER]


def test_one_that_tells_nothing_tells_nothing():
    assert scan_bytes("a.pdf", pdf(line("abc 00002")), SECRETS) == []


@pytest.mark.parametrize(
    "data",
    [
        pdf(line("abc"), font=b"<</Type /Font>>"),
        pdf(line("abc"), cmap=table("SYN")),
        pdf(b"BT <0030> Tj ET"),
        pdf(b"BT /F3 12 Tf (%b) Tj ET" % bytes.fromhex(shown("SYN-00001").decode())),
        pdf(line("abc"), more=b"5 0 obj\n<</Title (SYN-(00001))>>\nendobj\n"),
        pdf(line("abc"), more=b"5 0 obj\n<</Type /ObjStm /Length 0>>\nendobj\n"),
        pdf(line("abc"), more=b"5 0 obj\n<</Encrypt 1>>\nendobj\n"),
        pdf(line("abc"), more=b"5 0 obj\n<</Filter /LZWDecode /Length 3>> stream\nabc\nendstream\nendobj\n"),
        pdf(line("abc"), more=b"5 0 obj\n<</Length 2>> stream\nabc\nendstream\nendobj\n"),
        pdf(line("abc"), more=b"SYN-00001 between objects\n"),
        pdf(line("abc"))[:200],
        b"%PDF-1.7\n",
    ],
    ids=[
        *(
            "no table",
            "a number without letter",
            "no font",
            "brackets in a text",
            "brackets in a title",
            "packed objects",
        ),
        *("locked", "packed otherwise", "a length that is wrong", "something between", "cut off", "empty"),
    ],
)
def test_what_cannot_be_read_for_certain_is_unreadable(data):
    with pytest.raises(Unclear):
        list(texts_of_pdf(data))
    assert [leak.kind for leak in scan_bytes("a.pdf", data, SECRETS)][-1] == UNREADABLE
