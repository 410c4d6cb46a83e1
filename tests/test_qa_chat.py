"""The chat's pieces without a browser: what is shown, what is marked, what is copied."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Hit, Passage, PublicationDate, SettingsError
from qa.answering.consensus import describe_conflict
from qa.chat.article import ViewRequest, choose_window, render_article, render_neighbours
from qa.chat.display import describe_date
from qa.chat.examples import SAMPLE_QUESTIONS, choose_questions, render_welcome
from qa.chat.marks import Run, mark_runs, markup_runs
from qa.chat.paragraphs import split_paragraphs
from qa.chat.passages import render_paragraphs
from qa.chat.quotes import format_bibtex, format_markdown, format_plain
from qa.chat.sources import render_sources
from qa.chat.texts import speaking
from qa.chat.transcript import render_answer
from qa.output.records import ShapeError, check_shape
from qa.output.safe_text import clean_text, escape_text, shorten_text
from qa.serving.server import open_socket
from qa.types import Answer, AnswerDate, AnswerGroup, Citation, Span

TEXT = (
    "Menu | Sport | Weather\n"
    "OSLO, May 3, 2019 (NTB) - The harbour bridge reopened on Friday.\n"
    "Engineers replaced 42 cables. The work cost 3 million kroner.\n"
    "Subscribe to our newsletter"
)
ARTICLE = Article(
    "harbour.txt",
    "Harbour bridge & road reopen",
    TEXT,
    "NTB",
    PublicationDate("2019-05-03", "day", "dateline", 'dateline "OSLO, May 3, 2019 (NTB)"'),
    digest="d1",
)
START, END = TEXT.index("OSLO"), TEXT.index("\nSubscribe")
PASSAGE = Passage(1, ARTICLE.id, START, END, TEXT[START:END])
QUOTE = "Engineers replaced 42 cables."
QUOTE_START = TEXT.index(QUOTE)
QUOTE_END = QUOTE_START + len(QUOTE)
SPAN_START = TEXT.index("42 cables")


def make_answer(**changes: Any) -> Answer:
    span = Span(SPAN_START, SPAN_START + 9, "42 cables", 1.0)
    citation = Citation(1, ARTICLE, PASSAGE, QUOTE, QUOTE_START, QUOTE_END, span)
    answer = Answer(
        "How many cables?",
        "answered",
        "42 cables",
        0.9,
        citations=(citation,),
        hits=(Hit(PASSAGE, ARTICLE, 0.8, 1, {"dense": 0.7}),),
        timings={"total": 12.0},
    )
    return replace(answer, **changes)


@given(st.text())
def test_escaped_text_holds_no_markup_and_no_hidden_controls(text: str) -> None:
    escaped = escape_text(text)
    assert not set('<>"') & set(escaped)
    hidden = {*map(chr, range(0x20)), "\x7f", "\u202e", "\u2066"} - {"\n", "\r", "\t"}
    assert not hidden & set(escaped)


def test_terminal_sequences_and_reordering_controls_are_dropped() -> None:
    assert clean_text("a\x1b[31mred\x1b[0m \x1b]0;title\x07b \u202ec\u202c") == "ared b c"
    assert clean_text("bell\x07 nul\x00") == "bell\u2407 nul\u2400"


@given(
    st.text(alphabet="ab<&\n \u202e", min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 3)), max_size=5),
)
def test_marked_runs_nest_and_keep_the_text(text: str, places: list[tuple[int, int, int]]) -> None:
    runs = [Run(a, b, f"t{depth}", depth=depth) for a, b, depth in places]
    html = mark_runs(text, 0, len(text), runs)
    opened: list[str] = []
    plain = ""
    for piece in html.replace("<", "\0<").replace(">", ">\0").split("\0"):
        if piece.startswith("</"):
            assert opened.pop() == piece[2:-1]
        elif piece.startswith("<"):
            opened.append(piece[1:-1])
        else:
            plain += piece
    assert opened == []
    assert plain == escape_text(text)


def test_a_run_is_anchored_once_though_it_is_cut() -> None:
    runs = [
        Run(0, 6, "mark", 'class="q"', 'id="a"', depth=1),
        Run(2, 4, "b", depth=0),
    ]
    html = mark_runs("abcdef", 0, 6, runs)
    assert html.count('id="a"') == 1
    assert html.count("<mark") > 1


def test_dates_say_when_the_year_is_unknown() -> None:
    assert describe_date("2008-08-26") == "26 August 2008"
    assert describe_date("--02-27") == "27 February (year not given)"


def test_a_title_is_cut_at_a_word() -> None:
    assert shorten_text("The harbour bridge reopens", 20) == "The harbour bridge…"
    assert shorten_text("Short", 20) == "Short"


def test_the_card_marks_the_sentence_and_the_answering_words() -> None:
    html = render_sources(make_answer(), 3)
    assert (
        '<mark class="dl-quote">Engineers replaced '
        '<strong class="dl-span">42 cables</strong>.</mark>' in html
    )
    assert "Harbour bridge &amp; road reopen" in html
    assert "3 May 2019" in html
    assert "dateline &quot;OSLO" in html
    assert 'data-turn="3"' in html


def test_passages_that_do_not_answer_are_said_not_to() -> None:
    answer = make_answer(status="not_found", text="Nothing answers this.", citations=())
    html = render_sources(answer, 1)
    assert "not answer" in html
    assert "<mark" not in html
    assert "Nothing answers this." in render_answer(answer, 1)


def test_an_answer_shows_its_sentence_with_the_span_set_off() -> None:
    html = render_answer(make_answer(), 2)
    assert 'data-cite="1" data-turn="2"' in html
    assert "Engineers replaced <strong>42 cables</strong>." in html
    assert "Very likely" in html


def test_numbers_written_in_the_answer_become_citations_when_they_are_some() -> None:
    html = render_answer(make_answer(text="It was 42 cables [1], see [7]."), 1)
    assert html.count('class="dl-cite"') == 1
    assert "see [7]." in html


def test_other_answers_are_named_with_their_citations() -> None:
    groups = (AnswerGroup("42 cables", (1,), 2), AnswerGroup("40 <cables>", (1,), 1))
    html = render_answer(make_answer(groups=groups), 1)
    assert "2 independent articles" in html
    assert "40 &lt;cables&gt;" in html


def test_sources_that_differ_are_both_shown_without_a_verdict() -> None:
    groups = (
        AnswerGroup("42 cables", (1,), 1, conflicts_with=(1,)),
        AnswerGroup("40 <cables>", (1,), 2, conflicts_with=(0,), later=True),
    )
    told = describe_conflict(groups)
    html = render_answer(make_answer(groups=groups, notes=(told, "Another note.")), 1)
    assert "Your articles differ" in html
    assert html.index("<strong>42 cables</strong>") < html.index("<strong>40 &lt;cables&gt;")
    assert html.count("published 3 May 2019") == 2
    assert html.count('class="dl-later"') == 1
    assert told not in html
    assert "Another note." in html


def test_a_joined_date_says_which_source_gave_which_part() -> None:
    note = "3 May 2019: the day from “May 3” in harbour.txt, the year from “2019” in <b>.txt"
    html = render_answer(make_answer(date=AnswerDate("2019-05-03", "day", note)), 1)
    assert "<li>3 May 2019</li>" in html
    assert re.search(r"“May 3” in<button [^>]*data-cite=\"1\"", html)
    assert "in &lt;b&gt;.txt." in html
    both = "3 May 2019: the day and month from “May 3” in harbour.txt"
    with speaking("ru"):
        told = render_answer(make_answer(date=AnswerDate("2019-05-03", "day", both)), 1)
    assert re.search(
        r"3 мая 2019 г\.: день и месяц — из «May 3» в <button [^>]*data-cite=\"1\"", told
    )
    plain = render_answer(make_answer(date=AnswerDate("2019-05-03", "day", "as written")), 1)
    assert "as written" not in plain


def test_confidence_is_said_in_words_and_as_a_number() -> None:
    assert "Very likely (90 %)" in render_answer(make_answer(), 1)
    assert "Very likely (99 %)" in render_answer(make_answer(confidence=0.9996), 1)
    assert "Of 100 answers" in render_answer(make_answer(), 1)


def test_the_article_view_marks_the_quote_and_greys_the_boilerplate() -> None:
    request = check_shape(
        ViewRequest,
        {
            "article": ARTICLE.id,
            "digest": "d1",
            "focus": QUOTE_START,
            "cited": [
                {
                    "number": 1,
                    "passage": [START, END],
                    "quote": [QUOTE_START, QUOTE_END],
                    "span": [SPAN_START, SPAN_START + 9],
                }
            ],
        },
    )
    body = render_article(ARTICLE, [PASSAGE], request)["body"]
    assert '<p dir="auto" class="dl-boilerplate">Menu | Sport | Weather</p>' in body
    assert 'class="dl-boilerplate">Subscribe' in body
    assert (
        'data-stop="1" tabindex="-1">Engineers replaced '
        '<strong class="dl-span">42 cables</strong>.</mark>' in body
    )


def test_what_is_around_a_passage_is_shown_without_boilerplate() -> None:
    middle = TEXT.index("Engineers")
    parts = [
        Passage(1, ARTICLE.id, START, middle - 1, TEXT[START : middle - 1]),
        Passage(2, ARTICLE.id, middle, END, TEXT[middle:END]),
    ]
    request = check_shape(
        ViewRequest, {"article": ARTICLE.id, "cited": [{"passage": [middle, END]}]}
    )
    shown = render_neighbours(ARTICLE, parts, request)
    assert "The harbour bridge reopened on Friday." in shown["before"]
    assert shown["after"] == ""
    assert "Menu" not in shown["before"]
    alone = check_shape(ViewRequest, {"article": ARTICLE.id, "cited": [{"passage": [START, END]}]})
    assert "all there is" in render_neighbours(ARTICLE, [PASSAGE], alone)["note"]


def test_an_article_that_changed_is_shown_without_marks() -> None:
    request = check_shape(
        ViewRequest,
        {"article": ARTICLE.id, "digest": "old", "cited": [{"passage": [0, 5], "number": 1}]},
    )
    body = render_article(ARTICLE, [PASSAGE], request)["body"]
    assert "has changed since" in body
    assert "dl-cited-passage" not in body


@pytest.mark.parametrize(
    "payload", [None, [], {"article": 3}, {"cited": []}, "harbour.txt"], ids=repr
)
def test_a_request_without_an_article_is_refused(payload: object) -> None:
    with pytest.raises(ShapeError, match=r"^(article|it) is "):
        check_shape(ViewRequest, payload)


def test_offsets_that_make_no_sense_are_refused_or_harm_nothing() -> None:
    for odd in ({"passage": [5, 2]}, {"passage": "ab"}, {"passage": [0, 9], "quote": [-1, 3]}, 7):
        with pytest.raises(ShapeError, match=r"^cited\[0\].* is .*, but must "):
            check_shape(ViewRequest, {"article": "a", "cited": [odd]})
    far = {"article": "a", "cited": [{"passage": [0, 10**9]}], "focus": -4}
    assert "OSLO" in render_article(ARTICLE, [PASSAGE], check_shape(ViewRequest, far))["body"]


def test_a_very_long_article_is_shown_around_the_passage() -> None:
    text = "word " * 200_000
    start, end = choose_window(text, 700_000)
    assert start < 700_000 < end
    assert end - start <= 200_000
    assert choose_window("short", 3) == (0, 5)


def test_wrapped_lines_are_joined_and_others_are_not() -> None:
    wrapped = "The harbour bridge reopened on\nFriday after repairs that took\neleven months in \
all, the port\nauthority said.\n\nNext part of the same\nstory."
    assert len(split_paragraphs(wrapped, 0, len(wrapped))) == 2
    assert len(split_paragraphs(TEXT, 0, len(TEXT))) == 4


def test_quotes_are_copied_with_their_citation() -> None:
    assert format_plain(ARTICLE, QUOTE) == (
        "“Engineers replaced 42 cables.”\n"
        "Harbour bridge & road reopen · NTB · 3 May 2019 · harbour.txt"
    )
    assert format_markdown(ARTICLE, "a *b*").startswith("> a \\*b\\*\n")
    bibtex = format_bibtex(ARTICLE, QUOTE)
    assert bibtex.startswith("@misc{harbour-bridge-road-reopen,\n")
    assert "title = {{Harbour bridge \\& road reopen}}" in bibtex
    assert "year = {2019}" in bibtex
    assert "month = {5}" in bibtex


def test_example_questions_are_offered_where_their_article_is() -> None:
    question, article = SAMPLE_QUESTIONS[0]
    assert question in choose_questions([article])
    assert choose_questions(["other.txt"]) == []
    assert "library is empty" in render_welcome([])


def test_a_port_in_use_is_said_to_be() -> None:
    with open_socket("127.0.0.1", 0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"127.0.0.1:{port} .*--port"):
            open_socket("127.0.0.1", port)


def make_citation(number: int, article: Article, value: str) -> Citation:
    start = article.text.index(value)
    passage = Passage(number, article.id, 0, len(article.text), article.text)
    span = Span(start, start + len(value), value, 1.0)
    return Citation(number, article, passage, article.text, 0, len(article.text), span)


def test_reprints_are_folded_under_the_first_and_sides_are_set_apart() -> None:
    story = (
        "Engineers replaced 42 cables of the harbour bridge before it reopened on Friday, and the "
        "whole road surface was laid anew while the traffic went by the old ferry quay."
    )
    other = "A new report counts 48 cables in the harbour bridge, six more than were told before."
    articles = [
        Article("a.txt", "Bridge reopens", story, digest="1"),
        Article("b.txt", "New count", other, digest="2"),
        Article("c.txt", "Bridge open <again>", f"(NTB) {story}", digest="3"),
    ]
    values = ["42 cables", "48 cables", "42 cables"]
    citations = tuple(
        make_citation(number, article, value)
        for number, (article, value) in enumerate(zip(articles, values, strict=True), start=1)
    )
    groups = (
        AnswerGroup("42 cables", (1, 3), 1, conflicts_with=(1,)),
        AnswerGroup("48 cables", (2,), 1, conflicts_with=(0,), later=True),
    )
    html = render_sources(make_answer(citations=citations, groups=groups, hits=()), 1)
    assert html.count('<article class="dl-card') == 2
    assert "Also in 1 reprint<" in html
    assert re.search(r'class="dl-reprint" id="dl-source-1-3" data-card="3".*Bridge open &lt;', html)
    sides = re.findall(r'<h3 class="dl-side">(.*?)</h3>', html)
    assert [re.sub("<[^>]+>", "", side) for side in sides] == [
        "1 article says 42 cables",
        "1 article says 48 cables later",
    ]
    assert html.index("42 cables</strong></h3>") < html.index('data-card="1"')
    assert (
        html.index('data-card="1"') < html.index("48 cables</strong>") < html.index('data-card="2"')
    )


def test_why_says_what_every_signal_means_and_how_long_each_step_took() -> None:
    answer = make_answer(timings={"encode": 3.2, "search": 0.4, "total": 12.0})
    passage = render_sources(answer, 1)
    assert "Meaning<small>How near the passage’s meaning is" in passage
    assert "<dd>0.700</dd>" in passage
    steps = render_answer(answer, 1)
    assert "Understood the question</dt><dd>3 ms" in steps
    assert "found 1 passage</dt><dd>under 1 ms" in steps


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("# Notes on **bridges**", ["#", "**", "**"]),
        ("See [this](https://e.example/x), `a.txt`.", ["[", "](https://e.example/x)", "`", "`"]),
        ("| item | cost |\n|---|:--:|", ["|", "|", "|", "|---|:--:|"]),
        ("- *thanks* to snake_case_names, 2 * 3 - 1", ["-", "*", "*"]),
        ("<b>bold</b> > 3 <!-- note -->", ["<b>", "</b>", "<!-- note -->"]),
        ("Plain words, nothing else: 5 - 3 = 2.", []),
    ],
)
def test_marks_of_markdown_are_quiet_and_nothing_else_is(text: str, quiet: list[str]) -> None:
    article = Article("notes.md", "", text)
    assert [text[run.start : run.end] for run in markup_runs(article, 0, len(text))] == quiet
    assert markup_runs(Article("notes.txt", "", text), 0, len(text)) == []
    html = render_paragraphs(article, 0, len(text))
    assert re.sub("<[^>]+>", "", html).replace("&#x27;", "'") == "".join(
        escape_text(line) for line in text.splitlines()
    )
