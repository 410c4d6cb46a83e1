"""The reader: its files, its windows and its offsets, on a one-layer model with seeded weights."""

import json
import re
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from index import ReaderError
from qa.reader.model import (
    MAX_ANSWER,
    Chunk,
    Reader,
    Reading,
    cut_question,
    decode_chunk,
    find_breaks,
    join_words,
    merge_readings,
    share_evenly,
    take_sign,
)
from qa.reader.network import (
    FORMAT,
    MODEL_PATH,
)
from training.export import quantise_rows

QUESTION = "When did Russia recognize South Ossetia?"
PASSAGE = (
    "Russia recognized South Ossetia on August 26, 2008, two weeks after the war with Georgia. "
    "Nicaragua followed in September."
)


def make_weights(layers: int = 1) -> dict[str, np.ndarray]:
    """Seeded weights of a small reader, under the names of the shipped file."""
    draw = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (30522, 384),
        "embeddings.position_embeddings.weight": (512, 384),
        "embeddings.token_type_embeddings.weight": (2, 384),
    }
    for head, rows in (("span", 2), ("answerable", 1), ("pooler", 384), ("relevance", 1)):
        shapes |= {f"{head}.weight": (rows, 384), f"{head}.bias": (rows,)}
    for layer in range(layers):
        at = f"encoder.layer.{layer}"
        for part in ("attention.self.query", "attention.self.key", "attention.self.value"):
            shapes |= {f"{at}.{part}.weight": (384, 384), f"{at}.{part}.bias": (384,)}
        for part, shape in (
            ("attention.output.dense", (384, 384)),
            ("intermediate.dense", (1536, 384)),
            ("output.dense", (384, 1536)),
        ):
            shapes |= {f"{at}.{part}.weight": shape, f"{at}.{part}.bias": (shape[0],)}
    arrays = {name: draw.normal(0, 0.05, shape) for name, shape in shapes.items()}
    for name in ["embeddings.LayerNorm"] + [
        f"encoder.layer.{layer}.{part}.LayerNorm"
        for layer in range(layers)
        for part in ("attention.output", "output")
    ]:
        arrays |= {f"{name}.weight": np.ones(384), f"{name}.bias": np.zeros(384)}
    whole = {name: array.astype(np.float32) for name, array in arrays.items()}
    quantised: dict[str, np.ndarray] = {}
    for name, array in whole.items():
        layer = name.startswith("encoder.") and array.ndim == 2
        quantised |= quantise_rows(name, array) if layer else {name: array}
    for name in list_inputs(layers):
        columns = 1536 if name.endswith("r.0.output.dense") else 384
        quantised[f"{name}.evened"] = np.ones(columns, np.float32)
    return quantised


def list_inputs(layers: int) -> list[str]:
    """What goes into the linear layers, by name."""
    parts = ("attention.self", "attention.output.dense", "intermediate.dense", "output.dense")
    return [f"encoder.layer.{layer}.{part}" for layer in range(layers) for part in parts]


def write_reader(folder: Path, **changes: object) -> Path:
    """A reader's folder, its configuration changed as asked."""
    folder.mkdir(parents=True, exist_ok=True)
    data = save(make_weights())
    (folder / "reader.safetensors").write_bytes(data)
    config = {
        "format": FORMAT,
        "sha256": sha256(data).hexdigest(),
        "max_tokens": 128,
        "sizes": {"hidden_size": 384, "num_hidden_layers": 1, "num_attention_heads": 12},
        "ranges": {name: [-4.0, 4.0] for name in list_inputs(2)},
        **changes,
    }
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    return Reader.load(write_reader(tmp_path_factory.mktemp("reader")), threads=1)


def test_a_span_is_the_passages_own_text(reader: Reader) -> None:
    (reading,) = reader.read(QUESTION, [PASSAGE])
    assert reading.text
    assert PASSAGE[reading.start : reading.end] == reading.text


@pytest.mark.parametrize(
    "passage",
    [
        "Премьер-министр Путин прилетел в Сочи 27 февраля 2008 года.",
        "俄罗斯于2008年8月26日承认南奥塞梯。",
        "The 👩‍👩‍👧 family 🇬🇪 waited 😀 in Tbilisi\x00 until\x07 dawn.\u200b Then it left.",
        "Cafe\u0301 owner Jose\u0301 opened at nine.",
        "A lone surrogate \ud83d stands here, in Moscow.",
        "\u202eright to left\u202c and back",
        "word " * 10_000,
    ],
)
def test_offsets_are_exact_in_any_script(reader: Reader, passage: str) -> None:
    (reading,) = reader.read(QUESTION, [passage])
    assert reading.text
    assert passage[reading.start : reading.end] == reading.text


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_any_text_can_be_read(reader: Reader, passages: list[str]) -> None:
    readings = reader.read(QUESTION, passages)
    assert len(readings) == len(passages)
    for passage, reading in zip(passages, readings, strict=True):
        assert passage[reading.start : reading.end] == reading.text


def test_a_passage_without_words_has_no_answer(reader: Reader) -> None:
    for reading in reader.read(QUESTION, ["", " \n\t "]):
        assert (reading.start, reading.end, reading.text) == (0, 0, "")
        assert reading.span_score < reading.no_answer_score


def test_a_run_of_fifty_thousand_letters_is_no_answer(reader: Reader) -> None:
    (reading,) = reader.read(QUESTION, ["x" * 50_000])
    assert reading.text == ""


def test_a_title_is_read_but_no_word_of_it_is_answered(reader: Reader) -> None:
    title = "Tbilisi " * 100
    bare, titled, empty = (reader.read(QUESTION, [PASSAGE], t)[0] for t in ((), [title], [""]))
    assert bare == empty
    assert titled.relevance != bare.relevance
    assert titled.text
    assert PASSAGE[titled.start : titled.end] == titled.text


def test_no_passages_give_no_readings(reader: Reader) -> None:
    assert reader.read(QUESTION, []) == []


def test_the_order_of_the_passages_is_kept(reader: Reader) -> None:
    passages = [PASSAGE, "Short one.", PASSAGE * 3, "Nothing here, says Tbilisi."]
    together = reader.read(QUESTION, passages)
    for passage, reading in zip(passages, together, strict=True):
        assert passage[reading.start : reading.end] == reading.text
    alone = [reader.read(QUESTION, [passage])[0] for passage in passages]
    for one, other in zip(together, alone, strict=True):
        assert one.relevance == pytest.approx(other.relevance, abs=0.05)


def test_reading_twice_gives_the_same(reader: Reader) -> None:
    passages = [PASSAGE, PASSAGE[:60], "Nicaragua followed."] * 5
    assert reader.read(QUESTION, passages) == reader.read(QUESTION, passages)


def test_a_long_passage_is_read_to_its_end(reader: Reader) -> None:
    passage = "Sentence number one is here. " * 100 + "The end."
    chunks = reader._make_chunks([QUESTION], [passage], ["The title of all of it"])
    assert len(chunks) > 1
    assert (
        max(chunk.ends.max() for chunk in chunks) == len("Sentence number one is here. ") * 100 + 8
    )
    assert all(len(chunk.ids) <= 128 for chunk in chunks)
    for before, after in zip(chunks, chunks[1:], strict=False):
        assert after.starts[0] < before.ends[-1], "windows overlap"


def test_of_a_question_beyond_the_limit_both_ends_are_read() -> None:
    assert cut_question(list(range(96))) == list(range(96))
    assert cut_question(list(range(200))) == [*range(48), *range(152, 200)]


def test_a_long_question_leaves_room_for_the_passage(reader: Reader) -> None:
    question = f"{'After years of quarrels, ' * 40} who opened the harbour?"
    (reading,) = reader.read(question, [PASSAGE])
    assert PASSAGE[reading.start : reading.end] == reading.text != ""


def test_an_answer_longer_than_allowed_is_not_given() -> None:
    count = MAX_ANSWER + 10
    spans = np.zeros((count + 2, 2), np.float32)
    spans[1, 0], spans[count, 1], spans[5, 1] = 9, 9, 3
    chunk = make_chunk(count)
    assert decode_chunk(chunk, spans, np.zeros(2, np.float32), "ab " * count).end == 14


@pytest.mark.parametrize(("beyond", "end"), [(2.0, 12), (5.0, 28)])
def test_an_answer_goes_into_the_next_sentence_only_where_that_is_much_likelier(
    beyond: float, end: int
) -> None:
    passage = "Ab cd ef gh. Ij kl mn op qr."
    words = [(match.start(), match.end()) for match in re.finditer(r"\w+", passage)]
    chunk = make_chunk(len(words))
    chunk.starts[:], chunk.ends[:] = zip(*words, strict=True)
    spans = np.zeros((len(words) + 2, 2), np.float32)
    spans[1, 0], spans[4, 1], spans[9, 1] = 9, 4, 4 + beyond
    reading = decode_chunk(chunk, spans, np.zeros(2, np.float32), passage)
    assert (reading.start, reading.end) == (0, end - 1)


def test_a_word_is_never_cut() -> None:
    spans = np.zeros((6, 2), np.float32)
    spans[2, 0], spans[2, 1] = 9, 9
    chunk = make_chunk(4)
    chunk.starts[1], chunk.ends[0] = 0, 5
    reading = decode_chunk(chunk, spans, np.zeros(2, np.float32), "ab " * 4)
    assert (reading.start, reading.end) == (0, 5)


@pytest.mark.parametrize(
    ("passage", "number", "expected"),
    [
        ("It shrank by -0.5 percent.", "0.5", "-0.5"),
        ("It was \u22125 degrees.", "5", "\u22125"),
        ("It cost US$5m.", "5m", "US$5m"),
        ("It owes -€7.", "7", "-€7"),
        ("From 2005-2008.", "2008", "2008"),
        ("The Kh-22 fell.", "22", "22"),
        ("-5", "5", "-5"),
        ("It fell - 5 died.", "5", "5"),
    ],
)
def test_a_number_is_quoted_with_its_sign(passage: str, number: str, expected: str) -> None:
    start = passage.index(number)
    assert passage[take_sign(passage, start) : start + len(number)] == expected


def test_pieces_know_their_word() -> None:
    offsets = np.array([[0, 3], [3, 7], [8, 9], [9, 12]], np.int32)
    starts, ends = join_words(offsets, [0, 0, 1, 2])
    assert starts.tolist() == [0, 0, 8, 9]
    assert ends.tolist() == [7, 7, 9, 12]
    assert [len(part) for part in join_words(offsets[:0], [])] == [0, 0]


def test_a_paragraph_ends_where_no_full_stop_does() -> None:
    passage = "Port opens\n\nIda came. \n\nAn end\n  \nBo left"
    starts = np.array([0, 5, 12, 16, 20, 24, 27, 34, 37], np.int32)
    ends = np.array([4, 10, 15, 20, 21, 26, 30, 36, 41], np.int32)
    assert find_breaks(passage, starts, ends).tolist() == [2, 7]
    assert find_breaks("", starts[:0], ends[:0]).tolist() == []
    assert find_breaks("One\nline. \n\nTwo", starts[:3], ends[:3]).tolist() == []


def test_a_headline_does_not_run_on_into_the_text(reader: Reader) -> None:
    (chunk,) = reader._make_chunks([QUESTION], ["Port of Selim\n\nIlya Marend came."], ["Sea"])
    stop = reader._tokenizer.token_to_id(".")
    assert chunk.ids.count(stop) == 3
    assert chunk.ids[chunk.split - 1] == stop
    assert len(chunk.ids) - chunk.split - 1 == len(chunk.starts) == len(chunk.sane)
    at = chunk.ids.index(stop, chunk.split) - chunk.split
    assert not chunk.sane[at]
    assert chunk.starts[at] == chunk.ends[at] == len("Port of Selim")


def make_chunk(count: int) -> Chunk:
    """Words of two letters with a space between, one piece each, and a question of no words."""
    starts = np.arange(count, dtype=np.int32) * 3
    return Chunk(0, [], 1, 1, starts, starts + 2, np.ones(count, np.bool_))


def test_the_surer_window_of_a_passage_wins() -> None:
    first = Reading(0, 3, "one", 5.0, 4.0, 0.5, 2.0)
    second = Reading(9, 12, "two", 6.0, 1.0, -0.5, 3.0)
    merged = merge_readings(first, second)
    assert (merged.text, merged.answerable, merged.relevance) == ("two", 0.5, 3.0)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"config\.json cannot be read"):
        Reader.load(tmp_path)
    write_reader(tmp_path)
    (tmp_path / "reader.safetensors").unlink()
    with pytest.raises(ReaderError, match=r"reader\.safetensors cannot be read"):
        Reader.load(tmp_path)


def test_truncated_weights_are_refused(tmp_path: Path) -> None:
    file = write_reader(tmp_path) / "reader.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(ReaderError, match="truncated or another one"):
        Reader.load(tmp_path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="has format 99"):
        Reader.load(write_reader(tmp_path, format=99))


def test_a_configuration_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (write_reader(tmp_path) / "config.json").write_text("{", "utf-8")
    with pytest.raises(ReaderError, match="not valid JSON"):
        Reader.load(tmp_path)


def test_weights_that_lack_a_part_are_refused(tmp_path: Path) -> None:
    sizes = {"hidden_size": 384, "num_hidden_layers": 2, "num_attention_heads": 12}
    with pytest.raises(ReaderError, match="does not have the parts"):
        Reader.load(write_reader(tmp_path, sizes=sizes))


@pytest.mark.model
def test_the_shipped_reader_answers() -> None:
    shipped = Reader.load()
    (reading, other) = shipped.read(QUESTION, [PASSAGE, "Mushrooms grow well in damp cellars."])
    assert "August 26" in reading.text
    assert reading.relevance > other.relevance
    assert reading.span_score - reading.no_answer_score > other.span_score - other.no_answer_score


@pytest.mark.model
def test_the_shipped_reader_reads_alike_without_bfloat16_and_on_one_core() -> None:
    texts = [PASSAGE, "Mushrooms grow well in damp cellars."]
    usual = Reader.load().read(QUESTION, texts)
    exact = Reader.load(threads=1, precision="f32").read(QUESTION, texts)
    assert exact[0].text == usual[0].text
    for first, second in zip(usual, exact, strict=True):
        assert first.relevance == pytest.approx(second.relevance, abs=0.5)
        assert first.answerable == pytest.approx(second.answerable, abs=0.5)


@pytest.mark.model
def test_the_shipped_reader_is_small() -> None:
    assert sum(file.stat().st_size for file in MODEL_PATH.iterdir()) < 45e6


@pytest.mark.parametrize(
    ("passages", "streams", "sizes"),
    [(20, 2, [5, 5, 5, 5]), (21, 2, [3, 4, 3, 4, 3, 4]), (5, 1, [5]), (1, 2, [1]), (3, 2, [1, 2])],
)
def test_every_core_reads_as_many_passages(passages: int, streams: int, sizes: list[int]) -> None:
    batches = share_evenly(list(range(passages)), streams)
    assert [len(batch) for batch in batches] == sizes
    assert [row for batch in batches for row in batch] == list(range(passages))
