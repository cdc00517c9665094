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
    "periods": ("spec/test_the_period_of_a_page.py",),
    "waits": (
        "spec/test_from_accommodated_to_recommendation.py::test_everything_on_one_day_is_reached_after_no_day",
        "spec/test_from_accommodated_to_recommendation.py::test_the_limit_is_six_calendar_months",
        "spec/test_from_accommodated_to_recommendation.py::test_a_child_still_waiting_is_overdue_from_the_due_date_on",
        "spec/test_panel_decision_court_order.py::test_routes_without_a_decision_are_out_of_scope_and_counted",
        "spec/test_cohorts_and_local_aims.py::test_an_aim_for_some_placements_looks_at_the_day_the_clock_starts",
    ),
    "spells": (
        "spec/test_spells_away_from_home.py::test_returning_home_and_being_accommodated_on_one_day_are_two_spells",
        "spec/test_spells_away_from_home.py::test_accommodated_again_on_the_day_of_the_order_is_not_a_second_order",
        "spec/test_spells_away_from_home.py"
        "::test_a_child_accommodated_and_home_again_on_one_day_had_a_spell_of_no_days",
        "spec/test_from_accommodated_to_recommendation.py::test_a_recommendation_on_the_day_of_the_return_home_counts",
    ),
    "placements": (
        "spec/test_spells_away_from_home.py::test_a_placement_that_follows_within_a_day_is_one_stay",
        "spec/test_spells_away_from_home.py::test_a_placement_that_follows_after_two_days_is_a_second_stay",
        "spec/test_spells_away_from_home.py"
        "::test_a_placement_that_ends_on_the_day_the_child_was_accommodated_ends_the_spell_and_one_before_it_does_not",
        "spec/test_spells_away_from_home.py::test_a_short_placement_within_a_long_one_does_not_end_the_spell",
    ),
    "eighteen": (
        "spec/test_spells_away_from_home.py::test_a_spell_that_begins_on_the_eighteenth_birthday_is_not_ended_by_it",
        "spec/test_spells_away_from_home.py::test_a_child_born_on_29_february_turns_eighteen_on_1_march",
    ),
    "at home": (
        "spec/test_at_home_on_an_order.py::test_continuation_rows_are_one_order_and_do_not_restart_the_clock",
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
    "followed": ("unit/test_waits.py::TestWhoIsFollowedAndSinceWhen", "unit/test_waits.py::TestCurves"),
    "funnel": ("unit/test_compare.py::TestFunnelLimits",),
    "dispersion": ("unit/test_compare.py::TestOverdispersion",),
    "against the rest": ("unit/test_compare.py::TestAreaAgainstRest",),
    "observed": ("unit/test_compare.py::TestObservedExpected", "unit/test_compare.py::TestRatioInterval"),
    "exact p": ("unit/test_change.py::TestP", "unit/test_change.py::TestShift"),
}

MUTANTS = (
    # due dates
    Mutant("measures/shares", "(event <= due)", "(event < due)", "statuses"),
    Mutant("measures/shares", "over = due <= census", "over = due < census", "statuses"),
    Mutant("measures/shares", "in_time & over, in_time, gone", "in_time, in_time & over, gone", "statuses"),
    Mutant("measures/shares", "(exit_ <= due)", "(exit_ < due)", "statuses"),
    Mutant("measures/shares", "np.where(days <= census", "np.where(days < census", "statuses"),
    Mutant("measures/shares", "start > census", "start >= census", "statuses"),
    Mutant("measures/shares", "return self.met + self.missed", "return self.met + self.missed + self.left", "shares"),
    Mutant("measures/shares", 'method="wilson"', 'method="wilsoncc"', "shares"),
    Mutant("measures/shares", "ahead <= w * 7", "ahead < w * 7", "shares"),
    Mutant("measures/shares", '(table["due"] >= pd', '(table["due"] > pd', "periods"),
    Mutant("measures/waiting", "<= intervals.as_at for", "< intervals.as_at for", "shares"),
    Mutant("measures/waiting", '["size"] >= disclosure', '["size"] > disclosure', "periods of shares"),
    Mutant("measures/shares", "sum(n >= least", "sum(n > least", "periods of shares"),
    # aims in two parts
    Mutant("measures/parts", "last >= start", "last > start", "parts"),
    Mutant("measures/parts", "in_time = last <= ", "in_time = last < ", "parts"),
    Mutant("measures/parts", 'table["due"] < pd', 'table["due"] <= pd', "parts"),
    Mutant("measures/power", "binom.isf(alpha, n, usual) + 1", "binom.isf(alpha, n, usual)", "needed"),
    Mutant("intervals", '["start"] >= day_number(aim.from_date)', '["start"] > day_number(aim.from_date)', "cohorts"),
    Mutant("intervals", "> day_number(aim.to_date)", ">= day_number(aim.to_date)", "cohorts"),
    Mutant("intervals", "years >= aim.under_age", "years > aim.under_age", "cohorts"),
    Mutant("aim_checks/children", "known < aim.target / 100", "known <= aim.target / 100", "aims"),
    # the calendar
    Mutant("periods", "min(day.day, calendar", "max(day.day, calendar", "calendar"),
    Mutant("periods", "return date(year, 3, 1)", "return date(year, 2, 28)", "calendar"),
    Mutant("periods", "if on >= birthday", "if on > birthday", "calendar"),
    Mutant("periods", "day.month >= 8", "day.month > 8", "calendar"),
    Mutant("day_numbers", "np.minimum(within, last)", "within", "waits"),
    # waits and spells
    Mutant("intervals", "day >= began[spell]", "day > began[spell]", "waits"),
    Mutant("intervals", '(waits["end"] > due)', '(waits["end"] >= due)', "waits"),
    Mutant("intervals", "(due <= day)", "(due < day)", "waits"),
    Mutant("intervals", '(waits["no_step"] <= start)', '(waits["no_step"] < start)', "waits"),
    Mutant("intervals", 'NEVER + day, side="right"', 'NEVER + day, side="left"', "waits"),
    Mutant("intervals", "ended < day_number(extract.since)", "ended <= day_number(extract.since)", "periods"),
    Mutant("spells", "start + (nth > 0)", "start", "spells"),
    Mutant("spells", "start + (nth > 0)", "start + 1", "spells"),
    Mutant("spells", "events.day[row] >= spells.start[spell]", "events.day[row] > spells.start[spell]", "waits"),
    Mutant("spells", "events.day[row] <= spells.end[spell]", "events.day[row] < spells.end[spell]", "spells"),
    Mutant("spells", "day + SAME_STAY < until", "day + SAME_STAY <= until", "placements"),
    Mutant("spells", "day + SAME_STAY < until", "day + SAME_STAY + 1 < until", "placements"),
    Mutant("spells", "(day >= start[rows])", "(day > start[rows])", "placements"),
    Mutant("spells", "_running_max(placements.who[order], placements.end[order])", "placements.end[order]", "placements"),
    Mutant("spells", "children.eighteenth[who] > start", "children.eighteenth[who] >= start", "eighteen"),
    Mutant("numbered", "eighteenth > day_number(extract.as_at)", "eighteenth >= day_number(extract.as_at)", "eighteen"),
    Mutant("spells", "kept = start < end", "kept = start <= end", "at home"),
    Mutant("spells", "> last[:-1] + SAME_STAY", ">= last[:-1] + SAME_STAY", "at home"),
    Mutant("spells", "> last[:-1] + SAME_STAY", "> last[:-1] + SAME_STAY + 1", "at home"),
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
    Mutant("waits/summaries", "np.bincount(entry + 1,", "np.bincount(np.maximum(entry, 0),", "followed"),
    Mutant("waits/summaries", "(enough[begins:])) - 1", "(enough[begins:]))", "followed"),
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
