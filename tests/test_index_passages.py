"""Passages: whole sentences, exact slices, about so many words, nothing of the story lost."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.pages.boilerplate import find_boilerplate
from index.passages import PASSAGE_RULE_VERSION, passage_rule, split_article
from index.text.sentences import split_sentences
from index.types import Article

ROOT = Path(__file__).parent.parent

any_text = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from(' \n\r.!?"“”()-,aBc1。😀\ud800\x00')),
    max_size=600,
)
lines = st.lists(
    st.sampled_from(
        [
            "The river rose by two metres overnight, the water board said.",
            "Share this article",
            "Read more: Five towns to visit",
            "Sandbags were handed out in the old town until four in the morning.",
            "Subscribe",
            "0",
            "",
            "Menu",
            '"We were lucky," said Mayor Lena Orth. "The dike held."',
            "By Tom Reed",
            "© 2019 River Post",
            "подписаться",
            "What happens next",
            "word " * 400,
        ]
    ),
    max_size=40,
).map("\n".join)


def make(text, title="", **more):
    return Article("a.txt", title, text, **more)


def story(count):
    """So many different sentences of ten words each."""
    return " ".join(f"Witness number {n} saw the grey lorry turn left there." for n in range(count))


def check(article, passages):
    """What holds for the passages of every article."""
    text = article.text
    assert all(text[p.start : p.end] == p.text and p.text == p.text.strip() for p in passages)
    assert all(p.article_id == article.id and p.id == 0 and p.text for p in passages)
    assert [p.start for p in passages] == sorted({p.start for p in passages})
    assert [p.end for p in passages] == sorted({p.end for p in passages})


def covered(passages):
    return {position for p in passages for position in range(p.start, p.end)}


@settings(max_examples=300, deadline=None)
@given(any_text | lines, st.sampled_from([5, 40, 120]), st.integers(0, 3))
def test_every_character_outside_boilerplate_is_in_a_passage(text, words, overlap):
    article = make(text)
    passages = split_article(article, words=words, overlap_sentences=overlap)
    check(article, passages)
    boilerplate = find_boilerplate(article)
    inside = covered(passages)
    hidden = {position for item in boilerplate for position in range(item.start, item.end)}
    story_left = [
        position
        for position, character in enumerate(text)
        if not character.isspace() and position not in hidden
    ]
    assert all(position in inside for position in story_left)
    if story_left:
        assert not hidden & inside
    if text.strip():
        assert passages


@settings(max_examples=100, deadline=None)
@given(any_text | lines)
def test_passages_begin_and_end_with_sentences(text):
    article = make(text)
    boilerplate = [(item.start, item.end) for item in find_boilerplate(article)]
    ends = {end for _, end in split_sentences(text)}
    short = all(end - start < 1000 for start, end in split_sentences(text))
    if short and not boilerplate:
        assert all(p.end in ends for p in split_article(article))


def test_passages_are_even_and_overlap_by_a_sentence():
    passages = split_article(make(story(60)))
    sizes = [len(p.text.split()) for p in passages]
    assert len(passages) >= 5
    assert max(sizes) <= 150
    assert min(sizes) >= 90
    for before, after in zip(passages, passages[1:], strict=False):
        shared = before.text[after.start - before.start :]
        assert shared.count(".") == 1
        assert after.text.startswith(shared)


def test_short_sentences_overlap_by_two():
    text = " ".join(
        f"He called {n} times. Nobody came to the door at all that day." for n in range(40)
    )
    first, second = split_article(make(text), words=120)[:2]
    shared = first.text[second.start - first.start :]
    assert shared.count(".") in (1, 2)
    assert len(shared.split()) >= 8


def test_no_overlap_when_none_is_asked_for():
    passages = split_article(make(story(60)), overlap_sentences=0)
    assert all(a.end <= b.start for a, b in zip(passages, passages[1:], strict=False))


def test_a_short_article_is_one_passage():
    text = story(13)
    assert [p.text for p in split_article(make(text))] == [text]


def test_no_crumb_is_left_at_the_end():
    for count in range(1, 50):
        passages = split_article(make(story(count)))
        assert len(passages[-1].text.split()) >= min(60, 10 * count)


def test_zero_words_keeps_the_text_whole():
    text = "\n Menu\nThe pier closed. Boats left.\nSubscribe \n"
    assert [p.text for p in split_article(make(text), words=0)] == [text.strip()]
    assert split_article(make(" \n"), words=0) == []


def test_a_passage_does_not_span_boilerplate():
    text = (
        f"{story(5)}\nRelated articles:\n- Lorry Drivers Demand Better Roads\n"
        f"- Minister Visits Flooded Valley\n{story(4)} It was grey."
    )
    passages = split_article(make(text))
    assert len(passages) == 2
    assert not any("Minister Visits" in p.text or "Related" in p.text for p in passages)


def test_the_title_is_left_out_and_the_lead_with_its_dateline_kept():
    text = (
        "Old pier to close in May\n\n"
        "The old pier of Norden will close in May, the harbour board said on Monday.\n"
        "NORDEN, April 2 (Coast News) - The old pier of Norden will close in May, the harbour board"
        " said on Monday.\n\n"
        "Ferries will leave from the northern quay until the repairs are finished."
    )
    (passage,) = split_article(make(text, "Old pier to close in May"))
    assert passage.text.startswith("NORDEN, April 2")
    assert passage.text.count("will close in May") == 1


def test_an_article_of_its_title_alone_has_that():
    text = "Old pier to close in May"
    assert [p.text for p in split_article(make(text, text))] == [text]
    assert [p.text for p in split_article(make(f"{text}\nSubscribe", text))] == [text]


def test_boilerplate_alone_gives_one_passage():
    passages = split_article(make("Menu\nSubscribe to our newsletter\nShare\n"))
    assert [p.text for p in passages] == ["Subscribe to our newsletter"]


def test_a_very_long_sentence_is_cut_at_clauses():
    text = (
        "The list names " + ", ".join(f"the village of Upper Place {n}" for n in range(300)) + "."
    )
    passages = split_article(make(text))
    check(make(text), passages)
    assert all(len(p.text) <= 1300 for p in passages)
    assert all(p.text.endswith((",", ".")) for p in passages)
    assert sum(len(p.text.split()) for p in passages) >= len(text.split())


def test_an_endless_word_is_cut():
    text = "x" * 50_000
    passages = split_article(make(text))
    assert "".join(p.text for p in passages) == text
    assert max(len(p.text) for p in passages) <= 1200


def test_a_huge_unpunctuated_text_is_cut_in_linear_time():
    text = "word " * 400_000
    passages = split_article(make(text))
    assert passages[-1].end == len(text.rstrip())
    assert max(len(p.text.split()) for p in passages) <= 200


def test_chinese_is_measured_by_characters():
    text = "代表团昨天抵达首都并会见了总理。" * 80
    passages = split_article(make(text, language="zh"))
    assert all(100 <= len(p.text) <= 300 for p in passages)


@pytest.mark.parametrize(
    "text",
    [
        "a study of the flow past a flat plate . the results agree with theory . " * 3,
        "i went to the market and bought bread then we walked home it was raining",
        "THE SENATE VOTED LAST WEEK. THE BILL, THREE YEARS IN THE MAKING, PASSED BY TWO VOTES. "
        "SAID ONE SENATOR: 'NOBODY READ IT.'",
        "BACKGROUND: Sepsis is common.\nMETHODS: We studied 40 patients.\n"
        "RESULTS: Mortality fell by 12%.\nCONCLUSION: Early treatment helps.",
        "Oxygen\nis a gas.\nIts symbol is O\n2\n",
    ],
)
def test_plain_documents_come_through_whole(text):
    assert covered(split_article(make(text, "A title"))) >= {
        position for position, character in enumerate(text) if not character.isspace()
    }


def test_repeated_lines_are_left_out():
    from index.pages.boilerplate import find_repeated_lines

    motto = "The paper of the coast since 1911, printed daily in Norden and Emden."
    texts = [f"{motto}\n{story(n)}" for n in (20, 30, 40)]
    repeated = find_repeated_lines(texts)
    assert not any(
        motto in p.text for text in texts for p in split_article(make(text), repeated=repeated)
    )


def test_the_rule_names_what_makes_passages_differ():
    rules = {passage_rule(120, 1), passage_rule(120, 2), passage_rule(90, 1), passage_rule(0, 1)}
    assert len(rules) == 4
    assert passage_rule(0, 1) == passage_rule(0, 2)
    assert all(str(PASSAGE_RULE_VERSION) in rule for rule in rules)


SEED_BOILERPLATE = (
    "- Sputnik International|The latest news and stories|Subscribe|Newsfeed|To participate in"
    "|log in or register|loader|Chats|Заголовок|icon bookmark|Accessibility links|Breaking News"
    "|Also Read|This post is also available|Georgia Decries|Sokhumi, Tskhinvali Hail"
    "|On May 7, 1920|When Recognition|Dear readers|new engine|Sorry for the inconvenience|RT Team"
).split("|")


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.txt")), ids=lambda p: p.name[:3])
def test_the_samples_boilerplate_reaches_no_passage(path):
    text = path.read_text("utf-8")
    passages = split_article(make(text))
    assert not [mark for mark in SEED_BOILERPLATE for p in passages if mark in p.text]
    assert not [p for p in passages if "Russia\n" in p.text or "\n0" in p.text]
    prose = [line.strip() for line in text.split("\n") if len(line.split()) > 25]
    boilerplate = {text[item.start : item.end] for item in find_boilerplate(make(text))}
    inside = covered(passages)
    for line in prose:
        start = text.index(line)
        assert line in boilerplate or set(range(start, start + len(line))) <= inside


def test_the_samples_evidence_is_whole():
    data = Path(os.environ.get("DATELINE_DATA", ROOT.parent / "shared" / "data"))
    questions = data.parent / "seeds_questions.dev.jsonl"
    if not questions.is_file():
        pytest.skip(f"no questions at {questions}; set DATELINE_DATA")
    for line in questions.read_text("utf-8").splitlines():
        for answer in json.loads(line)["answers"]:
            text = (ROOT / "seeds" / answer["article"]).read_text("utf-8")
            assert any(
                p.start <= answer["evidence_start"] and answer["evidence_end"] <= p.end
                for p in split_article(make(text))
            )
