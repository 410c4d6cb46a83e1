"""Copies of one story, as agencies send and newspapers print it, count as one source."""

from statements import HOW_MANY, WHEN

from index import Article, Passage
from qa.agreement import Statement, fold_copies, group_answers, label_copies
from qa.answering.consensus import group_citations
from qa.types import Citation, Span

WIRE = (
    "The two governments agreed on Monday to exchange 74 prisoners at the northern crossing, "
    "ending a dispute that had blocked the border for almost three weeks."
)


def test_copies_of_one_story_count_once():
    groups = group_answers(
        "How many prisoners were exchanged?",
        [
            Statement(WIRE, "74", "daily.txt"),
            Statement(f"(Wire) {WIRE} More follows.", "74", "evening.txt"),
            Statement("A guard who counted the buses saw 74 men.", "74", "gazette.txt"),
        ],
    )
    assert [(found.statements, found.independent) for found in groups] == [((0, 1, 2), 2)]


STORY = (
    "The two governments agreed on Monday to exchange 74 prisoners at the northern crossing, "
    "ending a dispute that had blocked the border for almost three weeks.\n\n"
    "Drivers who had slept in their lorries since the start of May cheered when the first barrier "
    "was raised, and a customs officer said the queue would be gone within four days.\n\n"
    "Neither side has published the list of names. The Red Cross, which watched the talks, said "
    "that it would visit the camps again before the end of the summer.\n\n"
    "The foreign ministers will meet once more in October to talk about the two bridges."
)


def test_reprints_are_told_by_the_whole_story_and_a_shared_quotation_is_not_one():
    shortened = STORY[: STORY.index("Neither side")]
    own = (
        "A committee of mothers has waited outside the ministry since the spring.\n\n"
        "“The Red Cross, which watched the talks, said that it would visit the camps again before "
        "the end of the summer,” one of them read aloud from a newspaper, and folded it away. Her "
        "son was a baker in the border town when the soldiers stopped his van at the mill.\n\n"
        "She does not expect to see him on the first bus, nor on the second one after that."
    )
    retold = (
        "Seventy-four detainees are to change hands at the northern crossing under a deal that "
        "ministers struck at the start of the week, three weeks after traffic came to a halt."
    )
    stories = [STORY, own, f"Border opens again\n\n{shortened}\n\nWith agencies.", retold]
    articles = [
        Article(id=f"{number}.txt", title="", text=text) for number, text in enumerate(stories)
    ]
    assert fold_copies(articles) == [(0, 2), (1,), (3,)]
    assert fold_copies([*articles, articles[1]]) == [(0, 2), (1, 4), (3,)]


def cite(number: int, name: str, text: str, sentence: str, words: str) -> Citation:
    article = Article(name, "", text)
    start = text.index(sentence)
    place = start + sentence.index(words)
    span = Span(place, place + len(words), words, 1.0)
    passage = Passage(number, name, 0, len(text), text)
    return Citation(number, article, passage, sentence, start, start + len(sentence), span)


def test_citations_of_reprints_are_one_source_whatever_each_quotes():
    late = STORY.replace("gone within four days", "gone, and all 74 men home, within four days")
    first = "The two governments agreed on Monday to exchange 74 prisoners"
    second = "all 74 men home"
    own = "A guard at the mill, who had nothing else to do, counted 74 men on two buses."
    citations = [
        cite(1, "daily.txt", STORY, first, "74"),
        cite(2, "evening.txt", late, second, "74"),
        cite(3, "gazette.txt", own, own, "74"),
    ]
    (found,) = group_citations("How many prisoners were exchanged?", citations)
    assert (found.citations, found.independent) == ((1, 2, 3), 2)


def test_reprints_that_quote_other_sentences_count_once():
    statements = [
        Statement("They agreed to exchange 74 prisoners.", "74", "daily.txt", story="border"),
        Statement("Buses took home the 74 men.", "74", "evening.txt", story="border"),
        Statement("A guard counted 74 of them.", "74", "gazette.txt", story="guard"),
        Statement("A guard counted 74 of them.", "74", "mirror.txt", story="mirror"),
    ]
    assert [found.independent for found in group_answers(HOW_MANY, statements)] == [3]


def test_short_sentences_that_answer_alike_are_no_copies():
    statements = [
        Statement("Russia recognised it on 26 August 2008.", "26 August 2008", "a"),
        Statement("Russia recognised it on Tuesday.", "Tuesday", "b", "2008-08-27"),
    ]
    assert [found.independent for found in group_answers(WHEN, statements)] == [2]


def test_two_passages_of_one_article_count_once():
    groups = group_answers(
        HOW_MANY, [Statement("It is 74.", "74", "a"), Statement("Later: 74 men.", "74", "a")]
    )
    assert [found.independent for found in groups] == [1]


def test_many_texts_are_paired_by_their_hashes():
    texts = [
        f"Report {number} of town {number * 7} tells of bridge {number * 13} and of mayor "
        f"{number * 17} who paid {number * 19} coins for {number * 23} stones in year {number * 29}"
        for number in range(210)
    ]
    labels = label_copies([*texts, texts[5] + " and more", texts[200], texts[9][:60]])
    assert labels[:210] == list(range(210))
    assert labels[210:] == [5, 200, 9]
