"""A challenge ends when all is right or time is up, and its badge follows from both."""

import pytest

from mldebt.check.item import read_items
from mldebt.lab.challenge import Challenge, badge, challenge
from mldebt.lab.feedback import CourseError

ITEMS = read_items(
    [
        {
            "id": f"q{number}",
            "kind": "number",
            "level": "easy",
            "ask": f"What is {number} and {number}?",
            "options": [{"right": 2 * number, "why": "twice"}],
            "steps": ["add"],
            "remember": "add",
        }
        for number in (1, 2)
    ]
)


@pytest.mark.parametrize(
    ("seconds", "wrong", "expected"),
    [(10, 0, "gold"), (45, 0, "gold"), (46, 0, "silver"), (10, 1, "silver"), (10, 2, "bronze"), (91, 0, "")],
)
def test_badge(seconds, wrong, expected):
    assert badge(seconds, wrong, 90) == expected


def answer(game, text):
    widget = game.stage.children[0]
    widget.response = [text]
    widget.tries += 1


@pytest.fixture
def game():
    game = Challenge(ITEMS, 90, lambda: game.time)
    game.time = 0.0
    return game


def test_right_answers_in_time_win_a_badge(game):
    game.hear("start")
    answer(game, "2")
    assert "2 and 2" in game.stage.children[0].ask
    game.time = 20.0
    answer(game, "4")
    assert game.clock.badge == "gold"
    assert game.clock.status == "Gold badge. 2 questions in 20 seconds, wrong answers: 0."
    assert not game.clock.running
    assert game.stage.children == ()


def test_wrong_answers_count_each_and_may_be_mended(game):
    game.hear("start")
    answer(game, "3")
    answer(game, "5")
    answer(game, "2")
    answer(game, "4")
    assert game.clock.badge == "bronze"
    assert "wrong answers: 2" in game.clock.status


def test_time_is_up(game):
    game.hear("start")
    answer(game, "2")
    game.hear("over")
    assert game.clock.badge == ""
    assert "Time is up after 1 of 2" in game.clock.status
    game.hear("start")
    assert game.clock.running


def test_an_answer_after_the_time_ends_it_though_the_browser_said_nothing(game):
    game.hear("start")
    answer(game, "2")
    game.time = 90.5
    answer(game, "4")
    assert game.clock.status == "Time is up after 1 of 2 questions. Try again."
    assert (game.clock.badge, game.clock.running, game.stage.children) == ("", False, ())


def test_a_second_run_shows_nothing_of_the_first(game):
    game.hear("start")
    assert game.clock.status == "Question 1 of 2."
    answer(game, "2")
    assert game.clock.status == "Right. Question 2 of 2."
    answer(game, "4")
    game.clock.began = 5.0  # by the browser
    game.hear("start")
    assert (game.clock.status, game.clock.badge, game.clock.began) == ("Question 1 of 2.", "", 0.0)
    answer(game, "2")
    answer(game, "4")
    assert game.clock.status.endswith("wrong answers: 0.")


def test_as_text_it_can_be_read(game):
    text = game._repr_mimebundle_()["text/plain"]
    assert "2 questions in 90 seconds" in text
    assert "What is 1 and 1?" in text


def test_an_unknown_group_is_told_in_one_sentence():
    with pytest.raises(CourseError, match="has no quiz 'nonsense'"):
        challenge("03-keep-the-best", "nonsense")
