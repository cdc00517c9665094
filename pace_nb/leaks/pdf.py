"""What a PDF says: its letters, turned back from the numbers of a font, and every text beside them.

Letters in a PDF are drawn by number, and only a font's own table says which letter a number is. A file whose tables are not
there, that is locked, or that is packed in another way than browsers pack it cannot be read here, and nothing is guessed: it is
unreadable. Where a font joins letters into one sign (fi), the browser writes beside it which letters are meant: these are read, and the
sign as well, as far as the font's table knows it. A picture within a PDF is not read, as no picture is.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

LARGE = 64 * 1024 * 1024  # bytes that one stream may come to
_OBJECT = re.compile(rb"\s*(?:%[^\r\n]*\s+)*(\d+) (\d+) obj\b")
_STREAM = re.compile(rb"stream\r?\n")
_LETTERED = re.compile(rb"\bBT\b(.*?)\bET\b", re.S)
_SHOWN = re.compile(
    rb"/(?P<font>[^\s/<>\[\]()]+)\s+-?[\d.]+\s+Tf"
    rb"|(?P<string><[0-9A-Fa-f\s]*>|\((?:\\.|[^\\()])*\))\s*(?:Tj|'|\")"
    rb"|\[(?P<several>(?:\((?:\\.|[^\\()])*\)|<[^>]*>|[^\]<(])*)\]\s*TJ"
    rb"|/Span\s*<<\s*/ActualText\s*(?P<meant><[0-9A-Fa-f\s]*>|\((?:\\.|[^\\()])*\))\s*>>\s*BDC"
    rb"|\b(?P<end>EMC)\b",
    re.S,
)
_LEFT = re.compile(rb"[()]|T[jJ]\b")  # of what was understood, nothing of this is left
_STRING = re.compile(rb"<([0-9A-Fa-f\s]*)>|\(((?:\\.|[^\\()])*)\)", re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b""}
_NO_PAGE = re.compile(
    rb"/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)\b|/Length1\b|/FontFile|/FunctionType|/Type\s*/XRef"
)


class Unclear(Exception):
    """A PDF that cannot be read for certain."""


@dataclass
class _Font:
    """Which letters the numbers of a font are; width: bytes of a number."""

    width: int = 1
    letters: dict[int, str] = field(default_factory=dict)
    known: dict[tuple[bytes, str | None], str] = field(default_factory=dict)

    def read(self, written: bytes, unknown: str | None = None) -> str:
        """Return the letters of one or several strings, as they are written in the file.

        unknown: what a number without a letter is read as; without it, raises Unclear.
        """
        if (written, unknown) not in self.known:
            self.known[written, unknown] = self._read(b"".join(map(_bytes, _STRING.finditer(written))), unknown)
        return self.known[written, unknown]

    def _read(self, codes: bytes, unknown: str | None) -> str:
        numbers = [int.from_bytes(codes[i : i + self.width], "big") for i in range(0, len(codes), self.width)]
        letters = [self.letters.get(n, unknown) for n in numbers]
        if None in letters:
            raise Unclear
        return "".join(letters)


def pages_of(data: bytes) -> list[str]:
    """Return the letters of each stream that draws letters, in the file's order: of what a browser printed, a stream is a page.

    Raises Unclear as `texts_of_pdf` does.
    """
    return [glued for glued, _ in _read(data)[2]]


def texts_of_pdf(data: bytes) -> Iterator[str]:
    """Yield every text of a PDF: what is drawn, with and without a space between its pieces; titles, links, descriptions.

    Raises Unclear where it is locked, or holds a stream, a font or a number of a letter that cannot be read.
    """
    objects, streams, drawn = _read(data)
    for glued, apart in drawn:
        yield glued
        yield apart
    for held in [*objects.values(), data[data.rfind(b"trailer") :]]:
        if _LEFT.search(_STRING.sub(b"", held)):
            raise Unclear
        texts = [_text(_bytes(found)) for found in _STRING.finditer(held)]
        if texts:
            yield "\n".join(texts)
    for number, content in streams.items():
        if b"/Metadata" in objects[number]:
            yield content.decode("utf-8", errors="replace")


@lru_cache(maxsize=1)  # whoever looks for the marking on each sheet also searches them
def _read(data: bytes) -> tuple[dict[int, bytes], dict[int, bytes], list[tuple[str, str]]]:
    objects, streams = _objects(data)
    return objects, streams, list(_drawn(objects, streams))


def _objects(data: bytes) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """Return what each object says, and what the stream of those holds that have one."""
    if re.search(rb"/Encrypt\b|/ObjStm\b", data):
        raise Unclear
    objects, streams, at = {}, {}, data.find(b"\n") + 1
    while found := _OBJECT.match(data, at):
        number, begin = int(found[1]), found.end()
        end, stream = data.find(b"endobj", begin), _STREAM.search(data, begin)
        if stream and stream.start() < end:
            objects[number] = data[begin : stream.start()]
            length = re.search(rb"/Length (\d+)(?! \d+ R)", objects[number])
            if length is None:
                raise Unclear
            stop = stream.end() + int(length[1])
            streams[number] = _unpacked(objects[number], data[stream.end() : stop])
            end = data.find(b"endobj", stop)
            if not re.fullmatch(rb"\s*endstream\s*", data[stop:end]):
                raise Unclear
        else:
            objects[number] = data[begin:end]
        at = end + len(b"endobj")
    if not objects or not re.match(rb"\s*(?:xref|startxref)\b", data[at : at + 20]):
        raise Unclear  # something stands between the objects
    return objects, streams


def _unpacked(about: bytes, content: bytes) -> bytes:
    filters = re.findall(rb"/\w+", (re.search(rb"/Filter\s*(\[[^\]]*\]|/\w+)", about) or [b"", b""])[1])
    if filters == [b"/DCTDecode"] or not filters:
        return content
    if filters != [b"/FlateDecode"]:
        raise Unclear
    try:
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(content, LARGE)
    except zlib.error:
        raise Unclear from None
    if unpacker.unconsumed_tail:
        raise Unclear
    return unpacked


def _drawn(objects: dict[int, bytes], streams: dict[int, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the letters of each stream that draws some, its pieces written together and apart."""
    tables = {int(n) for held in objects.values() for n in re.findall(rb"/ToUnicode (\d+) 0 R", held)}
    fonts = _fonts(objects, streams)
    for number, content in streams.items():
        if number in tables or _NO_PAGE.search(objects[number]) or b"/Metadata" in objects[number]:
            continue
        pieces, signs, font, meant = [], [], None, False
        for block in _LETTERED.findall(content):
            if _LEFT.search(_SHOWN.sub(b"", block)):  # a text that was not understood, or the end was found within one
                raise Unclear
            for found in _SHOWN.finditer(block):
                if found["font"]:
                    font = fonts.get(found["font"])
                elif found["meant"]:
                    meant = True
                    pieces.append(_text(b"".join(map(_bytes, _STRING.finditer(found["meant"])))))
                elif found["end"]:
                    meant = False
                elif font is None:
                    raise Unclear
                else:
                    written = found["string"] or found["several"]
                    signs.append(font.read(written, unknown="" if meant else None))
                    pieces += [] if meant else signs[-1:]
            pieces.append("\n")
            signs.append("\n")
        if pieces:
            yield "".join(pieces), " ".join(pieces) + ("" if pieces == signs else "".join(signs))


def _fonts(objects: dict[int, bytes], streams: dict[int, bytes]) -> dict[bytes, _Font]:
    """Return each font by the name that pages give it. Raises Unclear where a name means two fonts, or one has no table."""
    named: dict[bytes, int] = {}
    for held in objects.values():
        for inner in re.findall(rb"/Font\s*<<(.*?)>>", held, re.S):
            for name, number in re.findall(rb"/([^\s/<>\[\]()]+)\s+(\d+) 0 R", inner):
                if named.setdefault(name, int(number)) != int(number):
                    raise Unclear
    fonts = {}
    for name, number in named.items():
        table = re.search(rb"/ToUnicode (\d+) 0 R", objects.get(number, b""))
        if table is None or int(table[1]) not in streams:
            raise Unclear
        fonts[name] = _table(streams[int(table[1])])
    return fonts


def _table(content: bytes) -> _Font:
    """Read which letters the numbers of a font are (a CMap)."""
    space = re.search(rb"begincodespacerange\s*<([0-9A-Fa-f]+)>", content)
    font = _Font(len(space[1]) // 2 if space else 1)
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", content, re.S):
        for code, letters in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", block):
            font.letters[int(code, 16)] = _utf16(letters)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", content, re.S):
        for first, last, letters in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            begin, text = int(first, 16), _utf16(letters)
            for i in range(min(int(last, 16) - begin + 1, 65536)):
                font.letters[begin + i] = text[:-1] + chr(ord(text[-1]) + i)
    return font


def _utf16(written: bytes) -> str:
    return bytes.fromhex(written.decode("ascii")).decode("utf-16-be", errors="replace")


def _bytes(found: re.Match[bytes]) -> bytes:
    """Return what a string of a PDF holds, written in figures (<…>) or in letters with escapes ((…))."""
    if found[1] is not None:
        figures = re.sub(rb"\s", b"", found[1])
        return bytes.fromhex((figures + b"0" * (len(figures) % 2)).decode("ascii"))
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 8) & 255]) if m[1].isdigit() else _SIGNS.get(m[1], m[1]), found[2])


def _text(content: bytes) -> str:
    if content.startswith(b"\xfe\xff"):
        return content[2:].decode("utf-16-be", errors="replace")
    return content.decode("utf-8") if content.startswith(b"\xef\xbb\xbf") else content.decode("latin-1")
