"""The trials of the fit: development questions asked of a library, in forms that have an answer
and in forms that have none."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index import Article, Library
from index.settings import Settings
from qa.reader.model import Reading
from training import trials
from training.corrupt import Corruptor, Pair
from training.sources import Question
from training.trials import Gold, Shelf, Trial, TrialMaker, is_right, join_contexts, lower_first

FIRST = "The harbour was opened by Ada Holm in 1921. Her ship was the Norna."
SECOND = "The lighthouse was painted red in 1950. It stands on Skerry Point."
OTHERS = (
    "Mushrooms like it damp.",
    "Nine ferries cross the bay.",
    "The mill burnt down twice.",
    "Few roads lead north.",
)
OPENED = Question(
    "Who opened the harbour?", FIRST, ((FIRST.index("Ada"), "Ada Holm"),), "made", "Port"
)
PAINTED = Question(
    "When was the lighthouse painted?", SECOND, ((SECOND.index("1950"), "1950"),), "made", "Port"
)


class FirstWords:
    """A reader that answers with the first word of every passage."""

    def read(self, question: str, passages: Sequence[str]) -> list[Reading]:
        return [Reading(0, text.index(" "), text.split()[0], 1, 0, 0, 0) for text in passages]


class NoCorruptor(Corruptor):
    """One that finds nothing to change."""

    def __init__(self) -> None:
        pass

    def corrupt(self, pair: Pair, draw: object) -> None:
        return None


@pytest.fixture
def maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrialMaker]:
    for name in ("KEYWORDS_SHARE", "PREFACED_SHARE", "JOINED_SHARE", "WITHOUT_SHARE"):
        monkeypatch.setattr(trials, name, 1.0)
    articles, places = join_contexts([OPENED, PAINTED])
    texts = {**articles, **{f"other {row}": text for row, text in enumerate(OTHERS)}}
    settings = Settings(encoder="test", passage_words=20)
    with Library.open(tmp_path / "library", settings=settings, create=True) as library:
        library.add(Article(name, "", text) for name, text in texts.items())
        shelf = Shelf("ports", library, places, (OPENED, PAINTED))
        yield TrialMaker(shelf, FirstWords(), NoCorruptor())  # type: ignore[arg-type]


def test_contexts_of_an_article_become_one_text_and_know_their_place() -> None:
    articles, places = join_contexts([OPENED, PAINTED])
    assert articles == {"made Port": f"{FIRST}\n\n{SECOND}"}
    name, at = places[SECOND]
    assert articles[name][at:] == SECOND


def test_every_form_has_trials_with_an_answer_and_without(maker: TrialMaker) -> None:
    made = maker.make(OPENED)
    forms = {(trial.form, trial.answerable) for trial in made}
    assert {(form, True) for form in ("searched", "given", "keywords", "joined")} <= forms
    assert {(form, False) for form in ("searched", "keywords", "joined")} <= forms
    for trial in made:
        assert len(trial.hits) == len(trial.readings) == len(trial.holds)
        for gold in trial.answers:
            if trial.form != "given":
                hit = next(hit for hit in trial.hits if hit.article.id == gold.article)
                assert hit.article.text[gold.start : gold.start + len(gold.text)] == gold.text
        if not trial.answerable:
            assert not any(trial.holds)
            assert not any("Ada Holm" in hit.passage.text for hit in trial.hits)


def test_two_questions_in_one_breath_are_answered_by_either(maker: TrialMaker) -> None:
    (joined,) = [t for t in maker.make(OPENED) if t.form == "joined" and t.answerable]
    assert joined.question == "Who opened the harbour, and when was the lighthouse painted?"
    assert {gold.text for gold in joined.answers} == {"Ada Holm", "1950"}


def test_a_sentence_goes_before_a_question(
    maker: TrialMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.prepare.PREFACE_WORDS", (3, 40))
    prefaced = [t for t in maker.make(OPENED) if t.form == "prefaced" and t.answerable]
    assert [t.question for t in prefaced] == ["Her ship was the Norna. Who opened the harbour?"]


def test_words_elsewhere_that_are_the_answer_to_the_letter_are_right() -> None:
    from readings import FITTED, find, make_hits

    from qa.reader.calibration import rank_with_reader
    from qa.reader.picker import find_candidates

    hits = make_hits()[:1]
    reading = find("Mushrooms", hits[0].passage.text)
    ranked = rank_with_reader("What likes it damp?", hits, [reading], FITTED)
    (candidate,) = find_candidates("What likes it damp?", ranked)
    trial = Trial("", (), (), (), (Gold("elsewhere", 0, "mushrooms"),), "", "searched")
    assert is_right(trial, candidate) == (True, 1.0)
    other = Trial("", (), (), (), (Gold("elsewhere", 0, "mushrooms and moss"),), "", "searched")
    assert not is_right(other, candidate)[0]


def test_only_the_first_letter_becomes_small() -> None:
    assert lower_first("When did NATO meet?") == "when did NATO meet?"
    assert lower_first("") == ""
