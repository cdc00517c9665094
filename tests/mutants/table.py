"""The statistics, broken one line at a time. Each line of `MUTANTS` is one way to break them, and the tests that must notice.

To add one: the module, the text as it stands there (found exactly once), the text to put in its place, and the smallest
set of tests that should fail. Tests of one name run together, so share a set where you can.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One module with one line changed. tests: a name in `TESTS`."""

    module: str  # below pace_nb, without .py
    was: str
    now: str
    tests: str

    @property
    def name(self) -> str:
        return f"{self.module}: {self.was.strip()} -> {self.now.strip()}"


#: Small sets of tests, each a few seconds at most.
TESTS = {
    "statuses": ("unit/test_measures.py::TestStatuses",),
    "shares": (
        "unit/test_measures.py::TestShare",
        "unit/test_measures.py::TestDueSoon",
        "unit/test_measures.py::TestBands",
    ),
    "periods of shares": ("unit/test_measures.py::TestSharesByPeriod", "unit/test_measures.py::TestSeries"),
    "parts": ("unit/test_measures.py::TestTwoParts", "unit/test_measures.py::TestBacklog"),
    "needed": ("unit/test_measures.py::TestChildrenNeeded",),
    "calendar": (
        "unit/test_periods.py::TestMonths",
        "unit/test_periods.py::TestBirthdays",
        "unit/test_periods.py::TestYearsAndQuarters",
    ),
    "disclosure": ("unit/test_disclosure.py",),
    "aims": ("unit/test_aim_checks.py::TestTarget",),
    "cohorts": (
        "spec/test_cohorts_and_local_aims.py::test_a_child_who_started_on_the_from_date_is_new",
        "spec/test_cohorts_and_local_aims.py"
        "::test_under_twelve_means_before_the_twelfth_birthday_on_the_day_the_clock_starts",
        "spec/test_cohorts_and_local_aims.py"
        "::test_children_who_start_after_the_last_day_that_counts_are_out_of_the_aim_and_counted",
    ),
    "waits": (
        "spec/test_from_accommodated_to_recommendation.py::test_everything_on_one_day_is_reached_after_no_day",
        "spec/test_from_accommodated_to_recommendation.py::test_a_child_still_waiting_is_overdue_from_the_due_date_on",
    ),
    "spells": (
        "spec/test_spells_away_from_home.py::test_returning_home_and_being_accommodated_on_one_day_are_two_spells",
        "spec/test_spells_away_from_home.py::test_accommodated_again_on_the_day_of_the_order_is_not_a_second_order",
        "spec/test_from_accommodated_to_recommendation.py::test_a_recommendation_on_the_day_of_the_return_home_counts",
    ),
    "at home": (
        "spec/test_at_home_on_an_order.py::test_a_gap_of_two_days_between_orders_is_a_new_clock",
        "spec/test_at_home_on_an_order.py::test_an_order_made_on_the_day_the_child_moves_away_is_not_at_home",
    ),
    "run rules": (
        "unit/test_runchart.py::TestMedian",
        "unit/test_runchart.py::TestShift",
        "unit/test_runchart.py::TestTrend",
        "unit/test_runchart.py::TestEnough",
        "unit/test_runchart.py::TestRunsLimits",
        "unit/test_runchart.py::TestUnusual",
    ),
    "many series": ("unit/test_runchart.py::TestMany",),
    "baseline": ("unit/test_runchart.py::TestBaseline", "unit/test_runchart.py::TestChartOfChildren"),
    "anhoej": ("unit/test_runchart.py::TestAnhoej", "unit/test_runchart.py::TestAnhoejLimits"),
    "phases": ("unit/test_runchart.py::TestPhases",),
    "charts": ("unit/test_runchart.py::TestChartOfChildren", "unit/test_runchart.py::TestMainShift"),
    "curves": ("unit/test_curves.py",),
    "funnel": ("unit/test_compare.py::TestFunnelLimits",),
    "dispersion": ("unit/test_compare.py::TestOverdispersion",),
    "against the rest": ("unit/test_compare.py::TestAreaAgainstRest",),
    "observed": ("unit/test_compare.py::TestObservedExpected", "unit/test_compare.py::TestRatioInterval"),
    "exact p": ("unit/test_change.py::TestP", "unit/test_change.py::TestShift"),
}

MUTANTS = (
    # due dates
    Mutant("measures/shares", "event is not None and event <= due:", "event is not None and event < due:", "statuses"),
    Mutant("measures/shares", '"met" if due <= census', '"met" if due < census', "statuses"),
    Mutant("measures/shares", '"missed" if due <= census', '"missed" if due < census', "statuses"),
    Mutant("measures/shares", "exit_ <= due:", "exit_ < due:", "statuses"),
    Mutant("measures/shares", "event <= census else None", "event < census else None", "statuses"),
    Mutant("measures/shares", "start > census", "start >= census", "statuses"),
    Mutant("measures/shares", "return self.met + self.missed", "return self.met + self.missed + self.left", "shares"),
    Mutant("measures/shares", 'method="wilson"', 'method="wilsoncc"', "shares"),
    Mutant("measures/shares", "ahead <= w * 7", "ahead < w * 7", "shares"),
    Mutant("measures/waiting", "<= intervals.as_at for", "< intervals.as_at for", "shares"),
    Mutant("measures/waiting", '["size"] >= disclosure', '["size"] > disclosure', "periods of shares"),
    Mutant("measures/shares", "sum(n >= least", "sum(n > least", "periods of shares"),
    # aims in two parts
    Mutant("measures/parts", "last >= start", "last > start", "parts"),
    Mutant("measures/parts", "in_time = last <= ", "in_time = last < ", "parts"),
    Mutant("measures/parts", 'table["due"] < pd', 'table["due"] <= pd', "parts"),
    Mutant("measures/power", "binom.isf(alpha, n, usual) + 1", "binom.isf(alpha, n, usual)", "needed"),
    Mutant("intervals", '>= pd.Timestamp(aim.from_date), "new"', '> pd.Timestamp(aim.from_date), "new"', "cohorts"),
    Mutant("intervals", '> pd.Timestamp(aim.to_date)', '>= pd.Timestamp(aim.to_date)', "cohorts"),
    Mutant("intervals", "years >= aim.under_age", "years > aim.under_age", "cohorts"),
    Mutant("aim_checks/children", "known < aim.target / 100", "known <= aim.target / 100", "aims"),
    # the calendar
    Mutant("periods", "min(day.day, calendar", "max(day.day, calendar", "calendar"),
    Mutant("periods", "return date(year, 3, 1)", "return date(year, 2, 28)", "calendar"),
    Mutant("periods", "if on >= birthday", "if on > birthday", "calendar"),
    Mutant("periods", "day.month >= 8", "day.month > 8", "calendar"),
    # waits and spells
    Mutant("intervals", '["date"].to_numpy() >= start', '["date"].to_numpy() > start', "waits"),
    Mutant("intervals", "(due <= day)", "(due < day)", "waits"),
    Mutant("spells", "not spells)", "True)", "spells"),
    Mutant("spells", 'joined["date"] <= joined["end"]', 'joined["date"] < joined["end"]', "spells"),
    Mutant("spells", "pd.isna(end) or start < end:", "pd.isna(end) or start <= end:", "at home"),
    Mutant("spells", 'np.timedelta64(1, "D")', 'np.timedelta64(2, "D")', "at home"),
    Mutant("disclosure/counts", "if n < THRESHOLD", "if n <= THRESHOLD", "disclosure"),
    # run charts
    Mutant("runchart/rules", "shift: int = 6", "shift: int = 5", "run rules"),
    Mutant("runchart/rules", "shift: int = 6", "shift: int = 7", "run rules"),
    Mutant("runchart/rules", "trend: int = 5", "trend: int = 4", "run rules"),
    Mutant("runchart/rules", "trend: int = 5", "trend: int = 6", "run rules"),
    Mutant("runchart/rules", "useful: int = 10", "useful: int = 9", "run rules"),
    Mutant("runchart/rules", "tail: float = 0.025", "tail: float = 0.05", "run rules"),
    Mutant("runchart/rules", "SAME = 1e-9", "SAME = 0.0", "run rules"),
    Mutant("runchart/rules", "SAME = 1e-9", "SAME = 1e-3", "run rules"),
    Mutant("runchart/rules", "side[_same(values, centre)] = 0", "side[_same(values, centre)] = 1", "run rules"),
    Mutant("runchart/rules", "distance > close, distance < -close", "distance > 0, distance < 0", "many series"),
    Mutant("runchart/rules", "over & (run_above == 0)", "over & (run_above == 1)", "many series"),
    Mutant("runchart/rules", "run_above *= ~under", "run_above *= ~over", "many series"),
    Mutant("runchart/rules", "up == rising", "up != rising", "many series"),
    Mutant("runchart/rules", "(points > 0), points + 1, 2)", "(points > 0), points + 1, 1)", "many series"),
    Mutant("runchart/rules", "numbers[:, :baseline]", "numbers[:, : baseline and baseline + 1]", "baseline"),
    Mutant("runchart/rules", "self.runs < self.lower", "self.runs <= self.lower", "run rules"),
    Mutant("runchart/rules", "self.runs > self.upper", "self.runs >= self.upper", "run rules"),
    Mutant("runchart/rules", "> anhoej_limits(self.useful)[0]", ">= anhoej_limits(self.useful)[0]", "anhoej"),
    Mutant("runchart/rules", "< anhoej_limits(self.useful)[1]", "<= anhoej_limits(self.useful)[1]", "anhoej"),
    Mutant("runchart/rules", "rephase: int = 9", "rephase: int = 8", "phases"),
    Mutant("runchart/phases", "phases[-1].last + 1", "phases[-1].last", "phases"),
    Mutant("runchart/rules", "strong: int = 8", "strong: int = 7", "charts"),
    Mutant("runchart/rules", "strong_within: int = 18", "strong_within: int = 19", "charts"),
    # curves of waits
    Mutant("waits/curves", 'np.sort(days), times, side="left"', 'np.sort(days), times, side="right"', "curves"),
    Mutant("waits/curves", 'np.sort(entries), times, side="left"', 'np.sort(entries), times, side="right"', "curves"),
    Mutant("waits/curves", "HALF = 0.5 + 1e-9", "HALF = 0.5 - 1e-9", "curves"),
    Mutant("waits/curves", "np.concatenate([[1.0], surviving])[: len(times)]", "surviving", "curves"),
    Mutant("waits/curves", "d * (n - d) / np.maximum(n - 1, 1)", "d * (n - d) / n", "curves"),
    # areas, and before and after
    Mutant("compare", "(r - (above - p) / (above - below)) / n", "r / n", "funnel"),
    Mutant("compare", "WINSORISED = 0.10", "WINSORISED = 0.05", "dispersion"),
    Mutant("compare", "1 + 2 * sqrt(2 / areas)", "1 + sqrt(2 / areas)", "dispersion"),
    Mutant("compare", "(high - one) ** 2 + (other - other_low) ** 2", "(high - one) ** 2 + (other_high - other) ** 2", "against the rest"),
    Mutant("compare", "2 * observed + 2", "2 * observed", "observed"),
    Mutant("change", ">= abs(total * got - m * all_)", "> abs(total * got - m * all_)", "exact p"),
    Mutant("change", "(2 if n == m else 1) / comb", "2 / comb", "exact p"),
)  # fmt: skip
