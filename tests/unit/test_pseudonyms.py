"""Pseudonyms: the same child has the same name for as long as the key stays the same, and nobody without it can tell whose."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import stat
from dataclasses import replace

import pytest

from pace_nb.errors import ParameterError
from pace_nb.extract import read_extract
from pace_nb.pages.now import draw_board
from pace_nb.pages.trust import show_page
from pace_nb.pseudonyms import (
    ALPHABET,
    DEMO,
    Key,
    find_key,
    key_file,
    label_names,
    make_key,
    name_children,
    plain_label,
    read_key,
)
from pace_nb.timelines import choose_child, choose_group, label_children

KEY = Key(bytes(range(32)))
CHILDREN = "child_id,local_authority,date_of_birth\n"
EVENTS = "child_id,event,date\n"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps others out of a user's own folder in another way")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user without a key, whose settings lie in a folder of the test."""
    monkeypatch.delenv("PACE_NB_KEY_FILE")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "settings"))
    return tmp_path


@pytest.fixture
def two(write_extract):
    """A function that reads an extract of two children, for the working audience."""

    def read(first: str = "A1", second: str = "A2", audience: str = "working", folder: str = "extract"):
        children = "".join(f"{c},Fife,2010-01-01\n" for c in (first, second))
        events = f"{first},accommodated,2018-01-01\n{second},accommodated,2018-02-01\n"
        return read_extract(
            write_extract(folder, children=CHILDREN + children, events=EVENTS + events), "2019-07-31", audience=audience
        )

    return read


def by_hand(authority: str, child: str, secret: bytes) -> str:
    """The pseudonym again, by the definition, one bit after another."""
    digest = hmac.new(secret, authority.encode() + b"\x1f" + child.encode(), hashlib.sha256).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)
    return "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[int(bits[i : i + 5], 2)] for i in range(0, 60, 5))


class TestAName:
    @pytest.mark.parametrize("child", ["1", "0001", "SYN-00001", "Ó Néill", "💙", "a\u001fb"])
    def test_is_the_hmac_of_authority_and_number(self, child):
        assert name_children([("Fife", child)], KEY) == {("Fife", child): by_hand("Fife", child, KEY.secret)}

    def test_has_at_least_ten_characters_that_are_not_mistaken_for_one_another(self):
        names = name_children([("Fife", str(n)) for n in range(2000)], KEY)
        assert all(re.fullmatch("[0-9A-HJKMNP-TV-Z]{12}", n) for n in names.values())
        assert len(set(names.values())) == 2000
        assert {c for n in names.values() for c in n} == set(ALPHABET)

    def test_hangs_on_the_key_the_authority_and_the_whole_number(self):
        one = name_children([("Fife", "1")], KEY)["Fife", "1"]
        others = [
            name_children([("Fife", "1")], Key(bytes(range(1, 33))))["Fife", "1"],
            name_children([("Angus", "1")], KEY)["Angus", "1"],
            name_children([("Fife", "01")], KEY)["Fife", "01"],
            name_children([("Fife", "1 ")], KEY)["Fife", "1 "],
        ]
        assert one not in others
        assert len(set(others)) == 4

    def test_does_not_hang_on_who_else_is_there_or_in_which_order(self):
        children = [("Fife", str(n)) for n in range(50)]
        assert name_children(children[::-1], KEY) == name_children(children, KEY)
        assert name_children(children[7:8], KEY).items() <= name_children(children, KEY).items()

    def test_names_that_would_be_the_same_are_told_apart_by_more_characters(self, monkeypatch):
        alike = {"1": "K7Q2MX9ABCDEFG", "2": "K7Q2MX9ABCDEZZ", "3": "K7Q2MX9ABCDDFG"}
        monkeypatch.setattr("pace_nb.pseudonyms._pseudonym", lambda _, child, key: alike[child])
        names = name_children([("Fife", c) for c in alike], KEY)
        assert list(names.values()) == ["K7Q2MX9ABCDEF", "K7Q2MX9ABCDEZ", "K7Q2MX9ABCDD"]

    def test_two_children_never_have_one_name(self, monkeypatch):
        monkeypatch.setattr("pace_nb.pseudonyms._pseudonym", lambda *_: "K" * 24)
        with pytest.raises(ValueError, match="the same pseudonym"):
            name_children([("Fife", "1"), ("Fife", "2")], KEY)


class TestALabel:
    def test_is_the_beginning_of_the_name(self):
        names = name_children([("Fife", str(n)) for n in range(300)], KEY)
        for child, label in label_names(names).items():
            assert label == f"Child {names[child][:3]}-{names[child][3:6]}"

    def test_is_longer_only_where_two_children_would_share_one(self):
        names = {("Fife", "1"): "K7Q2MX9ABCDE", ("Fife", "2"): "K7Q2MX8ABCDE", ("Fife", "3"): "3SEYN2ZE64PR"}
        assert list(label_names(names).values()) == ["Child K7Q-2MX-9", "Child K7Q-2MX-8", "Child 3SE-YN2"]

    @pytest.mark.parametrize("typed", ["Child K7Q-2MX", "child k7q-2mx", " K7Q2MX ", "k7q 2mx"])
    def test_is_known_however_it_is_typed(self, typed):
        assert plain_label(typed) == "K7Q2MX"

    def test_is_the_same_in_the_next_extract_though_the_first_child_has_gone(self, two):
        before, after = label_children(two("A1", "A2")), label_children(two("A2", "A3", folder="next"))
        assert before["Fife", "A2"] == after["Fife", "A2"]
        assert len({*before.values(), *after.values()}) == 3

    def test_finds_its_child_on_the_timelines(self, two):
        extract = two()
        label = label_children(extract)["Fife", "A2"]
        assert choose_child(extract, label.lower().replace("-", "")).label == label
        assert choose_child(extract, label).first.isoformat() == "2018-02-01"

    def test_that_nobody_has_is_refused_without_being_repeated(self, two):
        """What was typed may be a child's number."""
        with pytest.raises(ParameterError) as caught:
            choose_child(two(), "A1")
        assert "A1" not in str(caught.value)


class TestWithoutAKey:
    @pytest.mark.parametrize(
        "show",
        [
            label_children,
            choose_child,
            draw_board,
            show_page,
            lambda e: choose_group(e, "waiting for a recommendation"),
        ],
        ids=["labels", "a timeline", "the board", "the masthead", "a group"],
    )
    def test_nothing_that_shows_single_children_is_made(self, home, two, show):
        with pytest.raises(ParameterError, match="There is no key for pseudonyms") as caught:
            show(two())
        assert "pace-nb key new" in caught.value.do

    def test_pages_for_everyone_are_made(self, home, two):
        assert not draw_board(two(audience="aggregate")).child_level
        assert "Fife" in show_page(two(audience="aggregate")).text

    def test_the_marked_sample_is_shown_with_a_key_that_everybody_knows(self, home, two):
        extract = two("SYN-1", "SYN-2")
        assert extract.synthetic
        assert label_children(extract) == label_names(name_children([("Fife", "SYN-1"), ("Fife", "SYN-2")], DEMO))

    def test_one_child_who_is_not_of_the_sample_makes_it_no_sample(self, home, two):
        with pytest.raises(ParameterError):
            label_children(two("SYN-1", "A2"))

    def test_the_public_key_is_used_for_nobody_else(self, two):
        extract = two()
        assert find_key(extract.synthetic) == KEY
        assert label_children(extract) != label_children(replace(extract, synthetic=True))


class TestTheFile:
    def test_is_among_the_users_own_settings_unless_another_is_named(self, home, monkeypatch):
        assert key_file() == home / "settings" / "pace-nb" / "key"
        monkeypatch.setenv("PACE_NB_KEY_FILE", str(home / "elsewhere"))
        assert key_file() == home / "elsewhere"

    def test_holds_32_new_random_bytes_each_time(self, home):
        keys = [make_key(home / str(n))[0] for n in range(8)]
        assert {len(k.secret) for k in keys} == {32}
        assert len({k.secret for k in keys}) == len({k.fingerprint for k in keys}) == 8

    def test_is_read_as_it_was_written(self, home):
        made, before = make_key(key_file())
        assert read_key(key_file()) == made == find_key(synthetic=False)
        assert before is None

    @posix
    def test_can_be_opened_by_its_owner_only(self, home):
        make_key(key_file())
        assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
        assert stat.S_IMODE(key_file().parent.stat().st_mode) == 0o700

    @posix
    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
    def test_that_others_may_read_or_write_is_refused(self, home, mode):
        make_key(key_file())
        key_file().chmod(mode)
        with pytest.raises(ParameterError, match="can be read by others"):
            read_key(key_file())

    def test_in_a_repository_is_refused_for_reading_and_writing(self, home):
        make_key(home / "inside" / "deep" / "key")
        (home / "inside" / ".git").mkdir()
        with pytest.raises(ParameterError, match="inside a git repository"):
            read_key(home / "inside" / "deep" / "key")
        with pytest.raises(ParameterError, match="inside a git repository"):
            make_key(home / "inside" / "other")
        assert sorted(p.name for p in (home / "inside").iterdir()) == [".git", "deep"]

    @posix
    def test_is_found_in_a_repository_through_a_link_too(self, home):
        make_key(home / "inside" / "key")
        (home / "inside" / ".git").write_text("gitdir: elsewhere")  # a work tree's .git is a file
        (home / "link").symlink_to(home / "inside" / "key")
        with pytest.raises(ParameterError, match="inside a git repository"):
            read_key(home / "link")

    @pytest.mark.parametrize(
        "content",
        [b"", b"# only a comment\n", b"ab" * 31, b"00" * 32, b"\xff\xfe" * 40, b"this is my key, honestly, it is a long one", b"\x00" * 64],
        ids=["empty", "comment", "too short", "all zeros", "bytes", "words", "nul"],
    )  # fmt: skip
    def test_that_holds_no_key_is_refused_and_nothing_of_it_is_told(self, home, content):
        file = home / "key"
        file.write_bytes(content)
        file.chmod(0o600)
        with pytest.raises(ParameterError) as caught:
            read_key(file)
        assert caught.value.__cause__ is None
        assert "honestly" not in str(caught.value)
        assert str(home) not in str(caught.value), "where it lies may name a person"

    def test_is_not_overwritten_unless_rotation_is_said(self, home):
        first, _ = make_key(key_file())
        with pytest.raises(ParameterError, match="There is a key already"):
            make_key(key_file())
        assert read_key(key_file()) == first

    def test_of_before_is_kept_beside_the_new_one_under_its_fingerprint(self, home):
        first, _ = make_key(key_file())
        second, kept = make_key(key_file(), rotate=True)
        assert kept == key_file().with_name(f"key-{first.fingerprint}")
        assert read_key(kept) == first != second == read_key(key_file())
        assert sorted(p.name for p in key_file().parent.iterdir()) == ["key", kept.name]

    def test_that_cannot_be_read_is_kept_too(self, home):
        file = home / "key"
        file.write_bytes(b"something")
        _, kept = make_key(file, rotate=True)
        assert kept.read_bytes() == b"something"
        assert kept.name.startswith("key-unreadable-")

    def test_in_a_place_that_cannot_be_written_is_a_sentence(self, home):
        (home / "file").write_text("")
        with pytest.raises(ParameterError, match="The key cannot be written"):
            make_key(home / "file" / "key")


def test_a_key_is_in_no_text_of_it():
    for text in (repr(KEY), str(KEY), f"{KEY!r:>90}", KEY.fingerprint):
        assert KEY.secret.hex()[:8] not in text
        assert repr(KEY.secret)[2:10] not in text
    assert "public" in str(DEMO)


def test_a_fingerprint_is_no_pseudonym_and_differs_with_the_key():
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}", KEY.fingerprint)
    assert KEY.fingerprint != DEMO.fingerprint
    assert KEY.fingerprint == Key(bytes(range(32))).fingerprint
