"""Numbers that people type, the guesses that they make, and the game: read with patience, answered by the rules, played fairly."""

from __future__ import annotations

import numpy as np
import pytest

from pace_nb.controls.learn import Game, Lab
from pace_nb.errors import ParameterError
from pace_nb.pages.own_numbers import (
    chart_numbers,
    explain_rules,
    judge_median,
    judge_signs,
    read_numbers,
    without_answers,
)
from pace_nb.runchart.game import BASELINE, POINTS, ROUNDS, make_game, rule_score

SHIFTED = [26, 31, 22, 28, 35, 24, 30, 27, 19, 21, 18, 20, 17, 16]


class TestReading:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("12 14 9", [12, 14, 9]),
            ("12\n14\r\n9\n", [12, 14, 9]),
            ("12\t14\t9", [12, 14, 9]),
            ("12; 14; 9", [12, 14, 9]),
            ("12, 14, 9", [12, 14, 9]),
            ("12,14,9", [12, 14, 9]),
            ("12,5 14 9,25", [12.5, 14, 9.25]),
            ("1,234 20 7", [1234, 20, 7]),
            ("12.5 weeks 14 wks 9w 3 days", [12.5, 14, 9, 3]),
            ("  +12   .5 ", [12, 0.5]),
            ("", []),
        ],
    )
    def test_numbers_are_read_as_people_write_them(self, text, numbers):
        assert read_numbers(text)[0] == numbers

    def test_what_is_no_number_is_told_by_its_place_and_never_repeated(self):
        with pytest.raises(ParameterError) as caught:
            read_numbers("12 Emma 9 -3")
        assert caught.value.where == ["number 2 of 4 cannot be read", "number 4 of 4 cannot be read"]
        assert "Emma" not in str(caught.value)

    def test_too_many_and_too_few_are_said(self):
        with pytest.raises(ParameterError, match="201 numbers"):
            read_numbers("1 " * 201)
        with pytest.raises(ParameterError, match="at least 5"):
            chart_numbers([1, 2, 3, 4])


class TestGuesses:
    def test_the_median_of_an_even_and_of_an_odd_number_is_explained(self):
        right, said = judge_median(chart_numbers(SHIFTED), "23")
        assert right
        assert "half way between the 7th (22) and the 8th (24) lies 23" in said
        right, said = judge_median(chart_numbers([5, 1, 4, 2, 30]), "10")
        assert not right
        assert "4 lie below 10 and 1 above" in said
        assert "the 3rd, is 4" in said

    def test_a_guess_that_is_no_number_is_no_guess(self):
        with pytest.raises(ParameterError, match="no number"):
            judge_median(chart_numbers(SHIFTED), "about 20")

    def test_signals_seen_missed_and_imagined_are_told_apart(self):
        run = chart_numbers(SHIFTED)
        assert judge_signs(run, ["shift"])[0]
        right, said = judge_signs(run, ["trend"])
        assert not right
        assert said[0] == "You passed over a shift."
        assert said[1] == "The rules see no trend here."

    def test_each_rule_says_why(self):
        said = " ".join(explain_rules(chart_numbers(SHIFTED)))
        assert "dots 9 to 14 lie below the median, 6 in a row" in said
        assert "4 runs; with 7 above and 7 below chance makes" in said
        few = explain_rules(chart_numbers([1, 2, 3, 4, 5, 6]))
        assert few == ["Only 6 dots lie off the median. Below 10 the rules say nothing: draw, and go on collecting."]

    def test_the_answers_are_not_in_the_picture_before_they_are_asked_for(self):
        bare = without_answers(chart_numbers(SHIFTED))
        assert bare.median is None
        assert bare.signals == ()
        lab = Lab(" ".join(map(str, SHIFTED)))
        assert lab.picture.svg == ""
        lab.check_signs()
        assert "Median 23<" in lab.picture.svg
        lab.text.value = "1 2 3 4 5"
        assert lab.picture.svg == ""


class TestGame:
    def test_the_same_number_is_always_the_same_game_and_another_is_another(self):
        first, again, other = make_game(3), make_game(3), make_game(4)
        assert all((a.waits == b.waits).all() and a.factor == b.factor for a, b in zip(first, again, strict=True))
        assert any((a.waits != b.waits).any() for a, b in zip(first, other, strict=True))

    @pytest.mark.parametrize("game", range(1, 30))
    def test_half_of_every_game_is_changed_so_that_no_one_answer_pays(self, game):
        assert sum(r.changed for r in make_game(game)) == ROUNDS // 2

    def test_changes_stand_at_no_place_more_often_than_at_another(self):
        places = np.array([[r.changed for r in make_game(g)] for g in range(1, 401)]).mean(axis=0)
        assert np.abs(places - 0.5).max() < 0.1

    def test_a_change_touches_only_what_follows_the_baseline(self):
        for one in make_game(7):
            assert len(one.waits) == POINTS
            assert (one.waits > 0).all()
        changed = [r for g in range(1, 60) for r in make_game(g) if r.changed]
        before = np.median([np.median(r.waits[:BASELINE]) for r in changed])
        after = np.median([np.median(r.waits[BASELINE:]) for r in changed])
        assert after < 0.75 * before

    def test_the_rule_is_better_than_a_coin_and_far_from_sure(self):
        scores = [rule_score(g) for g in range(1, 101)]
        assert 6 < np.mean(scores) < 9.5

    def test_the_score_is_kept_an_answer_counts_once_and_the_end_is_said(self):
        game = Game("5")
        truth = [r.changed for r in game.rounds]
        for changed in truth:
            game.answer(changed)
            game.answer(not changed)
            game.next()
        assert game.score == ROUNDS
        assert game.rule == rule_score(5)
        assert "The game is over." in game.says.html
        game.number.value = "no number"
        assert game.live.text == "The number of a game is a whole number from 1 to 100,000."

    def test_a_chart_does_not_show_what_the_rules_see_before_it_is_answered(self):
        for number in range(1, 12):
            game = Game(str(number))
            assert "<polygon" not in game.picture.svg
            assert "Median" in game.picture.svg
