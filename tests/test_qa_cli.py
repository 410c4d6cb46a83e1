"""The command line: contracts of its JSON, exit codes, and one sentence for every mistake."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.serving.cli import app

Call = Callable[..., Any]


def test_add_says_what_it_added_and_adding_again_changes_nothing(
    dateline: Call, articles: Path
) -> None:
    first = dateline("add", articles, "--json")
    assert first.code == 0
    assert sorted(first.json["added"]) == ["ferry.txt", "harbour.txt", "library.txt"]
    assert first.json["passages"] >= 3
    again = dateline("add", articles, "--json").json
    assert again["added"] == []
    assert len(again["unchanged"]) == 3


def test_one_bad_file_does_not_keep_the_others_out(dateline: Call, articles: Path) -> None:
    (articles / "broken.pdf").write_bytes(b"%PDF-1.7 but no more")
    (articles / "empty.txt").write_text("")
    called = dateline("add", articles)
    assert called.code == 1
    assert "3 added" in called.out
    assert "broken.pdf" in called.out
    assert "empty.txt" in called.out
    assert "Traceback" not in called.out + called.err


def test_ask_prints_the_contract_as_json(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    called = dateline("ask", "How many cables did engineers replace?", "--json")
    answer = called.json
    assert called.code == 0
    assert set(answer) >= {
        "question", "status", "text", "confidence", "date", "citations", "passages", "timings_ms",
    }  # fmt: skip
    assert answer["status"] == "answered"
    citation = answer["citations"][0]
    assert set(citation) >= {
        "number", "article", "title", "source", "published", "quote", "start", "end",
    }  # fmt: skip
    text = (articles / citation["article"]).read_text("utf-8")
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "42 cables" in citation["quote"]
    passage = answer["passages"][0]
    assert set(passage) >= {"article", "start", "end", "text", "score", "rank"}
    for item in answer["passages"]:
        text = (articles / item["article"]).read_text("utf-8")
        assert text[item["start"] : item["end"]] == item["text"]
    assert [item["rank"] for item in answer["passages"]] == [1, 2, 3][: len(answer["passages"])]
    assert answer["timings_ms"]["total"] > 0


def test_ask_for_a_person_shows_quote_title_and_where_it_stands(
    dateline: Call, articles: Path
) -> None:
    dateline("add", articles)
    out = dateline("ask", "How many cables did engineers replace?").out
    assert "[1] Harbour bridge reopens after repairs" in out
    assert "harbour.txt" in out
    assert "»42« cables" in out


def test_a_question_that_nothing_answers_exits_with_3(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    called = dateline("ask", "Zzyzx qwerty plugh?", "--json")
    assert called.code == 3
    assert called.json["status"] == "not_found"
    assert called.json["citations"] == []
    withheld = dateline("ask", "How many cables were replaced?", "--min-confidence", "1", "--json")
    assert withheld.json["status"] == "not_found"
    assert withheld.json["passages"]


def test_show_prints_what_was_found_and_exact_passages(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    shown = dateline("show", "harbour.txt", "--passages", "--json").json
    assert shown["title"] == "Harbour bridge reopens after repairs"
    assert shown["published"]["iso"] == "2019-05-03"
    assert shown["published"]["precision"] == "day"
    assert shown["text"] == (articles / "harbour.txt").read_text("utf-8")
    for passage in shown["passages"]:
        assert shown["text"][passage["start"] : passage["end"]] == passage["text"]
    assert "42 cables" in dateline("show", "harbour.txt").out


def test_show_of_an_unknown_article_exits_with_3(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    called = dateline("show", "harbor.txt")
    assert called.code == 3
    assert called.err.startswith("dateline: ")
    assert "harbour.txt" in called.err


def test_a_removed_article_is_found_by_nothing(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    assert dateline("remove", "harbour.txt", "--json").json == {"removed": ["harbour.txt"]}
    for system in ("dense", "bm25", "hybrid"):
        found = dateline("search", "harbour bridge cables", "--system", system, "--json").json
        assert "harbour.txt" not in [item["article"] for item in found["passages"]]
    listed = dateline("list", "--json").json["articles"]
    assert [item["id"] for item in listed] == ["ferry.txt", "library.txt"]
    assert dateline("verify", "--json").json == {"problems": []}
    assert dateline("remove", "harbour.txt").code == 3


def test_filters_keep_other_articles_out(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    found = dateline("search", "opened", "--published-after", "2019", "--json").json["passages"]
    assert {item["article"] for item in found} == {"harbour.txt"}
    nothing = dateline("search", "opened", "--published-after", "2020", "--json")
    assert nothing.code == 3
    assert nothing.json["passages"] == []


@pytest.mark.parametrize("date", ["last year", "2019-13", "2019-02-31", "2019-22", "--05-03"])
def test_a_filter_by_what_is_no_date_is_refused(dateline: Call, articles: Path, date: str) -> None:
    dateline("add", articles)
    for option in ("--published-after", "--published-before"):
        called = dateline("search", "opened", f"{option}={date}")
        assert called.code == 2
        assert "no date" in called.err
    turned = ["--published-after", "2020", "--published-before", "2010"]
    called = dateline("search", "opened", *turned)
    assert called.code == 2
    assert "swap them" in " ".join(called.err.split())


def test_an_answer_is_shown_though_its_case_cannot_be_saved(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    case = ("ask", "How many cables did engineers replace?", "--save-case", articles / "c.jsonl")
    assert dateline(*case).code == 0
    again = dateline(*case)
    assert again.code == 1
    assert "»42« cables" in again.out
    assert "saved there already" in again.err


def test_timeline_prints_dated_sentences_in_order(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    entries = dateline("timeline", "harbour bridge", "--json").json["entries"]
    assert entries[0]["iso"] == "2019-05-03"
    text = (articles / entries[0]["article"]).read_text("utf-8")
    assert text[entries[0]["start"] : entries[0]["end"]] == entries[0]["text"]
    assert "3 May 2019" in dateline("timeline", "harbour bridge").out
    assert dateline("timeline", "quarterly dividends of a bank").code == 3


def test_rebuild_info_and_verify_agree(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    before = dateline("info", "--json").json
    rebuilt = dateline("rebuild", "--json").json
    assert rebuilt["articles"] == before["articles"] == 3
    assert rebuilt["passages"] == before["passages"]
    assert dateline("verify").out.strip() == "Everything agrees."
    assert "passages" in dateline("info").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "Who?"], "no library"),
        (["list"], "no library"),
        (["add", "/no/such/place"], "/no/such/place"),
    ],
)
def test_mistakes_are_one_sentence_and_exit_with_1(
    dateline: Call, arguments: list[str], words: str
) -> None:
    called = dateline(*arguments)
    assert called.code == 1
    assert words.lower() in (called.err + called.out).lower()
    assert "Traceback" not in called.err


def test_an_empty_question_is_refused(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    for question in ("", "   ", "\n\t", "?!"):
        called = dateline("ask", question)
        assert called.code == 1
        assert "The question is empty" in called.err


def test_long_and_foreign_questions_are_questions(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    long = dateline("ask", "cables " * 1500, "--json")
    assert long.code in (0, 3)
    assert long.json["passages"]
    assert dateline("ask", "Сколько тросов заменили инженеры?", "--json").code in (0, 3)


def test_a_library_of_another_encoder_is_refused(
    dateline: Call, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dateline("add", articles)
    monkeypatch.setenv("DATELINE_PASSAGE_WORDS", "40")
    called = dateline("add", articles)
    assert called.code == 1
    assert "passage" in called.err
    assert "dateline rebuild --encode" in called.err
    assert dateline("rebuild", "--encode").code == 0
    assert len(dateline("add", articles, "--json").json["unchanged"]) == 3


def test_an_encoder_is_named_once_and_kept(
    dateline: Call, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATELINE_ENCODER")
    assert dateline("add", articles, "--encoder", "test").code == 0
    assert "test encoder" in dateline("info").out
    assert dateline("search", "cables", "--system", "dense").code == 0
    refused = dateline("rebuild", "--encoder", "no-such-model")
    assert refused.code == 1
    assert "no-such-model" in refused.err
    assert dateline("rebuild", "--encoder", "test").code == 0


def test_wrong_usage_exits_with_2(dateline: Call) -> None:
    assert dateline("ask").code == 2
    assert dateline("no-such-command").code == 2
    assert dateline("ask", "Who?", "--min-confidence", "7").code == 2


def test_an_unknown_system_is_one_sentence(dateline: Call, articles: Path) -> None:
    dateline("add", articles)
    called = dateline("ask", "Who?", "--system", "magic")
    assert called.code == 1
    assert "choose dense, bm25, hybrid, rrf, sum or hybrid+reader" in called.err


def test_control_characters_never_reach_the_terminal(dateline: Call, tmp_path: Path) -> None:
    file = tmp_path / "hostile.txt"
    file.write_text("A [bold]headline[/] here\n\nThe \x1b[31mred\x1b[0m bridge opened in 1999.\n")
    dateline("add", file)
    out = dateline("ask", "When was the red bridge opened?").out
    assert "\x1b" not in out
    assert "[bold]" in out


def walk(command: Any, path: str = "dateline") -> list[tuple[str, Any]]:
    if hasattr(command, "commands"):
        return [x for name, sub in command.commands.items() for x in walk(sub, f"{path} {name}")]
    return [(path, command)]


def test_every_command_is_documented() -> None:
    import typer

    text = (Path(__file__).parent.parent / "docs" / "cli.md").read_text("utf-8")
    for name, command in walk(typer.main.get_command(app)):
        assert command.help, name
        assert f"## {name}" in text, f"docs/cli.md does not describe `{name}`"
        for parameter in command.params:
            for option in parameter.opts:
                if option.startswith("--"):
                    assert option in text, f"docs/cli.md does not name {option} of `{name}`"


@pytest.mark.parametrize(
    ("name", "metric", "least"),
    [
        ("time_expressions", "expression_exact", 0.9),
        ("datelines", "publication_exact", 0.95),
        ("answer_groups", "group_f1", 0.95),
        ("joined_answers", "joined_exact", 0.95),
        ("joined_answers", "support_exact", 0.95),
    ],
)
def test_eval_scores_the_date_and_agreement_rules(
    dateline: Call, name: str, metric: str, least: float
) -> None:
    data = Path(__file__).parent / "data" / f"{name}.jsonl"
    figures = dateline("eval", data, "--json").json
    assert figures["metrics"][metric] >= least
    assert f"{metric}: " in dateline("eval", data).out


def test_eval_says_when_a_file_of_dates_is_not_complete(dateline: Call, tmp_path: Path) -> None:
    data = tmp_path / "dates.jsonl"
    whole = '{"id": "x", "text": "", "published": null, "expected": []}'
    data.write_text(f'{whole}\n{{"id": "y", "expected": []}}\n{whole}\n{{"text": 3}}\n')
    called = dateline("eval", data)
    assert called.code == 1
    assert "record 2 is not complete" in called.err
    assert "record 4 is not complete" in called.err
