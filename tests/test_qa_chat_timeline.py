"""The timeline under an answer: what it shows and what it makes of a request."""

import html
import json
import re

import pytest

from index import Article, Filters, QuestionError
from qa.chat.timeline import parse_request, render_disclosure, render_timeline
from qa.dates import TimelineEntry
from qa.output.records import ShapeError

TEXT = "The <b>bridge</b> opened in May 2019. It closed on 3 June 2018. In May 2019 a band played."
ARTICLE = Article("bridge.txt", "Bridge & band", TEXT, digest="d1")


def make_entry(sentence: str, expression: str, iso: str, note: str = "as written") -> TimelineEntry:
    start = TEXT.index(sentence)
    return TimelineEntry(
        iso, "month", ARTICLE.id, 1, start, start + len(sentence), sentence, expression, note
    )


OPENED = make_entry("The <b>bridge</b> opened in May 2019.", "May 2019", "2019-05")
CLOSED = make_entry("It closed on 3 June 2018.", "3 June 2018", "2018-06-03", "from the dateline")
PLAYED = make_entry("In May 2019 a band played.", "May 2019", "2019-05")


def test_statements_of_one_date_stand_together_with_its_words_set_off() -> None:
    shown = render_timeline([CLOSED, OPENED, PLAYED], {ARTICLE.id: ARTICLE})
    assert re.findall(r'class="dl-when">([^<]+)<', shown) == ["3 June 2018", "May 2019"]
    assert "The &lt;b&gt;bridge&lt;/b&gt; opened in <strong>May 2019</strong>." in shown
    assert "3 dated statements" in shown
    assert "from the dateline" in shown
    assert "as written" not in shown


def test_each_statement_opens_at_its_sentence() -> None:
    shown = render_timeline([CLOSED, PLAYED], {ARTICLE.id: ARTICLE})
    views = [json.loads(html.unescape(item)) for item in re.findall('data-open="([^"]+)"', shown)]
    assert [TEXT[slice(*view["quote"])] for view in views] == [CLOSED.text, PLAYED.text]
    assert [TEXT[slice(*view["span"])] for view in views] == ["3 June 2018", "May 2019"]
    assert [view["number"] for view in views] == [1, 2]
    assert {view["digest"] for view in views} == {"d1"}


def test_a_sentence_that_tells_one_date_twice_is_shown_once() -> None:
    shown = render_timeline([OPENED, OPENED], {ARTICLE.id: ARTICLE})
    assert shown.count("dl-event") == 1


def test_no_statement_is_said_calmly_and_removed_articles_are_left_out() -> None:
    assert "No dated statement" in render_timeline([], {})
    assert "No dated statement" in render_timeline([OPENED], {})


def test_the_page_sends_back_what_the_answer_was_asked_with() -> None:
    filters = Filters("2018", "", ("NTB",), ("en",))
    shown = render_disclosure('Who said "no"?', filters)
    sent = re.search('data-timeline="([^"]+)"', shown)
    assert sent
    assert parse_request(json.loads(html.unescape(sent[1]))) == ('Who said "no"?', filters)


@pytest.mark.parametrize("payload", [None, {}, {"question": 3}, ["question"]], ids=repr)
def test_a_request_without_a_question_is_refused(payload: object) -> None:
    with pytest.raises(ShapeError, match=r"^(question|it) is "):
        parse_request(payload)


def test_odd_filters_of_a_request_are_refused() -> None:
    for odd in ({"sources": "NTB"}, {"languages": [3, "en"]}):
        with pytest.raises(ShapeError, match=r"^filters\.\w+.* is .*, but must be a valid "):
            parse_request({"question": "Who?", "filters": odd})
    with pytest.raises(QuestionError, match="not a date"):
        parse_request({"question": "Who?", "filters": {"published_after": "soon"}})
