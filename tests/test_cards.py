"""Flash cards come again the later the better they are known, and what is known is kept."""

import json

import pytest

from mldebt.lab.cards import BOXES, Card, Cards, CardsWidget, Deck, cards, deck, is_due, next_box
from mldebt.lab.feedback import CourseError
from mldebt.lab.store import Store

THREE = [Card(id, f"front {id}", f"back {id}") for id in "abc"]


def test_a_known_card_moves_up_and_an_unknown_one_back_to_the_first_box():
    assert [next_box(box, True) for box in range(1, BOXES + 1)] == [2, 3, 4, 5, 5]
    assert {next_box(box, False) for box in range(1, BOXES + 1)} == {1}


@pytest.mark.parametrize(("box", "after"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16)])
def test_a_card_comes_again_after_twice_as_many_sessions_in_each_box(box, after):
    assert [is_due(box, 10, 10 + wait) for wait in (after - 1, after)] == [False, True]


def test_sessions_go_on_where_the_last_one_ended(tmp_path):
    first = Deck(THREE, Store(tmp_path))
    assert [card.id for card in first.due] == ["a", "b", "c"]
    first.answer(True)
    first.answer(False)
    first.answer(True)
    assert [card.id for card in first.due] == ["b"]  # not known: once more today
    second = Deck(THREE, Store(tmp_path))
    assert second.session == 2
    assert [card.id for card in second.due] == ["b"]
    third = Deck(THREE, Store(tmp_path))
    assert third.session == 2  # a session in which no card was turned is none
    second.answer(True)
    assert [card.id for card in Deck(THREE, Store(tmp_path)).due] == ["a", "c"]


@pytest.mark.parametrize("text", ["{", "[]", '{"session": "1", "boxes": {}}', '{"session": 1, "boxes": {"a": [9, 1]}}'])
def test_a_damaged_file_is_set_aside_with_a_message(tmp_path, text):
    (tmp_path / "cards.json").write_text(text)
    widget = CardsWidget(Deck(THREE, Store(tmp_path)))
    assert "was damaged" in widget.status
    assert (tmp_path / "cards.damaged").read_text() == text
    widget.hear("show")
    widget.hear("knew")
    assert json.loads((tmp_path / "cards.json").read_text())["session"] == 1


def test_the_buttons_turn_a_card_and_take_the_next(tmp_path):
    widget = CardsWidget(Deck(THREE, Store(tmp_path)))
    widget.hear("knew")  # before the back was seen it says nothing
    assert widget.front == "front a"
    widget.hear("show")
    assert "back a" in widget.back
    widget.hear("knew")
    assert (widget.front, widget.back) == ("front b", "")
    assert "in 2 sessions" in widget.status
    for word in ("show", "knew", "show", "not", "show", "knew"):
        widget.hear(word)
    assert widget.front == ""
    assert "All done" in widget.status


def test_no_card_gives_a_graded_answer_away():
    assert deck()
    assert not [card for card in deck() if "/exercise/" in card.id]


def test_every_kind_of_question_has_an_answer_on_its_card():
    by_id = {card.id: card for card in deck(["05-practice"])}
    assert by_id["05-practice/lesson/weekly-work"].back.startswith("**14** Remember:")
    assert by_id["05-practice/challenge/fast-2"].back.startswith("`True`. Remember:")
    assert by_id["05-practice/challenge/fast-2"].below == "sorted(scores, reverse=___)"
    several = by_id["05-practice/lesson/what-a-loader-does"]
    assert several.below.count("\n- ") == 4
    assert several.back.count("**") == 4
    assert not [card for card in deck() if not card.back.split(" Remember:")[0].strip("*`. ")]


def test_the_cards_of_one_unit_or_of_some():
    one, two = "03-keep-the-best", "05-practice"
    assert {card.id.split("/")[0] for card in deck([one, two])} == {one, two}
    assert repr(cards(one)) == repr(cards([one]))
    assert len(repr(cards(one))) < len(repr(cards([one, two]))) < len(repr(cards()))
    with pytest.raises(CourseError, match="Did you mean '05-practice'"):
        cards("05-practise")


def test_code_on_a_card_keeps_its_lines_and_is_escaped():
    card = Card("a", "What is `x`?", "2", "if 1 < 2:\n    x = 2")
    assert CardsWidget(Deck([card], Store(None))).front.endswith("<pre>if 1 &lt; 2:\n    x = 2</pre>")
    assert "       if 1 < 2:\n           x = 2\n" in repr(Cards([card], None))


@pytest.mark.parametrize(("many", "said"), [(1, "1 card is due"), (3, "3 cards are due")])
def test_one_card_is_one_card(many, said):
    assert said in CardsWidget(Deck(THREE[:many], Store(None))).status


def test_as_text_the_cards_are_the_same_for_everybody(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    before = repr(cards())
    Deck(deck(), Store(tmp_path / ".mldebt")).answer(True)
    assert repr(cards()) == before
    assert "Run this cell" in before
    assert Cards(THREE, None)._repr_mimebundle_()["text/plain"].startswith("3 flash cards")
