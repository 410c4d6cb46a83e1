"""The cache of answers: given again while nothing changed, never when something did."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from index import Article, Filters, Library
from index.encoding.encoders import HashingEncoder
from index.recent import Recent
from index.settings import Settings
from qa import Assistant
from qa.answering.cache import AnswerCache
from qa.followups import PastTurn

SETTINGS = Settings(encoder="test", system="hybrid", min_confidence=0.0)
FERRY = "An electric ferry named Havbris began sailing between the islands in May."
QUESTION = "When did the electric ferry begin sailing?"


class CountingEncoder(HashingEncoder):
    """Counts how often passages or sentences are encoded, which reading an answer does."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def encode_passages(self, texts):
        self.count += 1
        return super().encode_passages(texts)


@pytest.fixture
def encoder():
    return CountingEncoder()


@pytest.fixture
def library(tmp_path, encoder):
    with Library.open(
        tmp_path / "library", settings=SETTINGS, encoder=encoder, create=True
    ) as opened:
        opened.add([Article("ferry.txt", "", FERRY)])
        yield opened


def ask_twice(assistant, encoder, first, second):
    """The two answers, and whether the second was read anew."""
    one = assistant.ask(**first)
    before = encoder.count
    two = assistant.ask(**second)
    return one, two, encoder.count > before


def test_the_same_question_is_read_once_and_answered_twice(library, encoder):
    asked = {"question": QUESTION}
    one, two, read = ask_twice(Assistant(library), encoder, asked, {"question": f" {QUESTION} "})
    assert one.status == "answered"
    assert not read
    assert replace(two, timings=one.timings) == one
    assert set(two.timings) == {"recall", "total"}


def test_both_halves_of_asking_share_the_cache(library, encoder):
    assistant = Assistant(library)
    one = assistant.ask(QUESTION)
    before = encoder.count
    assert assistant.answer(assistant.find(QUESTION)).citations == one.citations
    assert encoder.count == before


@pytest.mark.parametrize(
    "changed",
    [
        {"question": "Who named the ferry?"},
        {"passages": 1},
        {"system": "bm25"},
        {"min_confidence": 0.5},
        {"filters": Filters(sources=("NTB",))},
        {"after": (PastTurn("Where is the ferry?"),)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_what_is_asked_otherwise_is_another_question(library, changed):
    cache = AnswerCache()
    assistant = Assistant(library, cache=cache)
    assistant.ask(QUESTION)
    assistant.ask(**{"question": QUESTION, **changed})
    assert len(cache) == 2


def test_other_settings_share_a_cache_and_no_answer(library):
    cache = AnswerCache()
    Assistant(library, cache=cache).ask(QUESTION)
    Assistant(library, settings=replace(SETTINGS, candidates=7), cache=cache).ask(QUESTION)
    assert len(cache) == 2


CHANGES = {
    "added": 'library.add([Article("new.txt", "", "The ferry Havbris began sailing in June.")])',
    "replaced": 'library.add([Article("ferry.txt", "", "The ferry Havbris was sold.")])',
    "removed": 'library.remove(["ferry.txt"])',
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_by_another_process_changes_the_answer(library, change):
    assistant = Assistant(library)
    before = assistant.ask(QUESTION)
    code = (
        "import sys; from pathlib import Path; from index import Article, Library\n"
        f"with Library.open(Path(sys.argv[1])) as library:\n    {CHANGES[change]}\n"
    )
    subprocess.run([sys.executable, "-c", code, str(library.path)], check=True)
    after = assistant.ask(QUESTION)
    assert "recall" not in after.timings
    assert after == replace(Assistant(library).ask(QUESTION), timings=after.timings)
    texts = [hit.passage.text for hit in after.hits]
    assert texts != [hit.passage.text for hit in before.hits]


def test_a_value_kept_in_the_library_is_part_of_its_state(library):
    before = library.state
    library.set_value("threshold", 0.5)
    assert library.state != before


def test_the_answers_kept_are_bounded_and_those_used_last_stay(library):
    cache = AnswerCache(most_answers=2)
    assistant = Assistant(library, cache=cache)
    for question in ("Which ferry?", "What ferry?", "Which ferry?", "Whose ferry?"):
        assistant.ask(question)
    assert len(cache) == 2
    assert "recall" in assistant.ask("Which ferry?").timings
    assert "recall" not in assistant.ask("What ferry?").timings


@pytest.mark.parametrize("bounds", [{"most_characters": len(FERRY) - 1}, {"most_answers": 0}])
def test_an_answer_that_is_too_large_is_not_kept(library, bounds):
    cache = AnswerCache(**bounds)
    Assistant(library, cache=cache).ask(QUESTION)
    assert len(cache) == 0


def test_what_is_too_large_drives_nothing_else_out() -> None:
    kept = Recent[str, str](9, largest=5, measure=len)
    for key, value in (("a", "12"), ("b", "123"), ("c", "123456"), ("a", "1234567")):
        kept.put(key, value)
    assert [kept.get(key) for key in "abc"] == [None, "123", None]
    kept.put("d", "12")
    assert (kept.get("b"), kept.get("d")) == ("123", "12")


def test_threads_share_the_cache(library):
    cache = AnswerCache(most_answers=3)
    assistant = Assistant(library, cache=cache)
    questions = [f"Which ferry {word}?" for word in ("sails", "began", "stopped", "sank")] * 4
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(assistant.ask, questions))
    assert [answer.question for answer in answers] == questions
    assert len(cache) == 3
