"""Eight children, and a ninth, whose timelines are hard to draw: tests and documents share them. All of them are made up.

Each is an extract of a few rows, drawn as tables with bars between the cells. `write_extract(name, folder)` makes it a folder
of CSV files that can be read like any other.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pace_nb.extract import Extract, read_extract
from pace_nb.timelines import Journey, label_children, tell_journey

AS_AT = "2019-07-31"
_COLUMNS = {
    "children": ["child_id", "local_authority", "date_of_birth", "sex", "sibling_group"],
    "placements": ["child_id", "placement_type", "start_date", "end_date", "home_ref"],
    "legal": ["child_id", "legal_type", "start_date", "end_date"],
    "events": ["child_id", "event", "date", "route"],
}
_CSO, _ICSO = "compulsory_supervision_order", "interim_compulsory_supervision_order"
_CPO, _S25 = "child_protection_order", "section_25"
_REC, _POA = "permanence_recommendation", "permanence_order_with_authority_to_adopt"


def _thirty() -> str:
    """Thirty placements within nine years: some of a day, two of them at home, four in a fortnight."""
    kinds = [
        "foster",
        "foster",
        "kinship",
        "foster",
        "residential",
        "foster",
        "foster",
        "residential",
        "secure",
        "residential",
    ]
    days = [
        9,
        41,
        160,
        30,
        1,
        3,
        4,
        5,
        220,
        75,
        31,
        12,
        380,
        64,
        2,
        150,
        90,
        310,
        21,
        17,
        260,
        120,
        45,
        8,
        190,
        240,
        66,
        28,
        410,
    ]
    rows, day = [], date(2010, 9, 6)
    for i, length in enumerate([*days, None]):
        kind = "at_home" if i in (12, 20) else kinds[i % len(kinds)]
        end = day + timedelta(days=length) if length else ""
        rows.append(f"SYN-00301 | {kind} | {day} | {end}")
        day = end
    return "\n".join(rows)


#: Name: children, placements, legal, events; cells in the order of _COLUMNS.
CHILDREN: dict[str, tuple[str, str, str, str]] = {
    "before birth": (
        "SYN-00101 | Fife | 2018-03-10 | female",
        """SYN-00101 | other | 2018-03-10 | 2018-03-14
           SYN-00101 | foster | 2018-03-14 | 2019-02-04
           SYN-00101 | prospective_adopter | 2019-02-04""",
        f"""SYN-00101 | {_CPO} | 2018-03-10 | 2018-03-14
            SYN-00101 | {_ICSO} | 2018-03-14 | 2018-06-01
            SYN-00101 | {_CSO} | 2018-06-01""",
        f"""SYN-00101 | referral | 2017-11-20
            SYN-00101 | review | 2018-01-15
            SYN-00101 | review | 2018-02-26
            SYN-00101 | accommodated | 2018-03-10
            SYN-00101 | hearing | 2018-03-14
            SYN-00101 | review | 2018-04-16
            SYN-00101 | hearing | 2018-06-01
            SYN-00101 | review | 2018-07-09
            SYN-00101 | review | 2018-10-02
            SYN-00101 | {_REC} | 2018-10-02 | adoption
            SYN-00101 | permanence_panel | 2018-12-06
            SYN-00101 | adm_decision | 2018-12-18 | adoption
            SYN-00101 | review | 2019-02-20
            SYN-00101 | court_application | 2019-04-25
            SYN-00101 | hearing | 2019-05-24""",
    ),
    "adopted and returned": (
        "SYN-00201 | Fife | 2008-05-17 | male",
        """SYN-00201 | foster | 2010-02-09 | 2011-05-20
           SYN-00201 | prospective_adopter | 2011-05-20 | 2012-03-16
           SYN-00201 | foster | 2017-06-12 | 2017-11-30
           SYN-00201 | residential | 2017-11-30 | 2018-07-19
           SYN-00201 | at_home | 2018-07-19 | 2019-02-11
           SYN-00201 | residential | 2019-02-11""",
        f"""SYN-00201 | {_CPO} | 2010-02-09 | 2010-02-16
            SYN-00201 | {_CSO} | 2010-02-16 | 2012-03-16
            SYN-00201 | adoption_order | 2012-03-16
            SYN-00201 | {_S25} | 2017-06-12 | 2018-07-19
            SYN-00201 | {_CSO} | 2018-07-19""",
        f"""SYN-00201 | referral | 2009-11-02
            SYN-00201 | accommodated | 2010-02-09
            SYN-00201 | hearing | 2010-02-16
            SYN-00201 | review | 2010-03-23
            SYN-00201 | review | 2010-09-14
            SYN-00201 | {_REC} | 2010-09-14 | adoption
            SYN-00201 | permanence_panel | 2010-12-02
            SYN-00201 | adm_decision | 2010-12-13 | adoption
            SYN-00201 | hearing | 2011-02-08
            SYN-00201 | review | 2011-03-08
            SYN-00201 | court_application | 2011-09-05
            SYN-00201 | review | 2011-09-13
            SYN-00201 | order_granted | 2012-03-16 | adoption
            SYN-00201 | referral | 2017-05-29
            SYN-00201 | accommodated | 2017-06-12
            SYN-00201 | review | 2017-07-24
            SYN-00201 | review | 2017-10-23
            SYN-00201 | review | 2018-05-08
            SYN-00201 | {_REC} | 2018-05-08 | return_home
            SYN-00201 | return_home | 2018-07-19
            SYN-00201 | hearing | 2018-07-19
            SYN-00201 | accommodated | 2019-02-11
            SYN-00201 | review | 2019-03-26
            SYN-00201 | hearing | 2019-07-04""",
    ),
    "thirty placements": (
        "SYN-00301 | Fife | 2005-01-22 | male",
        _thirty(),
        f"""SYN-00301 | {_CPO} | 2010-09-06 | 2010-09-14
            SYN-00301 | {_ICSO} | 2010-09-14 | 2010-12-03
            SYN-00301 | {_CSO} | 2010-12-03 | 2011-11-25
            SYN-00301 | {_CSO} | 2011-11-25 | 2012-11-09
            SYN-00301 | {_CSO} | 2012-11-09 | 2013-10-29
            SYN-00301 | {_CSO} | 2013-10-29 | 2016-10-11
            SYN-00301 | {_CSO} | 2016-10-11""",
        "\n".join(
            [
                "SYN-00301 | referral | 2010-08-02",
                "SYN-00301 | accommodated | 2010-09-06",
                *(f"SYN-00301 | review | {date(2010, 10, 18) + timedelta(days=n * 172)}" for n in range(19)),
                *(f"SYN-00301 | hearing | {date(2010, 9, 14) + timedelta(days=n * 301)}" for n in range(11)),
                f"SYN-00301 | {_REC} | 2012-09-05 | permanence_order",
                "SYN-00301 | permanence_panel | 2013-03-07",
                "SYN-00301 | adm_decision | 2013-03-19 | permanence_order",
                f"SYN-00301 | {_REC} | 2017-06-20 | permanence_order",
                "SYN-00301 | return_home | 2013-02-19",
                "SYN-00301 | accommodated | 2014-03-06",
            ]
        ),
    ),
    "two spells": (
        "SYN-00401 | Fife | 2011-10-03 | female",
        """SYN-00401 | foster | 2014-01-20 | 2014-09-08
           SYN-00401 | kinship | 2014-09-08 | 2015-06-15
           SYN-00401 | at_home | 2015-06-15 | 2016-08-30
           SYN-00401 | foster | 2017-10-09 | 2018-03-02
           SYN-00401 | kinship | 2018-03-02""",
        f"""SYN-00401 | {_S25} | 2014-01-20 | 2014-07-11
            SYN-00401 | {_CSO} | 2014-07-11 | 2016-08-30
            SYN-00401 | {_ICSO} | 2017-10-09 | 2018-01-12
            SYN-00401 | {_CSO} | 2018-01-12 | 2018-12-14
            SYN-00401 | kinship_care_order | 2019-06-07""",
        f"""SYN-00401 | referral | 2013-12-03
            SYN-00401 | accommodated | 2014-01-20
            SYN-00401 | review | 2014-03-03
            SYN-00401 | review | 2014-06-02
            SYN-00401 | hearing | 2014-07-11
            SYN-00401 | review | 2014-11-24
            SYN-00401 | review | 2015-05-18
            SYN-00401 | {_REC} | 2015-05-18 | return_home
            SYN-00401 | return_home | 2015-06-15
            SYN-00401 | hearing | 2015-07-03
            SYN-00401 | hearing | 2016-06-24
            SYN-00401 | referral | 2017-09-25
            SYN-00401 | accommodated | 2017-10-09
            SYN-00401 | hearing | 2017-10-09
            SYN-00401 | review | 2017-11-20
            SYN-00401 | hearing | 2018-01-12
            SYN-00401 | review | 2018-02-19
            SYN-00401 | {_REC} | 2018-02-19 | kinship_care_order
            SYN-00401 | review | 2018-08-13
            SYN-00401 | order_granted | 2019-06-07 | kinship_care_order""",
    ),
    "overlapping orders": (
        "SYN-00501 | Fife | 2012-12-29 | male",
        """SYN-00501 | foster | 2015-03-02 | 2015-03-06
           SYN-00501 | foster | 2015-03-06 | 2018-04-19
           SYN-00501 | foster | 2018-04-19""",
        f"""SYN-00501 | {_CPO} | 2015-03-02 | 2015-03-05
            SYN-00501 | {_ICSO} | 2015-03-05 | 2015-03-27
            SYN-00501 | {_ICSO} | 2015-03-27 | 2015-04-17
            SYN-00501 | {_ICSO} | 2015-04-17 | 2015-05-08
            SYN-00501 | {_S25} | 2015-03-04 | 2015-05-08
            SYN-00501 | {_CSO} | 2015-05-08 | 2016-04-29
            SYN-00501 | {_CSO} | 2016-04-29 | 2017-10-02
            SYN-00501 | {_ICSO} | 2017-03-20 | 2017-04-10
            SYN-00501 | permanence_order | 2017-08-21
            SYN-00501 | {_POA} | 2019-05-13""",
        f"""SYN-00501 | referral | 2015-02-27
            SYN-00501 | accommodated | 2015-03-02
            SYN-00501 | hearing | 2015-03-05
            SYN-00501 | hearing | 2015-03-27
            SYN-00501 | review | 2015-04-13
            SYN-00501 | hearing | 2015-04-17
            SYN-00501 | hearing | 2015-05-08
            SYN-00501 | review | 2015-05-08
            SYN-00501 | review | 2015-10-19
            SYN-00501 | {_REC} | 2015-10-19 | permanence_order
            SYN-00501 | permanence_panel | 2016-02-04
            SYN-00501 | adm_decision | 2016-02-04 | permanence_order
            SYN-00501 | hearing | 2016-04-29
            SYN-00501 | court_application | 2016-11-28
            SYN-00501 | hearing | 2017-03-20
            SYN-00501 | order_granted | 2017-08-21 | permanence_order
            SYN-00501 | {_REC} | 2018-10-08 | adoption
            SYN-00501 | order_granted | 2019-05-13 | {_POA}""",
    ),
    "missing ends": (
        "SYN-00601 | Fife | 2009-08-08",
        """SYN-00601 | kinship | 2016-02-15
           SYN-00601 | foster | 2016-05-03 | 2016-08-22
           SYN-00601 | foster | 2017-01-09
           SYN-00601 | residential | 2018-06-25""",
        f"""SYN-00601 | {_S25} | 2016-02-15
            SYN-00601 | {_CSO} | 2016-06-10""",
        """SYN-00601 | accommodated | 2016-02-15
            SYN-00601 | hearing | 2016-06-10
            SYN-00601 | review | 2016-11-02
            SYN-00601 | adm_decision | 2017-12-11
            SYN-00601 | review | 2018-07-30""",
    ),
    "siblings apart": (
        """SYN-00701 | Fife | 2007-04-11 | female | SG-7
           SYN-00702 | Fife | 2010-09-30 | male | SG-7
           SYN-00703 | Fife | 2016-02-19 | female | SG-7""",
        """SYN-00701 | foster | 2014-05-12 | 2015-08-17 | H1
           SYN-00701 | foster | 2015-08-17 | 2017-03-06 | H2
           SYN-00701 | foster | 2017-03-06 | | H3
           SYN-00702 | foster | 2014-05-12 | 2014-10-27 | H1
           SYN-00702 | kinship | 2014-10-27 | 2017-03-06 |
           SYN-00702 | foster | 2017-03-06 | | H3
           SYN-00703 | foster | 2016-02-23 | 2017-05-15 |
           SYN-00703 | prospective_adopter | 2017-05-15""",
        f"""SYN-00701 | {_S25} | 2014-05-12 | 2014-11-07
            SYN-00701 | {_CSO} | 2014-11-07
            SYN-00702 | {_S25} | 2014-05-12 | 2014-11-07
            SYN-00702 | {_CSO} | 2014-11-07
            SYN-00703 | {_CPO} | 2016-02-23 | 2016-03-01
            SYN-00703 | {_CSO} | 2016-03-01""",
        f"""SYN-00701 | referral | 2014-03-31
            SYN-00702 | referral | 2014-03-31
            SYN-00703 | referral | 2015-12-14
            SYN-00701 | accommodated | 2014-05-12
            SYN-00702 | accommodated | 2014-05-12
            SYN-00701 | hearing | 2014-11-07
            SYN-00702 | hearing | 2014-11-07
            SYN-00701 | {_REC} | 2015-02-16 | permanence_order
            SYN-00702 | {_REC} | 2015-02-16 | kinship_care_order
            SYN-00703 | accommodated | 2016-02-23
            SYN-00703 | {_REC} | 2016-08-15 | adoption
            SYN-00701 | permanence_panel | 2016-11-10
            SYN-00702 | {_REC} | 2016-11-10 | permanence_order
            SYN-00703 | permanence_panel | 2016-11-10
            SYN-00701 | adm_decision | 2016-11-22 | permanence_order
            SYN-00703 | adm_decision | 2016-11-22 | adoption
            SYN-00703 | court_application | 2017-09-18
            SYN-00703 | order_granted | 2018-04-23 | {_POA}""",
    ),
    "turning 18": (
        "SYN-00801 | Fife | 2001-05-20 | female",
        """SYN-00801 | residential | 2016-01-11 | 2017-10-16
           SYN-00801 | foster | 2017-10-16 | 2019-05-20
           SYN-00801 | other | 2019-05-20""",
        f"""SYN-00801 | {_S25} | 2016-01-11 | 2016-07-01
            SYN-00801 | {_CSO} | 2016-07-01 | 2019-05-20""",
        """SYN-00801 | referral | 2015-12-09
            SYN-00801 | accommodated | 2016-01-11
            SYN-00801 | review | 2016-02-22
            SYN-00801 | review | 2016-05-23
            SYN-00801 | hearing | 2016-07-01
            SYN-00801 | review | 2016-11-14
            SYN-00801 | hearing | 2017-06-20
            SYN-00801 | review | 2017-11-27
            SYN-00801 | hearing | 2018-06-12
            SYN-00801 | review | 2019-02-18""",
    ),
    "three weeks": (
        "SYN-00901 | Fife | 2019-07-10 | male",
        "SYN-00901 | foster | 2019-07-12",
        f"""SYN-00901 | {_CPO} | 2019-07-12 | 2019-07-17
            SYN-00901 | {_ICSO} | 2019-07-17""",
        """SYN-00901 | referral | 2019-07-10
            SYN-00901 | accommodated | 2019-07-12
            SYN-00901 | hearing | 2019-07-17""",
    ),
}


def write_extract(name: str, folder: Path) -> Path:
    """Write the tables of one of them as an extract, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for (table, columns), drawn in zip(_COLUMNS.items(), CHILDREN[name], strict=True):
        rows = [[cell.strip() for cell in line.split("|")] for line in drawn.splitlines() if line.strip()]
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(row + [""] * (len(columns) - len(row)) for row in rows)
    return folder


@cache  # read once for all tests of a process; nobody may change them
def read_journeys(name: str) -> tuple[Extract, list[Journey]]:
    """Return one of them as an extract for people entitled to see children, and its journeys, oldest child first."""
    with TemporaryDirectory() as folder:
        extract = read_extract(write_extract(name, Path(folder) / "extract"), AS_AT, audience="working")
    labels = label_children(extract)
    order = extract.children.sort_values("date_of_birth")[["local_authority", "child_id"]]
    return extract, [tell_journey(extract, k, labels[k]) for k in order.itertuples(index=False, name=None)]
