import pytest

from madoguchi.catalogue.differences import Item, Line, Topic, compare


def said(topic, *items):
    return {topic: list(items)}


def test_two_editions_that_say_the_same_do_not_differ():
    both = said(Topic.BENEFIT, Item("低利の融資"), Item("保証の特例"))
    assert compare(both, both) == []


def test_the_order_of_points_is_no_difference():
    one, other = Item("低利の融資"), Item("保証の特例")
    assert compare(said(Topic.BENEFIT, one, other), said(Topic.BENEFIT, other, one)) == []


def test_a_changed_row_is_told_beside_its_sentence():
    old = Item("従業員が次の数以下", rows=(("卸売業", "100人以下"), ("小売業", "50人以下")))
    new = Item("従業員が次の数以下", rows=(("卸売業", "400人以下"), ("小売業", "50人以下")))
    (difference,) = compare(said(Topic.REQUIREMENT, old), said(Topic.REQUIREMENT, new))
    assert difference.old == (Line("従業員が次の数以下", False), Line("卸売業：100人以下", True))
    assert difference.new == (Line("従業員が次の数以下", False), Line("卸売業：400人以下", True))


def test_a_sentence_worded_anew_stands_beside_the_old_one():
    old, new = Item("ベンチャーファンドからの投資"), Item("起業支援ファンドからの投資")
    (difference,) = compare(said(Topic.BENEFIT, old), said(Topic.BENEFIT, new))
    assert difference.old == (Line(old.text, True),)
    assert difference.new == (Line(new.text, True),)


def test_what_came_and_what_went_are_told_apart():
    old, new = Item("特許料の減免"), Item("海外への投資")
    gained, lost = compare(said(Topic.BENEFIT, old), said(Topic.BENEFIT, new))
    assert (gained.old, gained.new) == ((), (Line(new.text, True),))
    assert (lost.old, lost.new) == ((Line(old.text, True),), ())


def test_the_likeliest_continuation_wins():
    old = [Item("販路開拓コーディネーター事業"), Item("販路開拓の補助")]
    new = [Item("販路開拓コーディネート事業")]
    changed, lost = compare({Topic.BENEFIT: old}, {Topic.BENEFIT: new})
    assert changed.old[0].text == "販路開拓コーディネーター事業"
    assert lost.old[0].text == "販路開拓の補助"


def test_one_answer_replaces_another_however_it_is_worded():
    (difference,) = compare(said(Topic.WHO, Item("会社")), said(Topic.WHO, Item("農業者")))
    assert difference.old[0].text == "会社"
    assert difference.new[0].text == "農業者"


@pytest.mark.parametrize("silent", [{}, {Topic.WHO: []}])
def test_a_silent_edition_has_an_empty_side(silent):
    (difference,) = compare(silent, said(Topic.WHO, Item("会社", detail="組合も")))
    assert difference.old == ()
    assert difference.new == (Line("会社", True), Line("組合も", True))
