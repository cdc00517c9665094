"""What holds of any data: expected numbers, chains of reviews, and moves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pace_nb.balancing import count_moves, days_between
from pace_nb.outlook import expected_count
from pace_nb.reviews import review_chain

SETTLED = settings(max_examples=150, derandomize=True, deadline=None)
START, LAST = date(2015, 1, 1), date(2019, 7, 31)
chances = st.lists(st.floats(0, 1), max_size=12)
days = st.integers(0, (LAST - START).days).map(lambda n: START + timedelta(days=n))


@SETTLED
@given(chances, st.sampled_from([0.5, 0.8, 0.9, 0.95]), st.randoms(use_true_random=False))
def test_the_range_lies_among_the_children_and_does_not_depend_on_their_order(given_, level, chance):
    found = expected_count(given_, level)
    assert 0 <= found.low <= found.high <= len(given_)
    assert found.low - 1 <= found.expected <= found.high + 1
    mixed = list(given_)
    chance.shuffle(mixed)
    again = expected_count(mixed, level)
    assert (again.low, again.high) == (found.low, found.high)
    assert again.expected == pytest.approx(found.expected)


@SETTLED
@given(chances, st.floats(0, 1))
def test_one_more_child_never_lowers_the_range_and_a_wider_level_holds_the_narrower(given_, more):
    found, longer = expected_count(given_), expected_count([*given_, more])
    assert found.low <= longer.low <= found.low + 1
    assert found.high <= longer.high <= found.high + 1
    wide = expected_count(given_, 0.99)
    assert wide.low <= found.low
    assert found.high <= wide.high


@SETTLED
@given(st.lists(days, max_size=8), st.none() | days)
def test_a_chain_holds_each_review_of_it_once_and_one_link_more(reviews, end):
    chain = review_chain(START, reviews, end, LAST)
    held = [k.held for k in chain]
    assert held == [*sorted({d for d in reviews if d <= (end or LAST)}), None]
    assert [k.number for k in chain] == list(range(1, len(chain) + 1))
    assert [k.clock for k in chain] == [START, *held[:-1]]
    assert all(k.clock < k.due for k in chain)
    assert {k.state for k in chain[:-1]} <= {"in time", "late"}
    last = {"ended", "not recorded"} if end else {"overdue", "not yet due"}
    assert chain[-1].state in last


@SETTLED
@given(st.lists(days, max_size=8), days, days)
def test_what_is_not_yet_known_changes_no_link_that_is(reviews, one, two):
    """A later day adds links; it never changes what had become of a review that was held."""
    earlier, later = sorted([one, two])
    before, after = (review_chain(START, reviews, None, day) for day in (earlier, later))
    known = [k for k in before if k.held]
    assert after[: len(known)] == known


@SETTLED
@given(st.lists(st.tuples(days, st.none() | st.integers(0, 400)), max_size=8), days, days)
def test_moves_lie_within_the_spell_and_there_are_fewer_than_placements(stays, one, two):
    start, end = sorted([one, two])
    placed = [(a, None if n is None else a + timedelta(days=n)) for a, n in stays]
    moves = count_moves(start, end, placed)
    assert all(start < d < end for d in moves)
    assert moves == sorted(set(moves))
    assert len(moves) <= max(0, len(placed) - 1)
    assert count_moves(start, end, placed[::-1]) == moves


@SETTLED
@given(st.lists(days, max_size=12))
def test_gaps_add_up_to_the_time_from_the_first_to_the_last(events):
    each, gaps = days_between(events)
    assert all(g > 0 for g in gaps)
    assert sum(gaps) == ((each[-1] - each[0]).days if each else 0)
