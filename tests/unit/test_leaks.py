"""The search for what must not be told: it finds a number wherever it hides, and leaves other numbers alone."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.leaks import Secrets, gather_secrets, scan_bytes, scan_folder, scan_text
from pace_nb.leaks.days import find_days
from pace_nb.leaks.scan import BIRTH, COLUMN, LABEL, NUMBER, UNREADABLE
from pace_nb.pseudonyms import DEMO

BORN = date(2010, 5, 4)
SECRETS = Secrets(
    numbers=frozenset({"SYN-00417", "48213", "P12/77/B", "12", "Ann"}),
    births=frozenset({BORN, date(2019, 7, 31)}),
    labels=frozenset({"Child K7Q-2MX"}),
    others=frozenset({date(2019, 7, 31)}),
)


def kinds(data: bytes | str, name: str = "page.html", working: bool = False) -> set[str]:
    found = scan_bytes(name, data.encode() if isinstance(data, str) else data, SECRETS, working)
    return {leak.kind for leak in found}


class TestNumbers:
    @pytest.mark.parametrize(
        "text",
        [
            "SYN-00417",
            "<td>syn-00417</td>",
            'data-x="SYN"00417',
            "<td syn>00417</td>",
            '<td a="SYN">1</td><td b="00417">2</td><td a="SYN"00417>',
            "file_SYN_00417_b",
            "SYN 00417",
            "syn00417",
            "x=48213;",
            "p12-77-b",
            "Case no. 12",
            "child_id=12",
            "child number: 12",
            "Client #12",
            "the child's number 12",
            "Child ID Ann",
            "SYN&#45;00417",
            "&#83;YN-00417",
            "data:text/plain,SYN%2D00417",
            "SYN%2D00417",
        ],
    )
    def test_is_found_however_it_is_written(self, text):
        assert NUMBER in kinds(text)

    @pytest.mark.parametrize(
        "text",
        [
            "12 children, 417 of them, in 2017",
            "SYN-004170 and ASYN-00417 and 148213",
            "48,213 rows",
            "0.48213 and 48213.5",
            "#048213; fill:#48213f",
            '<path d="M48213,12L12,48213" transform="translate(48213,0)"/>',
            "P12 and 77 and B apart",
            "Ann and 12 weeks; the child, 12 months old",
            "",
        ],
    )
    def test_what_is_no_number_of_a_child_is_left_alone(self, text):
        assert kinds(text) == set()

    def test_a_long_number_is_found_with_commas_too(self):
        long = Secrets(frozenset({"0123456789", "1234567"}))
        assert scan_text("id 1,234,567.", long) == {NUMBER: 1}
        assert scan_text("0123456789", long) == {NUMBER: 1}

    def test_each_is_counted_once(self):
        assert scan_text("48213 48213 SYN-00417", SECRETS) == {NUMBER: 2}

    def test_a_column_with_its_value_is_found_whatever_the_value(self):
        for text in ('{"child_id": "7"}', "child_id: 7; weeks: 12", "date_of_birth=x", '"sibling_group":3'):
            assert COLUMN in kinds(text, "a.html")
        assert kinds("children.csv has no column child_id; add date_of_birth.") == set()


class TestDaysAndLabels:
    @pytest.mark.parametrize(
        "text",
        [
            "2010-05-04",
            "2010-05-04T00:00:00",
            "20100504",
            "04/05/2010",
            "4/5/2010",
            "4.5.2010",
            "04-05-10",
            "4 May 2010",
            "4th of May, 2010",
            "04-May-10",
            "May 4, 2010",
            "4\u00a0MAY\u00a02010",
        ],
    )
    def test_a_date_of_birth_is_found_in_every_usual_form(self, text):
        assert BORN in find_days(text)
        assert kinds(f"<p>Born {text}.</p>") == {BIRTH}

    @pytest.mark.parametrize(
        "text", ["5 May 2010", "May 2010", "31 July 2019", "pandas 4.5.10", "204-05-2010", "2010-13-04"]
    )
    def test_another_day_is_not(self, text):
        assert kinds(text) == set()

    def test_a_label_is_found_by_its_form_and_a_known_one_without_the_word_child(self):
        assert kinds("Child 3SE-YN2 waits") == {LABEL}
        assert kinds("k7q-2mx.html") == {LABEL}
        assert kinds("3se-yn2.html") == set()

    def test_pages_for_people_entitled_to_see_children_hold_labels_and_days_but_no_numbers(self):
        assert kinds("Child K7Q-2MX, 4 May 2010", working=True) == set()
        assert kinds("Child K7Q-2MX, 48213", working=True) == {NUMBER}


def png(*chunks: tuple[bytes, bytes], behind: bytes = b"") -> bytes:
    made = b"\x89PNG\r\n\x1a\n"
    for kind, content in [(b"IHDR", bytes(13)), *chunks, (b"IEND", b"")]:
        made += struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    return made + behind


def packed(**members: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_dot_", "."), content)
    return held.getvalue()


def workbook(value: str) -> bytes:
    book, held = openpyxl.Workbook(), io.BytesIO()
    book.active["C3"] = value
    book.save(held)
    return held.getvalue()


SECRET = b"SYN-00417"
HIDING_PLACES = {
    "a workbook": workbook("child SYN-00417"),
    "an archive within an archive": packed(a_dot_zip=packed(b_dot_txt=SECRET)),
    "a name within an archive": packed(**{"SYN-00417_dot_txt": b""}),
    "gzip": gzip.compress(SECRET, mtime=0),
    "a note of a picture": png((b"tEXt", b"Comment\0" + SECRET)),
    "a packed note of a picture": png((b"zTXt", b"Comment\0\0" + zlib.compress(SECRET))),
    "an international note": png((b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(SECRET))),
    "behind the end of a picture": png(behind=SECRET),
    "a picture in a page": b'<img src="data:image/png;base64,'
    + base64.b64encode(png((b"tEXt", b"a\0" + SECRET)))
    + b'">',
    "a drawing in a data address": b"<img src='data:image/svg+xml;base64,"
    + base64.b64encode(b"<text>SYN-00417</text>")
    + b"'>",
    "a drawing in a page": b'<svg><text aria-label="weeks: 12; id: SYN-00417">x</text></svg>',
    "a notebook's picture": json.dumps(
        {"cells": [{"outputs": [{"data": {"image/png": base64.b64encode(png((b"tEXt", b"a\0" + SECRET))).decode()}}]}]}
    ).encode(),
    "a notebook's lines": json.dumps({"cells": [{"source": ["SYN-", "00417"]}]}).encode(),
    "escapes of JSON": b'{"a": "\\u0053YN-00417"}',
    "escapes of a broken JSON": b'{"a": "\\u0053YN-00417"',
    "a number of JSON": b'{"id": "48213"}',
    "UTF-16": "SYN-00417".encode("utf-16"),
    "UTF-16 without a mark": "SYN-00417".encode("utf-16-le"),
    "among bytes": b"\xff\x00\x93 SYN-00417 \x00\xfe",
    "a long text in Base64": b"{'x': '" + base64.b64encode(b"here is a log that names SYN-00417 in passing") + b"'}",
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_a_number_is_found_in(place):
    assert NUMBER in kinds(HIDING_PLACES[place], "made.bin")


@pytest.mark.parametrize(
    "data",
    [
        workbook("5 children"),
        packed(a_dot_txt=b"5 children"),
        gzip.compress(b"5 children", mtime=0),
        png((b"tEXt", b"Software\0matplotlib")),
        b'{"bytes": 48213, "sha256": "' + b"ab" * 32 + b'"}',
        "fünf Kinder".encode("latin-1"),
    ],
)
def test_nothing_is_found_where_nothing_is(data):
    assert kinds(data, "made.bin") == set()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 broken",
        b"\x1f\x8b broken",
        b"\x89PNG\r\n\x1a\n\0",
        b"%PDF-1.7",
        packed(a=packed(a=packed(a=packed(a=packed(a=b""))))),
    ],
)
def test_what_cannot_be_opened_is_said_and_not_passed_over(data):
    assert UNREADABLE in kinds(data, "made.bin")


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked():
    assert kinds(packed(a=bytes(70_000_000)), "bomb.zip") == {UNREADABLE}


def test_the_name_of_a_file_is_searched_and_not_repeated(tmp_path):
    (tmp_path / "SYN-00417.html").write_text("5 children", encoding="utf-8")
    (tmp_path / "fife").mkdir()
    (tmp_path / "fife" / "page.html").write_text("48213 48213 SYN-00417", encoding="utf-8")
    said = [str(leak) for leak in scan_folder(tmp_path, SECRETS)]
    assert said == ["a file (its name): a child's number", f"fife/page.html: {NUMBER}, 2 of them"]
    assert not any("00417" in line for line in said)


def test_what_is_looked_for_is_never_shown():
    assert repr(SECRETS) == "Secrets(5 numbers, 2 days, 1 labels)"


class TestWhatIsLookedFor:
    def test_comes_from_the_text_of_the_files_rows_that_cannot_be_used_included(self, write_extract):
        path = write_extract(
            children="child_id,local_authority,date_of_birth,sibling_group\nF-10001,Fife,2010-05-04,SG-0033\n"
            "F-10002,Atlantis,04/05/2011,\n",
            events="child_id,event,date,route\nF-10003,accommodated,2016-02-29,\n",
            **{"changes.toml": 'title = "On 2017-03-04"\n'},
        )
        found = gather_secrets(path, [date(2019, 7, 31)])
        assert found.numbers == {"F-10001", "F-10002", "SG-0033"}
        assert found.births == {BORN, date(2011, 5, 4)}
        assert {date(2019, 7, 31), date(2017, 3, 4)} <= found.others
        whole = gather_secrets(path, whole=True, key=DEMO)
        assert "F-10003" in whole.numbers
        assert date(2016, 2, 29) in whole.births
        assert len(whole.labels) == 1, "the child of no authority is not used, so it has no label"

    def test_an_areas_own_files_are_read_by_their_profile(self, sample):
        found = gather_secrets(sample / "highland")
        assert len([n for n in found.numbers if n.startswith("SYN-")]) > 100
        assert len(found.births) > 100


@pytest.fixture
def sample():
    from pathlib import Path

    return Path(__file__).parent.parent.parent / "data" / "sample"


NUMBERS = st.from_regex(r"[A-Z]{1,3}[-/ ]?[0-9]{4,8}", fullmatch=True)


@settings(max_examples=150, deadline=None)
@given(
    NUMBERS,
    st.sampled_from([" ", "<b>", '"', "(", "\n", "é ", ">"]),
    st.sampled_from([" ", "</b>", '"', ")", ".", ":"]),
)
def test_whatever_number_stands_by_itself_is_found(number, left, right):
    secrets = Secrets(frozenset({number}))
    assert scan_text(f"x{left}{number}{right}y", secrets) == {NUMBER: 1}
    assert scan_text(f"x{left}{number.lower()}{right}y", secrets) == {NUMBER: 1}
    assert scan_text(f"x{left}{number}0{right}y", secrets) == {}


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(1990, 1, 1), date(2030, 12, 31)),
    st.sampled_from(["{d:%Y-%m-%d}", "{d:%d/%m/%Y}", "{d.day} {d:%B %Y}", "{d:%d-%b-%y}", "{d:%B} {d.day}, {d.year}"]),
)
def test_whatever_day_is_written_is_read_back(day, form):
    assert find_days(f"x {form.format(d=day)} y") == {day}
