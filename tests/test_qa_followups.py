"""Follow-ups: when a question needs the turn before it, and what it then means."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Called

from qa.followups import PastTurn, resolve_question

DATA = Path(__file__).parent / "data"
Call = Callable[..., Called]

ESMAR = PastTurn(
    "When did Torvia recognize Esmar?",
    "12 March 2011",
    "Torvia recognized Esmar on 12 March 2011.",
    "Torvia recognized Esmar on 12 March 2011. It later recognized Upper Venn too.",
)
TREATY = PastTurn(
    "Who signed the treaty with Ilya Marend?",
    "",
    "President Ilya Marend and leader Dana Kolt signed the treaty in Port Selim.",
    "President Ilya Marend and leader Dana Kolt signed the treaty in Port Selim. She praised it.",
)
BRIDGE = PastTurn("When did the Karst Bridge in Veldam reopen?", "6 May 2019")
TROOPS = PastTurn("How many soldiers does Torvia keep in Esmar?")


@pytest.mark.parametrize(
    ("turn", "question", "query"),
    [
        (ESMAR, "What about Calden?", "When did Calden recognize Esmar?"),
        (ESMAR, "And Calden?", "When did Calden recognize Esmar?"),
        (ESMAR, "When did Calden?", "When did Calden recognize Esmar?"),
        (ESMAR, "Why?", "Why did Torvia recognize Esmar?"),
        (ESMAR, "And why was that?", "Why did Torvia recognize Esmar?"),
        (ESMAR, "Why did it recognize Esmar?", "Why did Torvia recognize Esmar?"),
        (ESMAR, "What happened then?", "What happened on 12 March 2011?"),
        (
            TREATY,
            "When was that?",
            "When was it that Dana Kolt signed the treaty with Ilya Marend?",
        ),
        (TREATY, "What did she say?", "What did Dana Kolt say?"),
        (TREATY, "When was it signed?", "When was the treaty signed?"),
        (BRIDGE, "How much did it cost?", "How much did the Karst Bridge cost?"),
        (BRIDGE, "And in Oslo?", "When did the Karst Bridge in Oslo reopen?"),
        (BRIDGE, "What was the reason?", "What was the reason (the Karst Bridge Veldam)?"),
        (BRIDGE, "Who lives there?", "Who lives in Veldam?"),
        (TROOPS, "And in Upper Venn?", "How many soldiers does Torvia keep in Upper Venn?"),
        (TROOPS, "Since when?", "Since when does Torvia keep the soldiers in Esmar?"),
    ],
)
def test_a_follow_up_is_asked_as_what_it_means(turn: PastTurn, question: str, query: str) -> None:
    followup = resolve_question(question, [turn])
    assert followup is not None
    assert followup.query == query
    assert followup.question == question
    assert all(item.text in followup.query for item in followup.carried)


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
        "Was it raining when the match began?",
        "What is photosynthesis?",
        "Why do cats purr?",
        "Who lost their home in the fire?",
        "Which minister left office this year?",
        "harbour bridge repairs",
        "?",
        "when " * 200,
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert resolve_question(question, [ESMAR]) is None
    assert resolve_question(question, []) is None


def test_russian_follow_ups_carry_what_the_last_question_was_about() -> None:
    turn = PastTurn("Когда Россия признала Южную Осетию?")
    meant = {
        "А почему?": "А почему (Россия признала Южную Осетию)?",
        "А Никарагуа?": "А Никарагуа (признала Южную Осетию)?",
        "Что там произошло?": "Что там произошло (Россия признала Южную Осетию)?",
        "Как он это объяснил?": "Как он это объяснил (Россия Южную Осетию)?",
    }
    for question, query in meant.items():
        followup = resolve_question(question, [turn])
        assert followup is not None
        assert followup.query == query
    for question in ("Когда Косово объявило независимость?", "Где подписали договор о дружбе?"):
        assert resolve_question(question, [turn]) is None


def test_the_third_turn_sees_the_second_as_it_was_understood() -> None:
    second = resolve_question("What about Calden?", [ESMAR])
    assert second is not None
    third = resolve_question("And why?", [ESMAR, PastTurn(second.query)])
    assert third is not None
    assert third.query == "Why did Calden recognize Esmar?"


def test_carried_words_say_where_they_are_from_and_can_be_taken_away() -> None:
    followup = resolve_question("What about Calden?", [ESMAR])
    assert followup is not None
    assert [(item.text, item.origin) for item in followup.carried] == [
        ("recognize", "question"),
        ("Esmar", "question"),
    ]
    fewer = resolve_question("What about Calden?", [ESMAR], without=["Esmar"])
    assert fewer is not None
    assert fewer.query == "When did Calden recognize?"
    assert resolve_question("What about Calden?", [ESMAR], without=["esmar", "recognize"]) is None
    she = resolve_question("What did she say?", [TREATY])
    assert she is not None
    assert [(item.text, item.origin, item.instead) for item in she.carried] == [
        ("Dana Kolt", "source", "she")
    ]
    assert resolve_question("What did she say?", [TREATY], without=["Dana Kolt"]) is None


def test_a_name_goes_where_the_cited_sentences_join_it_to_another() -> None:
    quote = "Torvia recognized Esmar and Upper Venn in 2011."
    turn = PastTurn("When did Torvia recognize Esmar?", "2011", quote, quote, (quote,))
    followup = resolve_question("And Upper Venn?", [turn])
    assert followup is not None
    assert followup.query == "When did Torvia recognize Upper Venn?"


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
    assert "Understood as: Who else signed the harbour treaty on Monday?" in called.out
    assert "left out here: Ilya Marend" in called.out.replace("\n", " ")
    answer = dateline("ask", second, "--after", first, "--min-confidence", "0", "--json").json
    assert answer["question"] == second
    assert answer["followup"]["answered"] == ["Ilya Marend"]
    assert "Dana Kolt" in answer["citations"][0]["quote"]
    assert all(item["quote"] != before["quote"] for item in answer["citations"])
    written = page.read_text("utf-8")
    assert "Understood as: Who else signed" in written
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
