"""Names for children that say nothing, stay the same from one extract to the next, and cannot be worked out without a key.

A pseudonym is HMAC-SHA-256(key, authority ‖ 0x1F ‖ child_id), written in 32 letters and figures that are not mistaken for one
another (no I, L, O or U). A plain hash would not do: whoever has a list of possible numbers hashes them all and compares.
The key lies in a file that only its owner can read, outside notebooks, parameters and repositories; it is never shown,
logged or written to an output. Its fingerprint is, so that a change of key is noticed. Without the key, nobody can tell
whose pseudonym is whose; with it and the extract, anybody can: a pseudonym is not anonymous.

The synthetic sample has a key of its own that everybody knows, so that its pages are the same everywhere.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pace_nb.errors import ParameterError

#: Names a file that holds the key, in place of the usual one. The variable holds a path, never the key.
VARIABLE = "PACE_NB_KEY_FILE"
KEY_BYTES = 32
LENGTH = (
    12  # characters of a pseudonym: 60 bits, so that two of a million children share one once in two million extracts
)
LABEL = 6  # characters of a label; more where two children of an extract would share one
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in ALPHABET for b in ALPHABET]
_SEPARATOR = b"\x1f"  # the unit separator: no name of an authority and no number holds it
_HEAD = "# The key of pace-nb for pseudonyms. Never send it, print it, or put it where others can read it.\n"


@dataclass(frozen=True)
class Key:
    """A key, and whether it is the one of the synthetic sample, which everybody knows. Its secret is in no text of it."""

    secret: bytes = field(repr=False)
    demo: bool = False

    @property
    def fingerprint(self) -> str:
        """Sixteen letters and figures by which a key is known again, and from which it cannot be worked out.

        >>> DEMO.fingerprint
        'SYQH-BDAF-DY11-GQMP'
        """
        text = _spell(hashlib.sha256(b"pace-nb key fingerprint" + _SEPARATOR + self.secret).digest())[:16]
        return "-".join(text[i : i + 4] for i in range(0, 16, 4))

    def __str__(self) -> str:
        return f"{self.fingerprint}{' (the public key of the synthetic sample)' if self.demo else ''}"


#: Everybody knows it: it protects nobody, and is used only where every child is invented.
DEMO = Key(b"pace-nb synthetic sample, public".ljust(KEY_BYTES), demo=True)


def find_key(synthetic: bool) -> Key:
    """Return the key for an extract: the public one for the synthetic sample, else the one in `key_file()`.

    Raises ParameterError where there is none, or where the file is one that others may read: without a key, nothing is
    made that shows single children.
    """
    return DEMO if synthetic else read_key(key_file())


def key_file() -> Path:
    """Return where the key lies: the file that PACE_NB_KEY_FILE names, or `pace-nb/key` among the user's own settings."""
    named = os.environ.get(VARIABLE, "").strip()
    if named:
        return Path(named).expanduser()
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "pace-nb" / "key"


def read_key(path: Path) -> Key:
    """Read a key. Raises ParameterError if there is none, if it is too weak, or if the file lies where others may read it."""
    _refuse_repository(path)
    try:
        held = path.stat()
        content = path.read_bytes()
    except FileNotFoundError:
        raise ParameterError(
            "There is no key for pseudonyms, so nothing that shows single children can be made.",
            do=f"make one with `pace-nb key new`, or let {VARIABLE} name the file that holds your programme's key.",
        ) from None
    except OSError:
        raise _no_key("cannot be read") from None
    if os.name != "nt" and stat.S_IMODE(held.st_mode) & 0o077:
        raise ParameterError(
            "The key file can be read by others on this computer, so the key may be known to them.",
            do="make a new key with `pace-nb key new --rotate`; or, if nobody else had access, run chmod 600 on the file.",
        )
    try:
        secret = _secret(content)
    except ValueError:
        raise _no_key("holds something else") from None
    if len(secret) < KEY_BYTES or len(set(secret)) < KEY_BYTES // 4:  # 32 random bytes are hardly ever so alike
        raise _no_key(f"holds fewer than {KEY_BYTES} random bytes")
    return Key(secret)


def _secret(content: bytes) -> bytes:
    """Return the bytes that a key file holds in hexadecimal figures. Raises ValueError if it holds something else."""
    return bytes.fromhex("".join(x for x in content.decode("ascii").splitlines() if not x.startswith("#")))


def _no_key(why: str) -> ParameterError:
    return ParameterError(
        f"The key file {why}, so there is no key for pseudonyms.",
        do="put the right file back, or make a new key with `pace-nb key new --rotate`.",
    )


def make_key(path: Path, rotate: bool = False) -> tuple[Key, Path | None]:
    """Write a new key of 32 random bytes and return it, with where the one before it was put.

    rotate: replace the key that is there. The old one is kept beside it, named by its fingerprint: with it, pages of
    before can still be followed up; once that is no longer needed, delete it, and nobody can.

    Raises ParameterError if there is a key and `rotate` is not said, or if the place is inside a git repository.
    """
    _refuse_repository(path)
    if path.exists() and not rotate:
        raise ParameterError(
            "There is a key already. With another one every child gets another pseudonym, and pages of before no longer match.",
            do="keep it; or say --rotate if it has become known to others, or if you mean to cut the link.",
        )
    key = Key(secrets.token_bytes(KEY_BYTES))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = _put_by(path) if path.exists() else None
        partial = path.with_name(f"{path.name}.partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(f"{_HEAD}{key.secret.hex()}\n")
        partial.replace(path)
    except OSError as error:
        raise ParameterError(
            f"The key cannot be written: {error.strerror}.", do=f"let {VARIABLE} name a file in a folder of your own."
        ) from None
    return key, kept


def _put_by(path: Path) -> Path:
    """Copy the key that is there beside itself, named by its fingerprint; what is no key is named as such."""
    content = path.read_bytes()
    try:
        name = Key(_secret(content)).fingerprint
    except ValueError:
        name = f"unreadable-{hashlib.sha256(content).hexdigest()[:8]}"
    kept = path.with_name(f"{path.name}-{name}")
    kept.unlink(missing_ok=True)
    with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return kept


def _refuse_repository(path: Path) -> None:
    """A key in a repository is a key that is published with the next push."""
    if any((folder / ".git").exists() for folder in path.absolute().resolve().parents):
        raise ParameterError(
            "The key file lies inside a git repository, where it would be shared with the code.",
            do=f"move it out, and let {VARIABLE} name the new place; if it was ever committed, make a new key.",
        )


def name_children(children: Iterable[tuple[str, str]], key: Key) -> dict[tuple[str, str], str]:
    """Return the pseudonym of each child, known by (authority, child_id): 12 characters, more where two would share them.

    The same child, authority and key give the same pseudonym in every extract, whoever else is in it.

    >>> names = name_children([("Fife", "SYN-1"), ("Angus", "SYN-1")], DEMO)
    >>> names["Fife", "SYN-1"], names["Angus", "SYN-1"]
    ('Q6YBGBT6JE1F', '253SS8T4H378')
    """
    return _shortest({child: _pseudonym(*child, key) for child in children}, LENGTH)


def label_names(names: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Return a label to read aloud for each child: the first six characters of the pseudonym, more where two would share them.

    >>> label_names({("Fife", "1"): "K7Q2MX9ABCDE", ("Fife", "2"): "3SEYN2ZE64PR"})
    {('Fife', '1'): 'Child K7Q-2MX', ('Fife', '2'): 'Child 3SE-YN2'}
    """
    return {child: show_label(short) for child, short in _shortest(names, LABEL).items()}


def show_label(name: str) -> str:
    """Return a pseudonym, or the beginning of one, as a label: `K7Q2MX` is "Child K7Q-2MX"."""
    return f"Child {'-'.join(name[i : i + 3] for i in range(0, len(name), 3))}"


def plain_label(text: str) -> str:
    """Return what someone typed as the characters of a label: without "Child" and dashes, o as 0, i and l as 1.

    >>> plain_label("child k7q-2mx"), plain_label("K7Q 2MX"), plain_label("Kl0-O")
    ('K7Q2MX', 'K7Q2MX', 'K100')
    """
    text = text.strip().upper().removeprefix("CHILD")
    text = text.translate(str.maketrans("OIL", "011"))
    return "".join(c for c in text if c in ALPHABET)


def _pseudonym(authority: str, child_id: str, key: Key) -> str:
    message = authority.encode() + _SEPARATOR + child_id.encode()
    return _spell(hmac.digest(key.secret, message, "sha256"))


def _spell(digest: bytes) -> str:
    """Return the first 120 bits of a digest as 24 characters, five bits each, two at a time (base64.b32encode is slow)."""
    bits = int.from_bytes(digest[:15], "big")
    return "".join(_PAIRS[(bits >> shift) & 1023] for shift in range(110, -1, -10))


def _shortest(names: Mapping[tuple[str, str], str], length: int) -> dict[tuple[str, str], str]:
    """Cut names to `length` characters, and those that would then be the same to as many as tell them apart."""
    done: dict[tuple[str, str], str] = {}
    left = dict(names)
    while left:
        groups: dict[str, list[tuple[str, str]]] = {}
        for child, name in left.items():
            groups.setdefault(name[:length], []).append(child)
        alone = {members[0]: cut for cut, members in groups.items() if len(members) == 1}
        done |= alone
        left = {child: name for child, name in left.items() if child not in alone}
        length += 1
        if length > 25:  # 120 bits are the same for no two children
            raise ValueError("two children have the same pseudonym")
    return {child: done[child] for child in names}
