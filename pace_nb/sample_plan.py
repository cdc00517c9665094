"""What each area of the synthetic sample did, and what was built into its data on purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Plan:
    """A change of an area: from day `on` waits for the step last `factor` times as long; `clears`: so many of the old waits ended.

    passes_on: (aim, factor) of a later step that lasts longer from then on. recording: before `on` most short waits were not
    recorded, so that recorded waits seem to become shorter.
    """

    idea: str
    on: date
    factor: float = 1.0
    clears: float = 0.0
    passes_on: tuple[str, float] | None = None
    recording: bool = False

    @property
    def aim(self) -> str:
        """The aim whose step the idea should shorten."""
        return IDEAS[self.idea][0]

    @property
    def effect(self) -> str:
        """What was built in, in words."""
        change = round(100 * (self.factor - 1))
        words = "no effect on waits" if not change else f"waits {abs(change)} % {'shorter' if change < 0 else 'longer'}"
        words += "; backlog cleared" if self.clears else ""
        if self.passes_on:
            words += f"; {self.passes_on[0]} {round(100 * (self.passes_on[1] - 1))} % longer instead"
        return words + ("; short waits recorded only from then on" if self.recording else "")


# fmt: off
IDEAS = {  # id: aim, title, description
    "two-week-planning-meeting": ("aim-2", "Planning meeting two weeks after a child is accommodated",
                                  "The first planning meeting is held at two weeks instead of six."),
    "review-outcomes-checklist": ("aim-2", "Permanence checklist in the outcome of every review",
                             "The chair records what is still needed to make a recommendation."),
    "independent-kinship-assessment": ("aim-2", "A second worker assesses kinship carers at the same time",
                              "Kinship is ruled in or out while work with the parents goes on."),
    "legal-advice-early": ("aim-3", "Legal advice before the recommendation",
                           "A solicitor advises before the review, not after it."),
    "medical-early": ("aim-3", "Medicals booked when permanence is first discussed",
                         "The panel no longer waits for the medical report."),
    "monthly-solicitor-meeting": ("aim-4", "Monthly meeting of social work and solicitors",
                                  "Every child between decision and court is discussed once a month."),
    "protected-writing-time": ("aim-4", "Protected time to write court reports",
                              "Workers get days without visits to finish the report for court."),
    "orders-at-home-at-18-months": ("aim-1", "Orders at home reviewed at 18 months",
                                  "The plan is reviewed at 18 months, so that it is never later than two years."),
}

#: What every area did, and what was built in.
PLANS: dict[str, tuple[Plan, ...]] = {
    "Aberdeen City": (Plan("review-outcomes-checklist", date(2015, 11, 2), 0.58),),
    "Aberdeenshire": (Plan("medical-early", date(2016, 2, 15), 0.65),),
    "Angus": (Plan("legal-advice-early", date(2017, 9, 4)),),
    "Argyll and Bute": (Plan("two-week-planning-meeting", date(2018, 1, 15)),),
    "City of Edinburgh": (Plan("review-outcomes-checklist", date(2016, 2, 1), 0.57, clears=0.75),),
    "Clackmannanshire": (Plan("independent-kinship-assessment", date(2017, 10, 2)),),
    "Dumfries and Galloway": (Plan("monthly-solicitor-meeting", date(2016, 6, 6), 0.65),),
    "Dundee City": (Plan("two-week-planning-meeting", date(2017, 3, 6), 0.65, clears=0.75),),
    "East Ayrshire": (Plan("orders-at-home-at-18-months", date(2016, 8, 15), 0.7),),
    "East Dunbartonshire": (Plan("review-outcomes-checklist", date(2017, 5, 15)),),
    "East Lothian": (Plan("protected-writing-time", date(2017, 2, 6)),),
    "East Renfrewshire": (Plan("independent-kinship-assessment", date(2016, 5, 2), 0.6),),
    "Falkirk": (Plan("review-outcomes-checklist", date(2016, 11, 7), recording=True),),
    "Fife": (Plan("two-week-planning-meeting", date(2016, 6, 6), 0.55, clears=0.75),
             Plan("legal-advice-early", date(2016, 9, 5))),
    "Glasgow City": (Plan("two-week-planning-meeting", date(2016, 4, 4), 0.58),
                     Plan("monthly-solicitor-meeting", date(2017, 1, 16), 0.7)),
    "Highland": (Plan("review-outcomes-checklist", date(2016, 11, 14), clears=0.75),),
    "Inverclyde": (Plan("independent-kinship-assessment", date(2016, 10, 3), 1.35),),
    "Midlothian": (Plan("legal-advice-early", date(2016, 4, 18), 0.65),),
    "Moray": (Plan("two-week-planning-meeting", date(2018, 4, 16)),),
    "Na h-Eileanan Siar": (Plan("review-outcomes-checklist", date(2017, 6, 5)),),
    "North Ayrshire": (Plan("review-outcomes-checklist", date(2017, 5, 8), clears=1.0),),
    "North Lanarkshire": (Plan("independent-kinship-assessment", date(2016, 8, 15), 0.5, passes_on=("aim-3", 3.0)),),
    "Orkney Islands": (Plan("orders-at-home-at-18-months", date(2017, 11, 6)),),
    "Perth and Kinross": (Plan("medical-early", date(2016, 11, 7), 0.6),),
    "Renfrewshire": (Plan("review-outcomes-checklist", date(2016, 1, 11), 0.65, clears=0.75),),
    "Scottish Borders": (Plan("legal-advice-early", date(2016, 9, 19), 1.4),),
    "Shetland Islands": (Plan("independent-kinship-assessment", date(2018, 2, 5)),),
    "South Ayrshire": (Plan("monthly-solicitor-meeting", date(2017, 6, 12), 0.62),),
    "South Lanarkshire": (Plan("two-week-planning-meeting", date(2017, 5, 8), 0.68, clears=0.75),),
    "Stirling": (Plan("orders-at-home-at-18-months", date(2016, 5, 16), 0.72),),
    "West Dunbartonshire": (Plan("orders-at-home-at-18-months", date(2017, 2, 20), 0.68),),
    "West Lothian": (Plan("review-outcomes-checklist", date(2016, 10, 31), 0.66),),
}

#: Areas with a two-part aim 2: children accommodated from a date, and those before it by a later date; target in %.
TWO_PART_AIMS = {
    "Aberdeen City": (date(2016, 1, 1), date(2016, 8, 31), 80),
    "City of Edinburgh": (date(2016, 4, 1), date(2016, 10, 31), 90),
    "Dundee City": (date(2017, 4, 1), date(2017, 10, 31), 90),
    "Falkirk": (date(2017, 4, 1), date(2017, 12, 31), 80),
    "Fife": (date(2016, 7, 1), date(2017, 3, 31), 90),
    "Glasgow City": (date(2016, 5, 1), date(2017, 3, 31), 80),
    "Highland": (date(2017, 1, 1), date(2017, 6, 30), 80),
    "Renfrewshire": (date(2016, 4, 1), date(2016, 9, 30), 90),
    "South Lanarkshire": (date(2017, 6, 1), date(2018, 3, 31), 80),
    "West Lothian": (date(2017, 1, 1), date(2017, 9, 30), 80),
}

#: Areas whose extract is a workbook, and areas whose CSV files write dates as dd/mm/yyyy.
WORKBOOKS = ("Moray", "Na h-Eileanan Siar", "Stirling")
UK_DATES = ("Falkirk", "Perth and Kinross", "South Ayrshire")

#: Mistakes put in on purpose, so that the checks have something to find. Areas not named have none.
DEFECTS = {
    "Aberdeen City": ("impossible date", "duplicate row"),
    "City of Edinburgh": ("decision before recommendation", "future date"),
    "Fife": ("unknown child", "duplicate row"),
    "Glasgow City": ("decision before recommendation", "duplicate row", "unknown child", "end before start"),
    "North Ayrshire": ("end before start",),
    "North Lanarkshire": ("future date", "decision before recommendation"),
    "Renfrewshire": ("unknown child",),
    "South Lanarkshire": ("impossible date", "end before start"),
}
# fmt: on

#: The secondary driver of the theory of change (`national/theory.toml`) that each idea acts upon.
DRIVERS = {
    "two-week-planning-meeting": "parents-early",
    "review-outcomes-checklist": "meetings-that-decide",
    "independent-kinship-assessment": "kinship-side-by-side",
    "legal-advice-early": "solicitors-early",
    "medical-early": "health-known-early",
    "monthly-solicitor-meeting": "solicitors-early",
    "protected-writing-time": "time-to-write",
    "orders-at-home-at-18-months": "orders-at-home-listed",
}
