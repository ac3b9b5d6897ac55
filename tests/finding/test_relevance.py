"""Measuring the search by graded questions."""

from datetime import date

import pytest

from madoguchi.finding.relevance import measure, read_questions

ON = date(2025, 6, 10)


@pytest.fixture
def file(tmp_path):
    def written(content):
        path = tmp_path / "questions.yaml"
        path.write_text(content, encoding="utf-8")
        return path

    return written


@pytest.mark.django_db
def test_a_question_whose_answer_comes_first_gets_full_marks(pack, file):
    questions = read_questions(file('- {q: 設備導入補助金, answers: {"programme:setsubi-hojo": 3}}\n'))
    report = measure(questions, on=ON)
    assert report.quality.ndcg_at_10 == pytest.approx(1)
    assert report.questions[0].found >= 1


@pytest.mark.django_db
def test_a_question_whose_answer_is_not_there_gets_none(pack, file):
    report = measure(read_questions(file('- {q: 設備導入補助金, answers: {"desk:nowhere": 3}}\n')), on=ON)
    assert (report.quality.ndcg_at_10, report.questions[0].recall_at_20) == (0, 0)


@pytest.mark.parametrize(
    "content",
    ["", "42", "- {q: x}", "- text", "- {q: x, answers: [a]}", "- {q: x, answers: {a: b}}", "a: [1"],
)
def test_a_file_of_another_shape_is_refused_with_its_name(file, content):
    with pytest.raises(ValueError, match=r"questions\.yaml|invalid literal"):
        read_questions(file(content))
