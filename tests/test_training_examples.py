"""The reader's training examples: splitting, windows, corrupted questions, tokens."""

import random
from pathlib import Path

import numpy as np
import pytest

from index.encoding.encoders import packaged_model_path
from training.corrupt import (
    Corruptor,
    Pair,
    exchange_roles,
    find_names,
    negate,
    swap_number,
    swap_number_in_passage,
)
from training.encode import MAX_TOKENS, Sequence, encode_items, load_tokenizer
from training.items import Item, put_title
from training.mix import MIX
from training.prepare import (
    ExampleMaker,
    cut_answer,
    draw_answer,
    draw_count,
    holds_answer,
    list_neighbours,
)
from training.retrieve import PassageIndex
from training.reword import Reworder
from training.sources import Question, normalise, split_development
from training.train import share_groups
from training.windows import cut_windows, draw_window, split_sentences
from training.wordnet import WORDNET, WordNet

CONTEXT = (
    "The Charles River separates Cambridge from Boston. In 1912 MIT bought 46 acres there. "
    "George Eastman gave the money. The campus opened in 1916, on the Cambridge side."
)
PAIR = Pair(
    "In 1912, how many acres did MIT buy in Cambridge?",
    CONTEXT,
    CONTEXT.index("46"),
    CONTEXT.index("46") + 2,
)


def question(text: str, article: str, source: str = "squad_train_du") -> Question:
    return Question(text, f"Text of {article}.", ((0, "Text"),), source, article)


def test_sentences_cover_the_context() -> None:
    sentences = split_sentences(CONTEXT)
    assert "".join(CONTEXT[s.start : s.end] for s in sentences) == CONTEXT
    assert len(sentences) == 4


@pytest.mark.parametrize(("end", "moved"), [(4, 16), (0, 0)])
def test_a_title_moves_the_answer_with_its_passage(end: int, moved: int) -> None:
    item = put_title(Item("Who?", "Text of it.", 0, end, "span"), "Charles River")
    assert item.passage == "Charles River.\n\nText of it."
    assert item.passage[item.start : item.end] == "Text of it."[:end]
    assert item.start == moved
    assert question("Who?", "Charles_River").title == "Charles River"


def test_windows_cover_the_context_once() -> None:
    windows = cut_windows(CONTEXT * 4, 20)
    assert "".join((CONTEXT * 4)[w.start : w.end] for w in windows) == CONTEXT * 4


@pytest.mark.parametrize("seed", range(8))
def test_a_drawn_window_holds_the_answer(seed: int) -> None:
    window = draw_window(CONTEXT, PAIR.start, PAIR.end, 15, random.Random(seed))
    assert window is not None
    assert window.start <= PAIR.start < PAIR.end <= window.end
    assert CONTEXT[window.start :].startswith(("The", "In", "George"))


def test_an_overlong_answer_gives_no_window() -> None:
    text = "word " * 500
    assert draw_window(text, 0, len(text), 30, random.Random(1)) is None


def test_development_shares_no_article_and_no_question() -> None:
    questions = [question(f"What is {n}?", f"article {n}") for n in range(40)]
    questions.append(question("What is 3?", "another", "squad_train_subset"))
    training, development = split_development(questions)
    assert development
    assert not {q.article for q in training} & {q.article for q in development}
    assert not {normalise(q.text) for q in training} & {normalise(q.text) for q in development}


def test_the_answer_most_gave_is_drawn() -> None:
    answers = ((0, "The Text"), (4, "Text"), (4, "Text"))
    assert draw_answer(Question("?", "The Text", answers, "s", "a")) == (4, "Text")
    assert draw_answer(Question("?", "The Text", (), "s", "a")) == (0, "")


def test_the_answering_sentence_is_cut_out() -> None:
    asked = Question(PAIR.question, CONTEXT, ((PAIR.start, "46"),), "s", "a")
    rest = cut_answer(CONTEXT, asked)
    assert "46" not in rest
    assert "George Eastman gave the money." in rest


def test_a_mean_count_is_kept_on_average() -> None:
    draw = random.Random(3)
    counts = [draw_count(1.25, draw) for _ in range(2000)]
    assert set(counts) == {1, 2}
    assert sum(counts) / len(counts) == pytest.approx(1.25, abs=0.05)


def test_names_leave_out_question_words() -> None:
    assert find_names("What did George Eastman give to MIT?") == ["George Eastman", "MIT"]


def test_a_number_becomes_another() -> None:
    made = swap_number(PAIR, random.Random(1))
    assert made is not None
    assert "1912" not in made[0]
    assert made[1] == CONTEXT


def test_a_number_of_the_passage_becomes_another_but_not_the_answer() -> None:
    made = swap_number_in_passage(PAIR, random.Random(1))
    assert made is not None
    assert made[0] == PAIR.question
    assert "1912" not in made[1]
    assert "46" in made[1]


def test_a_question_is_negated_once() -> None:
    made = negate(PAIR, random.Random(1))
    assert made is not None
    assert any(word in made[0] for word in ("not", "n't", "never"))
    assert negate(Pair(made[0], CONTEXT, 0, 3), random.Random(1)) is None


def test_two_names_change_places() -> None:
    made = exchange_roles(Pair("When did France invade Prussia?", "…", 0, 1), random.Random(1))
    assert made == ("When did Prussia invade France?", "…")


@pytest.mark.slow
@pytest.mark.skipif(not Path(WORDNET).is_dir(), reason="wordnet-base is not installed")
def test_every_corruption_changes_the_pair() -> None:
    corruptor = Corruptor(WordNet(), ["Harvard", "Yale University", "New York", "Ohio"] * 8)
    draw = random.Random(5)
    rules = set()
    for _ in range(60):
        made = corruptor.corrupt(PAIR, draw)
        assert made is not None
        rules.add(made[0])
        assert made[1:] != (PAIR.question, PAIR.passage)
    assert len(rules) >= 5


@pytest.mark.slow
@pytest.mark.skipif(not Path(WORDNET).is_dir(), reason="wordnet-base is not installed")
def test_wordnet_knows_antonyms_and_sisters() -> None:
    wordnet = WordNet()
    assert "cold" in wordnet.antonyms["hot"]
    assert "brook" in wordnet.sisters("river")


def test_hard_negatives_share_words_with_the_question() -> None:
    passages = ["MIT bought land.", "The river is cold.", "Acres of land lay empty in Cambridge."]
    assert PassageIndex(passages).search("Which land did MIT buy?", 2)[0] == "MIT bought land."


def test_tokens_mark_the_answer() -> None:
    tokenizer = load_tokenizer(packaged_model_path())
    item = (PAIR.question, CONTEXT, PAIR.start, PAIR.end, "span")
    (sequence,) = encode_items([item], tokenizer)
    assert sequence is not None
    answer = sequence.ids[sequence.start : sequence.end + 1]
    assert tokenizer.decode(answer.tolist()) == "46"
    assert sequence.start > sequence.split


def test_kinds_take_part_in_their_own_losses() -> None:
    tokenizer = load_tokenizer(packaged_model_path())
    kinds = ("relevant", "hard", "corrupted")
    items = [(PAIR.question, CONTEXT, 0, 0, kind) for kind in kinds]
    relevant, hard, corrupted = encode_items(items, tokenizer)
    assert relevant and hard and corrupted
    assert (relevant.has_span, relevant.answerable, relevant.relevance) == (False, 1, 1)
    assert (hard.has_span, hard.answerable, hard.relevance) == (True, 0, 0)
    assert (corrupted.has_span, corrupted.answerable, corrupted.relevance) == (True, 0, -1)


def test_an_answer_beyond_the_limit_is_left_out() -> None:
    tokenizer = load_tokenizer(packaged_model_path())
    text = "word " * MAX_TOKENS + "end"
    (sequence,) = encode_items([("Where?", text, len(text) - 3, len(text), "span")], tokenizer)
    assert sequence is None


NEIGHBOUR = "The campus lies between two bridges. Its domes were drawn by Welles Bosworth."
TOLD_AGAIN = "Records of the purchase speak of 46 acres of mud along the basin."


def make_asked() -> list[Question]:
    context = Question(
        "How many acres did MIT buy?", CONTEXT, ((PAIR.start, "46"),), "timeqa_train", "MIT"
    )
    others = [
        Question(
            "Who drew the domes?", NEIGHBOUR, ((58, "Welles Bosworth"),), "timeqa_train", "MIT"
        ),
        Question("What was bought?", TOLD_AGAIN, ((23, "46 acres"),), "timeqa_train", "MIT"),
    ]
    return [context, *others]


def test_neighbours_are_the_contexts_of_one_article() -> None:
    asked = make_asked()
    assert list_neighbours(asked)["timeqa_train", "MIT"] == [CONTEXT, NEIGHBOUR, TOLD_AGAIN]
    assert holds_answer(TOLD_AGAIN, asked[0])
    assert not holds_answer(NEIGHBOUR, asked[0])


@pytest.fixture(scope="module")
def maker() -> ExampleMaker:
    if not WORDNET.is_dir():
        pytest.skip("needs Debian's wordnet-base")
    return ExampleMaker(make_asked(), [], [])


@pytest.mark.slow
def test_a_context_is_lengthened_by_what_does_not_answer(maker: ExampleMaker) -> None:
    asked = make_asked()[0]
    drawn = set()
    for seed in range(6):
        context, start = maker.lengthen(asked, PAIR.start, 160, random.Random(seed))
        assert context[start : start + 2] == "46"
        assert NEIGHBOUR in context
        assert TOLD_AGAIN not in context
        wrong = maker.draw_hard(asked, 40, random.Random(seed))
        drawn |= {wrong[0]} if wrong else set()
    assert drawn == {NEIGHBOUR}


def test_a_group_answers_once_and_its_other_items_do_not(maker: ExampleMaker) -> None:
    asked = make_asked()[0]
    restated = []
    for seed in range(40):
        first, *others = maker.make_group(asked, MIX["timeqa_train"], random.Random(seed))
        assert first.passage[first.start : first.end] == "46"
        restated += [item for item in others if item.kind == "restated"]
        kinds = {item.kind for item in others} - {"restated", "keywords"}
        assert kinds <= {"hard", "corrupted", "cut"}
        assert not any(holds_answer(i.passage, asked) for i in others if i.kind == "hard")
    assert restated
    assert all(item.passage[item.start : item.end].isdecimal() for item in restated)


def test_all_of_a_group_are_asked_with_the_same_sentence_before(
    maker: ExampleMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.prepare.PREFACED_SHARE", 1.0)
    monkeypatch.setattr("training.prepare.HASTY_SHARE", 0.0)
    asked = make_asked()[0]
    told = "In 1912 MIT bought 46 acres there."
    for seed in range(6):
        items = maker.make_group(asked, MIX["timeqa_train"], random.Random(seed))
        items = [item for item in items if item.kind != "keywords"]
        (before,) = {item.question.rpartition(". ")[0] for item in items}
        assert f"{before}." in f"{CONTEXT} {NEIGHBOUR}"
        assert before not in told


def test_processes_get_about_as_many_tokens_each() -> None:
    lengths = [200, 90, 80, 70, 60, 30]
    groups = [[Sequence(np.zeros(n, np.uint16), 4, 0, 0, True, 0, 0)] for n in lengths]
    shares = share_groups(list(range(len(groups))), groups, 2)
    assert sorted(sum(shares, [])) == list(range(len(groups)))
    assert [sum(lengths[number] for number in share) for share in shares] == [260, 270]


def make_reworder(words: dict[str, list[str]]) -> Reworder:
    """A reworder that knows these synonyms and no others."""

    class Synonyms(WordNet):
        def __init__(self) -> None:
            """Nothing is read."""

        def synonyms(self, word: str) -> list[str]:
            return words.get(word, [])

    return Reworder(Synonyms())


@pytest.mark.parametrize(
    ("asked", "short"),
    [
        ("How many acres did MIT buy in Cambridge?", "How many acres did MIT buy?"),
        ("What award did Nakamura receive for his invention?", "What award did Nakamura receive?"),
        ("Who died in 1912?", "Who died in 1912?"),
        ("Manipur wanted to be part of what?", "Manipur wanted to be part of what?"),
        ("It is a documentary on which channel?", "It is a documentary on which channel?"),
        ("Where is it?", "Where is it?"),
    ],
)
def test_a_phrase_at_the_end_is_left_out_unless_it_asks(asked: str, short: str) -> None:
    assert make_reworder({}).leave_out_end(asked, random.Random(1)) == short


def test_synonyms_stand_for_words_but_not_for_question_words_or_forms() -> None:
    reworder = make_reworder({"money": ["cash"], "gave": ["donated"], "giving": ["handing"]})
    asked = "Who gave the money by giving the money?"
    made = {reworder.use_synonyms(asked, random.Random(seed)) for seed in range(20)}
    assert "Who donated the cash by giving the cash?" in made
    assert all("giving" in text and text.startswith("Who ") for text in made)


def test_a_question_that_no_rule_fits_stays() -> None:
    assert make_reworder({}).reword("Who came?", random.Random(1)) == "Who came?"


@pytest.mark.slow
@pytest.mark.skipif(not WORDNET.is_dir(), reason="Debian's package wordnet-base is not installed")
def test_synonyms_are_of_the_first_sense_of_words_of_one_kind() -> None:
    wordnet = WordNet()
    assert "wedlock" in wordnet.synonyms("marriage")
    assert wordnet.synonyms("run") == []
    assert wordnet.synonyms("early") == []
    assert wordnet.synonyms("zzz") == []
