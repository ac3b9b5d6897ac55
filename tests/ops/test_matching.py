"""`madoguchi match` and `madoguchi facts`: JSON alone where JSON is asked for, errors as sentences."""

import io
import json

import pytest

PROFILE = {
    "area": "312011",
    "industry": "E",
    "legal_form": "kabushiki",
    "employees": 20,
    "receives:kuni-hojo": False,
}


@pytest.fixture
def profile(tmp_path):
    """Write a profile; its path."""

    def write(content=PROFILE):
        path = tmp_path / "profile.json"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return write


def _match(run, path, *more):
    return run("match", path, "--on", "2025-06-10", "--format", "json", *more)


def test_the_results_have_the_form_that_is_promised(run, installed, profile):
    done = _match(run, profile())
    assert (done.code, done.err) == (0, "")
    answer = done.json()
    assert set(answer) == {"results", "problems", "combination"}
    wanted = {
        "programme",
        "name",
        "fiscal_year",
        "frame",
        "verdict",
        "reception",
        "reasons",
        "ask",
        "grant_yen",
    }
    for result in answer["results"]:
        assert wanted <= set(result)
        assert result["verdict"] in {"eligible", "likely", "unknown", "ineligible"}
        for reason in result["reasons"]:
            assert {"status", "because", "source"} <= set(reason)
            assert reason["status"] in {"met", "unmet", "unknown", "judgement"}
    assert [(row["programme"], row["frame"], row["verdict"]) for row in answer["results"]] == [
        ("setsubi-hojo", "通常枠", "eligible"),
        ("keiei-sodan", "", "likely"),
        ("setsubi-hojo", "特別枠", "unknown"),
        ("senmonka-haken", "派遣", "unknown"),
    ]
    assert answer["results"][2]["ask"] == ["machines"]


def test_the_grant_is_told_to_the_yen(run, installed, profile):
    done = _match(run, profile({**PROFILE, "cost_yen": 1_333_333}))
    assert done.json()["results"][0]["grant_yen"] == 666_000


def test_another_year_can_be_asked_for_and_one_without_editions_has_no_results(run, installed, profile):
    years = {row["fiscal_year"] for row in _match(run, profile(), "--fiscal-year", "2024").json()["results"]}
    assert years == {2024}
    assert _match(run, profile(), "--fiscal-year", "1999").json()["results"] == []


def test_what_cannot_be_used_is_named_and_the_rest_goes_on(run, installed, profile):
    done = _match(
        run,
        profile('{"area": "312011", "employees": NaN, "capital_yen": Infinity, "age": 1e400, "shoes": 1}'),
    )
    assert done.code == 0
    assert {(each["fact"], each["code"]) for each in done.json()["problems"]} == {
        ("employees", "bad_value"),
        ("capital_yen", "bad_value"),
        ("age", "bad_value"),
        ("shoes", "unknown_fact"),
    }
    assert done.json()["results"]


def test_the_combination_of_costs_stands_at_the_end_with_its_lines(run, installed, profile):
    costs = [{"name": "プレス機", "yen": 1_333_333}]
    told = profile({**PROFILE, "machines": 1, "costs": costs})
    assert _match(run, told).json()["combination"]["total_yen"] == 666_000
    text = run("match", told, "--on", "2025-06-10").out
    assert "組み合わせ　費用 1,333,333円" in text
    assert "合計 666,000円　自己負担 667,333円" in text
    assert text.count("666,666円　費用 1,333,333円 × 1/2") == 2


def test_as_text_problems_go_to_the_other_stream(run, installed, profile):
    done = run("match", profile({"shoes": 1}), "--on", "2025-06-10")
    assert done.code == 0
    assert done.err == "「shoes」という項目はありません。\n"
    assert "要確認" in done.out
    assert "shoes" not in done.out


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "読めません"),
        ("{", "読めません"),
        ("[1]", "項目と値の組ではありません"),
        ("null", "項目と値の組ではありません"),
        ('{"employees": 1, "employees": 2}', "「employees」が二度"),
        ("[" * 100_000, "入れ子が深すぎます"),
        ('{"employees": ' + "9" * 5000 + "}", "読めません"),
        (b"\xff\xfe\x00", "読めません"),
    ],
)
def test_a_profile_that_cannot_be_read_ends_with_1_and_a_sentence(run, installed, profile, content, says):
    done = _match(run, profile(content))
    assert (done.code, done.out) == (1, "")
    assert says in done.err
    assert "Traceback" not in done.err


def test_a_file_that_is_not_there_ends_with_1(run, installed, tmp_path):
    done = _match(run, str(tmp_path / "nowhere.json"))
    assert (done.code, done.out) == (1, "")
    assert "読めません" in done.err


def test_a_minus_reads_standard_input(run, installed, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(PROFILE)))
    assert _match(run, "-").json()["results"][0]["verdict"] == "eligible"


def test_a_signature_at_the_start_of_the_file_does_no_harm(run, installed, profile):
    assert _match(run, profile(b"\xef\xbb\xbf" + json.dumps(PROFILE).encode())).code == 0


@pytest.mark.parametrize("day", ["2023-02-29", "0001-01-01", "9999-12-31", "yesterday", ""])
def test_a_day_that_cannot_be_ends_with_2(run, installed, profile, day):
    done = run("match", profile(), "--on", day)
    assert (done.code, done.out) == (2, "")


def test_half_a_character_in_a_profile_can_be_printed(run, installed, profile):
    done = _match(run, profile('{"\\ud800": 1, "legal_form": "\\ud800"}'))
    assert len(done.json()["problems"]) == 2
    done.out.encode()


# ── facts ───────────────────────────────────────────────────────────────────────────────────────────
def test_facts_are_described_with_what_a_question_needs(run, installed):
    facts = {fact["key"]: fact for fact in run("facts", "--format", "json").json()["facts"]}
    wanted = {"key", "label", "type", "unit", "question", "help", "where", "sensitivity", "change", "choices"}
    assert all(set(fact) == wanted for fact in facts.values())
    assert facts["machines"]["unit"] == "台"
    assert facts["receives:kuni-hojo"]["label"] == "「国の補助金」を同じ目的で受けている"
    assert "night_shift" in {choice["code"] for choice in facts["intents"]["choices"]}


def test_facts_as_text_list_their_codes(run, installed):
    done = run("facts")
    assert (done.code, done.err) == (0, "")
    assert "legal_form（choice）事業の形\n  sole　個人事業主" in done.out
