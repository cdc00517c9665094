"""Every text that a file holds: not only what is seen, and not only what is stored plainly.

An archive or workbook is opened, a picture's notes are read, so are the letters of a PDF; what is written in Base64 or in
escapes is turned back. What cannot be opened is said to be unreadable, so that whoever asks can refuse it.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import unquote

from pace_nb.leaks.pdf import Unclear, texts_of_pdf

DEEP = 4  # archives within archives: what lies deeper is unreadable
LARGE = 64 * 1024 * 1024  # bytes that one packed piece may come to; a page has at most a few million
_PNG = b"\x89PNG\r\n\x1a\n"
_ZIP, _GZIP, _PDF = b"PK\x03\x04", b"\x1f\x8b", b"%PDF"
_ADDRESS = re.compile(r"data:[\w/+.-]*((?:;[\w=.+-]+)*),([^\"'()<>\s]+)")
_BLOCK = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
#: Base64 of a packed piece: it is opened, and its letters, which mean nothing, are no words; by chance one could be a number.
_PACKED = re.compile(r"(?:H4sI|UEsD)(?<![A-Za-z0-9+/].{4})[A-Za-z0-9+/]{196,}={0,2}")
_ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}")


class Unreadable(Exception):
    """A piece of a file that cannot be opened, so nobody can say what it holds."""


def texts_of(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (where, text) for every text of a file, its name among them. Raises Unreadable where a piece cannot be opened.

    >>> dict(texts_of("a.svg", b'<text x="1">caf&#233;</text>'))
    {'name of a.svg': 'a.svg', 'a.svg': '<text x="1">café</text>'}
    """
    if depth > DEEP:
        raise Unreadable(name)
    yield f"name of {name}", name
    yield from _inside(name, data, depth)


def _inside(name: str, data: bytes, depth: int) -> Iterator[tuple[str, str]]:
    if data.startswith(_ZIP):
        yield from _archive(name, data, depth)
    elif data.startswith(_GZIP):
        yield from _inside(name, _unpack_gzip(name, data), depth + 1)
    elif data.startswith(_PNG):
        yield from _picture(name, data)
    elif data.startswith(_PDF):
        yield from _pdf(name, data)
    else:
        yield from _plain(name, data, depth)


def _pdf(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    try:
        yield from ((f"text of {name}", text) for text in texts_of_pdf(data))
    except Unclear:
        raise Unreadable(name) from None


def _archive(name: str, data: bytes, depth: int) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield f"comment of {name}", archive.comment.decode("latin-1")
            for member in archive.infolist():
                if member.file_size > LARGE or member.flag_bits & 1:  # too large to open, or locked with a password
                    raise Unreadable(f"{name}/{member.filename}")
                yield from texts_of(f"{name}/{member.filename}", archive.read(member), depth + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
        raise Unreadable(name) from None


def _unpack_gzip(name: str, data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(LARGE + 1)
    except (OSError, EOFError, zlib.error):
        raise Unreadable(name) from None
    if len(content) > LARGE:
        raise Unreadable(name)
    return content


def _picture(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """The notes of a PNG (its chunks other than the picture itself), and whatever was put behind its end."""
    at, notes, kind = len(_PNG), [], b""
    try:
        while at + 8 <= len(data):
            length, kind = struct.unpack(">I4s", data[at : at + 8])
            content = data[at + 8 : at + 8 + length]
            at += length + 12
            if kind in (b"zTXt", b"iTXt", b"iCCP"):
                content += b" " + _inflated(content)
            if kind not in (b"IHDR", b"IDAT", b"PLTE", b"IEND"):
                notes.append(content)
            if kind == b"IEND":
                break
    except (struct.error, zlib.error):
        raise Unreadable(name) from None
    if kind != b"IEND":  # it is cut off
        raise Unreadable(name)
    notes.append(data[at:])
    yield f"notes of {name}", "\n".join(_decoded(n) for n in notes)


def _inflated(content: bytes) -> bytes:
    """Return what the packed part of a chunk says: zlib data begins with 0x78."""
    at = content.find(b"\x78")
    while at >= 0:
        try:
            return zlib.decompressobj().decompress(content[at:], LARGE)
        except zlib.error:
            at = content.find(b"\x78", at + 1)
    return b""


def _plain(name: str, data: bytes, depth: int) -> Iterator[tuple[str, str]]:
    text = _decoded(data)
    if text.lstrip()[:1] in ("{", "["):
        try:
            text = "\n".join(_strings(json.loads(text)))
        except (ValueError, RecursionError):
            text = _ESCAPED.sub(lambda m: chr(int(m[0][2:], 16)), text)
    if "&" in text:
        text = unescape(text)
    yield name, _PACKED.sub(lambda m: m[0] if len(m[0]) % 4 else " ", text)
    yield from _written_otherwise(name, text, depth)


def _written_otherwise(name: str, text: str, depth: int) -> Iterator[tuple[str, str]]:
    """What stands in data addresses, in Base64 and in %-escapes."""
    for how, content in _ADDRESS.findall(text):
        if ";base64" in how:
            yield from _base64(name, unquote(content), depth)
        else:
            yield from _inside(f"address in {name}", unquote(content).encode(), depth + 1)
    for block in _BLOCK.findall(text):
        yield from _base64(name, block, depth)
    if re.search(r"%[0-9A-Fa-f]{2}", text):
        yield f"escapes in {name}", unquote(text)


def _base64(name: str, block: str, depth: int) -> Iterator[tuple[str, str]]:
    """What a block of Base64 holds, if it is text or a file that is known; anything else is a number or a hash."""
    try:
        content = base64.b64decode(block + "=" * (-len(block) % 4))
    except (binascii.Error, ValueError):
        return
    if content.startswith((_PNG, _ZIP, _GZIP, _PDF)):
        yield from _inside(f"Base64 in {name}", content, depth + 1)
    elif _is_utf8(content) and depth < DEEP:
        yield from _plain(f"Base64 in {name}", content, depth + 1)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes) -> str:
    """Return bytes as text: by their mark, else UTF-8, else byte by byte (no figure or Latin letter is lost so)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    # a nought byte parts two texts, or is half of each letter (UTF-16 without a mark)
    return f"{text.replace(chr(0), ' ')}\n{text.replace(chr(0), '')}" if "\x00" in text else text


def _strings(value: Any, key: str = "") -> Iterator[str]:
    """Yield what a JSON value says, each text with the name that it has; joined lines of a notebook as one text."""
    if isinstance(value, dict):
        for name, held in value.items():
            yield from _strings(held, str(name))
    elif isinstance(value, list):
        if value and all(isinstance(v, str) for v in value):
            yield f"{key}: {''.join(value)}"  # a notebook keeps its texts line by line
            yield "\n".join(value)
        else:
            for held in value:
                yield from _strings(held, key)
    elif isinstance(value, str):
        yield f"{key}: {value}"
    elif value is not None and not isinstance(value, bool):
        yield f"{key}: {value:,}" if isinstance(value, int) else f"{key}: {value}"
