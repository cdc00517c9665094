"""What is made of a finished page besides: a workbook, pictures; what they hold is what the page shows, and nothing more."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from datetime import date, datetime
from xml.etree import ElementTree

import openpyxl
import pytest
from small_pages import make_small_page

from pace_nb.batch.figure_names import name_figure
from pace_nb.leaks import Secrets
from pace_nb.marking import AGGREGATE, SENSITIVE
from pace_nb.outputs.content import read_content
from pace_nb.outputs.files import NAMES, remove_files
from pace_nb.outputs.page_files import PageAt, make_files
from pace_nb.outputs.pictures import describe, make_png, make_svg
from pace_nb.outputs.workbook import make_workbook

DAY = datetime(2019, 7, 31)
PAGE = "fife/2_aims.html"


@pytest.fixture(scope="module")
def content():
    return read_content(make_small_page().html)


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(make_workbook(content, DAY)))


class TestAPageReadBack:
    def test_tells_whose_it_is_and_who_may_see_it(self, content):
        assert (content.title, content.area, content.marking) == ("How long do children wait?", "Fife", AGGREGATE)
        assert content.as_at == "As at 31 July 2019. For everyone: no single child is shown."
        assert content.synthetic

    def test_holds_each_chart_with_its_numbers_and_each_table(self, content):
        chart, table = content.parts
        assert (chart.name, chart.title, chart.table.columns[0]) == ("aim-2", "Section 2", "Due in")
        assert chart.alt == "Share in time, 20 % and then 40 %, of 45 children."
        assert chart.caption == "Figure 1. Read it from left to right. Of 45 children."
        assert (table.title, table.table.note, table.svg) == ("Who waits", "Rounded to 5.", "")
        assert table.table.rows[0] == ("Recommendation", "15")

    def test_reads_what_a_drawing_shows_from_its_title_where_it_has_no_label(self):
        html = re.sub(r' aria-label="Share in time[^"]*"', "", make_small_page().html)
        html = re.sub(r"(<svg\b[^>]*>)", r"\1<title>A journey</title><desc>Of one child.</desc>", html, count=1)
        assert read_content(html).charts[0].alt == "A journey Of one child."

    @pytest.mark.parametrize("text", ["", "<html></html>", "<main><nav></nav></main>"])
    def test_any_other_text_is_refused(self, text):
        with pytest.raises(ValueError, match="not a page of a run"):
            read_content(text)


class TestNamesOfCharts:
    @pytest.mark.parametrize(
        ("line", "name"),
        [
            ('intervals = 3\npace.draw_observed_expected(areas, "aim-3")', "observed-expected-aim-3"),
            ("pace.draw_aim(aim_2)", "aim-2"),
            ("pace.draw_shares(aim_1, aim_2, aim_3)", "shares"),
            ('pace.draw_theory(theory, "../../x")', "theory"),
            ("chart", ""),
            ("draw(", ""),
        ],
    )
    def test_come_from_the_line_that_draws_and_stay_when_others_are_added(self, line, name):
        assert name_figure(line) == name


class TestTheWorkbook:
    def test_has_a_sheet_for_each_chart_and_table_and_links_to_them(self, book):
        assert book.sheetnames == ["Contents", "Figure 1", "Table 1"]
        links = [c.hyperlink.location for row in book["Contents"].iter_rows() for c in row if c.hyperlink]
        assert links == ["'Figure 1'!A1", "'Table 1'!A1"]

    def test_numbers_are_numbers_as_the_page_shows_them_and_what_is_hidden_stays_hidden(self, book):
        sheet = book["Figure 1"]
        assert [c.value for c in sheet[5]] == ["Due in", "Children", "In time", "In time, %"]
        assert [c.value for c in sheet[6]] == ["2017", 20, "*", "–"]
        assert [c.value for c in sheet[7]] == ["2018", 1025, 15, 0.75]
        assert [c.number_format for c in sheet[7]][1:] == ["#,##0", "0", "0 %"]

    def test_no_cell_is_a_formula(self, book):
        cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
        assert {c.data_type for c in cells} == {"s", "n"}
        assert [c.value for c in book["Figure 1"][8]] == ['=HYPERLINK("x")', 0, "@cmd", 1]

    def test_no_cell_is_a_formula_in_the_file_itself(self, content):
        with zipfile.ZipFile(io.BytesIO(make_workbook(content, DAY))) as archive:
            sheets = [archive.read(n).decode() for n in archive.namelist() if "worksheets/sheet" in n]
        assert sheets
        assert not [s for s in sheets if "<f>" in s]

    def test_each_sheet_says_whose_it_is_who_may_see_it_and_how_to_read_it(self, book):
        for sheet in book:
            texts = [str(c.value) for row in sheet.iter_rows() for c in row if c.value is not None]
            assert texts.count(AGGREGATE) == 2, "above and below"
            assert any("As at 31 July 2019" in t for t in texts)
            assert any("rounded to the nearest 5" in t for t in texts)
        assert "Figure 1. Read it from left to right. Of 45 children." in [c.value for c in book["Figure 1"]["A"]]

    def test_its_head_stays_in_sight_and_it_names_nobody(self, book):
        assert book["Figure 1"].freeze_panes == "B6"
        assert book.properties.creator in (None, "")
        assert book.properties.lastModifiedBy in (None, "")
        assert book.properties.created == DAY

    def test_the_same_page_gives_the_same_bytes(self, content):
        assert make_workbook(content, DAY) == make_workbook(content, DAY)


class TestPictures:
    def test_carry_title_day_and_marking_and_say_what_they_show(self, content):
        root = ElementTree.fromstring(make_svg(content, content.charts[0]))
        name = "{http://www.w3.org/2000/svg}"
        drawn = [t.text for t in root.findall(f"{name}text")]
        assert drawn == ["Section 2", "Fife. As at 31 July 2019.", content.synthetic, AGGREGATE]
        assert root.find(f"{name}title").text == "Section 2"
        assert root.find(f"{name}desc").text.startswith("Share in time, 20 % and then 40 %, of 45 children. Fife.")
        assert root.find(f"{name}rect").get("fill") == "white"
        assert root.find(f"{name}svg").get("viewBox"), "names that HTML writes small are right again"

    def test_a_png_is_twice_as_fine_and_holds_the_same_in_words(self, content):
        chart = content.charts[0]
        svg = make_svg(content, chart)
        png = make_png(svg, chart.title, describe(content, chart))
        wide = float(re.search(r'width="([\d.]+)"', svg)[1])
        assert struct.unpack(">I", png[16:20])[0] == pytest.approx(2 * wide, abs=2)
        notes = {kind: body for kind, body in chunks(png) if kind == b"iTXt"}
        assert AGGREGATE.encode() in notes[b"iTXt"]
        assert chunks(png)[-1][0] == b"IEND"

    def test_a_link_to_another_page_is_not_among_them(self, content):
        from dataclasses import replace

        chart = content.charts[0]
        linked = replace(chart, svg=chart.svg.replace("<g ", '<g href="../x.html" ', 1))
        assert "x.html" not in make_svg(content, linked)

    def test_a_sensitive_page_makes_sensitive_pictures(self):
        made = read_content(make_small_page(audience="working").html)
        assert SENSITIVE in make_svg(made, made.charts[0])


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with its checksum proven."""
    at, found = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        found.append((kind, body))
        at += length + 12
    return found


class TestTheFilesOfAPage:
    def at(self, out, text: str = "Nobody is named.", secrets: Secrets | None = None) -> PageAt:
        page = make_small_page(text)
        (out / "fife").mkdir(exist_ok=True)
        (out / PAGE).write_text(page.html, encoding="utf-8")
        return PageAt(out, PAGE, date(2019, 7, 31), page.marking, secrets or Secrets())

    def test_lie_beside_it_and_are_told_with_their_hash(self, tmp_path):
        files, lacking = make_files(self.at(tmp_path), ["workbook", "pictures"])
        assert [f["path"] for f in files] == ["fife/2_aims.xlsx", "fife/2_aims/aim-2.svg", "fife/2_aims/aim-2.png"]
        assert lacking == []
        assert all(NAMES.fullmatch(f["path"]) and len(f["sha256"]) == 64 for f in files)

    def test_what_tells_of_a_child_is_not_written_and_not_said(self, tmp_path):
        at = self.at(tmp_path, "SYN-00001", Secrets(frozenset(["SYN-00001"])))
        files, lacking = make_files(at, ["workbook", "pictures"])
        assert lacking == [
            "The workbook is held back: it tells a child's number. Tell the developers: this is a fault."
        ]
        assert {f["kind"] for f in files} == {"pictures"}, "the chart does not tell it"
        assert not (tmp_path / "fife/2_aims.xlsx").exists()

    def test_a_page_of_another_make_is_no_reason_to_fail(self, tmp_path):
        at = self.at(tmp_path)
        (tmp_path / PAGE).write_text("<html>other</html>", encoding="utf-8")
        files, (said,) = make_files(at, ["workbook"])
        assert files == []
        assert said.startswith("No workbook and no pictures")

    def test_those_of_an_earlier_run_are_taken_away_and_nothing_else(self, tmp_path):
        make_files(self.at(tmp_path), ["workbook", "pictures"])
        (tmp_path / "fife/2_aims/My notes.txt").write_text("mine", encoding="utf-8")
        remove_files(tmp_path, PAGE)
        left = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file())
        assert left == ["fife/2_aims.html", "fife/2_aims/My notes.txt"]
