"""What stands under every page: what was read, its hash, by which profile, with which key, by which version."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from importlib.metadata import version

import pytest

from pace_nb.areas import read_areas
from pace_nb.extract import read_extract
from pace_nb.pages.trust import show_page, show_provenance
from pace_nb.pseudonyms import DEMO, Key

AS_AT = "2019-07-31"
CHILDREN = "child_id,local_authority,date_of_birth\nA,{area},2010-01-01\n"
EVENTS = "child_id,event,date\nA,accommodated,2018-01-01\n"
OWN_KEY = Key(bytes(range(32)))  # that of the tests


@pytest.fixture
def folder(write_extract):
    return write_extract(children=CHILDREN.format(area="Fife"), events=EVENTS)


def told(extract) -> dict[str, str]:
    return dict(line.split("\t") for line in show_provenance(extract).text.splitlines()[2:])


def test_names_each_file_with_the_hash_of_its_bytes_and_not_where_it_lay(folder):
    extract = read_extract(folder, AS_AT)
    said = told(extract)
    for name in ("children.csv", "events.csv"):
        assert said[f"File {name}"] == f"SHA-256 {hashlib.sha256((folder / name).read_bytes()).hexdigest()}"
    assert said["Extract"] == "extract"
    assert said["SHA-256 of the extract"] == extract.sha256
    assert str(folder.parent) not in show_provenance(extract).html


def test_says_from_when_waits_are_counted(folder):
    assert told(read_extract(folder, AS_AT))["Waits counted"].startswith("all that are recorded")
    since = told(read_extract(folder, AS_AT, since="2018-06-01"))
    assert since["Waits counted"].startswith("those that ended on or after 1 June 2018")


def test_names_the_profile_or_says_that_there_was_none(folder):
    extract = read_extract(folder, AS_AT)
    assert told(extract)["Read with"].startswith("no profile")
    assert told(replace(extract, profile="Fife's system"))["Read with"] == "Fife's system"


def test_names_the_version(folder):
    assert f"pace-nb {version('pace-nb')}, Python 3." in told(read_extract(folder, AS_AT))["Made with"]


def test_tells_the_keys_fingerprint_where_children_are_named_and_that_names_are_not_anonymous(folder):
    working = told(read_extract(folder, AS_AT, audience="working"))["Names of children"]
    assert OWN_KEY.fingerprint in working
    assert "can tell whose they are" in working
    assert OWN_KEY.fingerprint not in show_provenance(read_extract(folder, AS_AT)).text


def test_says_of_the_sample_that_everybody_knows_its_key(folder):
    sample = replace(read_extract(folder, AS_AT, audience="working"), synthetic=True)
    assert f"{DEMO.fingerprint} (the public key of the synthetic sample)" in told(sample)["Names of children"]


def test_the_key_goes_to_the_manifest_with_the_page_and_only_where_children_are_named(folder):
    assert show_page(read_extract(folder, AS_AT, audience="working")).page["key"] == OWN_KEY.fingerprint
    assert show_page(read_extract(folder, AS_AT)).page["key"] == ""


def test_the_same_extract_gives_the_same_words(folder):
    once, again = (show_provenance(read_extract(folder, AS_AT)).html for _ in range(2))
    assert once == again


def test_a_page_of_many_areas_counts_their_files(write_extract, tmp_path):
    for area in ("Fife", "Moray", "Angus"):
        write_extract(f"all-{area}", children=CHILDREN.format(area=area), events=EVENTS)
    extract = read_areas(tmp_path, AS_AT)
    assert {name for name, _ in extract.files} >= {"all-Fife/children.csv", "all-Moray/events.csv"}
    assert told(extract)["File all-Fife/children.csv"].startswith("SHA-256 ")
    many = replace(extract, files=extract.files * 3)
    assert told(many)["Files"] == f"{len(many.files)}, whose names and hashes the SHA-256 above covers"
