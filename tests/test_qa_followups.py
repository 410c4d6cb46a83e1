"""Follow-ups: when a question needs the turn before it, and what it then means."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Called

from qa.dates import is_when_question
from qa.followups import PastTurn, resolve_question

DATA = Path(__file__).parent / "data"
Call = Callable[..., Called]

ESMAR = PastTurn("When did Torvia recognize Esmar?", "12 March 2011")
TREATY = PastTurn("Who signed the treaty with Ilya Marend?")


@pytest.mark.parametrize(
    "question",
    [
        "Why?",
        "And why was that?",
        "Why did it recognize Esmar?",
        "What happened then?",
        "Who lives there?",
        "How much did it cost?",
        "What did she say?",
        "What was the reason?",
        "Since when?",
        "by whom?",
        "What did their leader say about Kosovo?",
        "А почему?",
        "Что там произошло?",
        "Как он это объяснил?",
    ],
)
def test_a_follow_up_is_asked_with_the_last_question_and_its_answer(question: str) -> None:
    followup = resolve_question(question, [TREATY, ESMAR])
    assert followup is not None
    assert followup.question == question
    assert followup.query == f"{question} (did Torvia recognize Esmar 12 March 2011)"
    assert resolve_question(question, []) is None


@pytest.mark.parametrize(
    "question",
    [
        "When did Nauru recognize Esmar?",
        "When did Russia annex Crimea?",
        "Which company will close its oldest plant?",
        "Who told reporters that the treaty would keep the peace?",
        "Which captain said that she could hear the gulls?",
        "Is it true that Paris hosted the games?",
        "How long does it take to build a ship?",
        "What is there to see in Rome?",
        "How many people live in Oslo?",
        "What is photosynthesis?",
        "Why do cats purr?",
        "Who lost their home in the fire?",
        "Which minister left office this year?",
        "harbour bridge repairs",
        "?",
        "when " * 200,
        "Когда Косово объявило независимость?",
        "Где подписали договор о дружбе?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert resolve_question(question, [ESMAR]) is None


def test_carried_words_say_where_they_are_from_and_can_be_taken_away() -> None:
    followup = resolve_question("Why?", [ESMAR])
    assert followup is not None
    assert [(item.text, item.origin) for item in followup.carried] == [
        ("did Torvia recognize Esmar", "question"),
        ("12 March 2011", "answer"),
    ]
    fewer = resolve_question("Why?", [ESMAR], without=["12 march 2011"])
    assert fewer is not None
    assert fewer.query == "Why? (did Torvia recognize Esmar)"
    gone = [item.text for item in followup.carried]
    assert resolve_question("Why?", [ESMAR], without=gone) is None


@pytest.mark.parametrize(
    "question", ["What about Calden?", "And Calden?", "А Никарагуа?", "how about the other one"]
)
def test_what_asks_the_same_of_another_does_not_carry_the_answer(question: str) -> None:
    followup = resolve_question(question, [ESMAR])
    assert followup is not None
    assert followup.query == f"{question} (When did Torvia recognize Esmar?)"


def test_a_question_for_others_does_not_carry_the_answer_it_does_not_want() -> None:
    turn = PastTurn("Who signed the treaty?", "Ilya Marend", ("Ilya Marend signed it.",))
    followup = resolve_question("And who else did?", [turn])
    assert followup is not None
    assert followup.query == "And who else did? (signed the treaty)"
    assert (followup.answered, followup.quotes) == (("Ilya Marend",), turn.quotes)


def test_where_no_reader_reads_the_answer_is_not_carried_over() -> None:
    followup = resolve_question("Why?", [ESMAR], with_answer=False)
    assert followup is not None
    assert followup.query == "Why? (did Torvia recognize Esmar)"


@pytest.mark.parametrize(
    ("last", "about"),
    [
        ("For how long did the strike last?", "did the strike last"),
        ("How many sandbags were filled?", "sandbags were filled"),
        ("Which airline threatened to leave?", "airline threatened to leave"),
        ("Did the bank pay?", "Did the bank pay"),
        ("Почему бастуют шахтёры?", "бастуют шахтёры"),
        ("Why?", "Why?"),
    ],
)
def test_what_the_last_question_asked_for_is_left_out(last: str, about: str) -> None:
    followup = resolve_question("Who said so then?", [PastTurn(last)])
    assert followup is not None
    assert followup.query == f"Who said so then? ({about})"


def test_what_is_asked_for_is_read_from_the_question_that_asks_it() -> None:
    assert is_when_question("And Calden? (When did Torvia recognize Esmar? 12 March 2011)")
    assert is_when_question("What about Calden? (When did Torvia recognize Esmar?)")
    assert is_when_question("When was that? (Who signed the treaty?)")
    assert not is_when_question("Why? (When did Torvia recognize Esmar?)")
    assert not is_when_question("And Calden? (Who recognized Esmar?)")


def test_who_else_leaves_out_what_was_answered(dateline: Call, tmp_path: Path) -> None:
    (tmp_path / "treaty.txt").write_text(
        "Treaty signed in Port Selim\n\nIlya Marend signed the harbour treaty on Monday.\n\n"
        "The weather was fine and the band of the port played until the evening.\n"
    )
    (tmp_path / "later.txt").write_text(
        "Another name under it\n\nDana Kolt signed the harbour treaty a week later.\n\n"
        "Fishermen said that nothing would change for them before the spring.\n"
    )
    dateline("add", tmp_path / "treaty.txt", tmp_path / "later.txt")
    first, second = "Who signed the harbour treaty on Monday?", "And who else did?"
    before = dateline("ask", first, "--json").json["citations"][0]
    assert "Ilya Marend" in before["quote"]
    page = tmp_path / "talk.html"
    called = dateline("ask", second, "--after", first, "--export", page)
    assert "Understood as: And who else did? (signed the harbour treaty" in called.out
    assert "left out here: Ilya Marend" in called.out.replace("\n", " ")
    answer = dateline("ask", second, "--after", first, "--min-confidence", "0", "--json").json
    assert answer["question"] == second
    assert answer["followup"]["answered"] == ["Ilya Marend"]
    assert "Dana Kolt" in answer["citations"][0]["quote"]
    assert all(item["quote"] != before["quote"] for item in answer["citations"])
    written = page.read_text("utf-8")
    assert "Understood as: And who else did? (signed" in written
    assert f"{before['article']}:{before['start']}-{before['end']}" in written
    refused = dateline("ask", second, "--export", tmp_path / "talk.pdf")
    assert refused.code == 1
    assert ".md, .html or .json" in refused.err


def test_an_export_is_text_whatever_articles_say(dateline: Call, tmp_path: Path) -> None:
    file = tmp_path / "hostile.txt"
    file.write_text(
        "A <script>alert(1)</script> [headline](http://x)\n\n"
        "The red bridge <img src=x onerror=alert(2)> was *opened* by \x1b[31mIda Berg.\n"
    )
    dateline("add", file)
    for suffix in (".md", ".html", ".json"):
        dateline("ask", "Who opened the red <b>bridge?", "--export", tmp_path / f"talk{suffix}")
    page = (tmp_path / "talk.html").read_text("utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "default-src 'none'" in page
    markdown = (tmp_path / "talk.md").read_text("utf-8")
    assert "\\<img" in markdown
    assert "\\[headline\\]" in markdown
    assert "\x1b" not in page + markdown
    kept = json.loads((tmp_path / "talk.json").read_text("utf-8"))
    citation = kept["turns"][0]["answer"]["citations"][0]
    assert file.read_text()[citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dev", "test"])
def test_eval_runs_conversations(dateline: Call, name: str, tmp_path: Path) -> None:
    # With the test encoder and few rows: that turns are passed on, not how good the rules are.
    lines = (DATA / f"followups_{name}.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    chosen = [row for row in rows if len(row["after"]) == 1][:6]
    chosen += [row for row in rows if row["type"] == "independent"][:3]
    data = tmp_path / "questions.jsonl"
    data.write_text(
        "".join(json.dumps(row) + "\n" for row in {r["id"]: r for r in chosen}.values())
    )
    run = dateline("eval", data, "--articles", DATA / "followups_articles.jsonl", "--json").json
    assert run["metrics"]["followup_found"] >= 0.8
    assert run["metrics"]["wrongly_changed"] == 0
    assert any(question["followup"] for question in run["questions"])


def test_eval_says_what_is_wrong_with_after(dateline: Call, tmp_path: Path, articles: Path) -> None:
    data = tmp_path / "questions.jsonl"
    data.write_text('{"id": "x", "question": "Why?", "after": "When?", "answers": []}\n')
    called = dateline("eval", data, "--articles", articles)
    assert called.code == 1
    assert "'after' must be a list" in called.err
