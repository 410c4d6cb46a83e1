"""Files and folders become articles, with their encoding, title, source and language."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import STORY, only_failure, read_all

from index import ArticleError
from index.articles.decoding import decode_text
from index.articles.reading import count_articles, read_file

SEEDS = Path(__file__).parent.parent / "seeds"


# --- text files -------------------------------------------------------------------------------


def test_a_text_file_keeps_every_character(tmp_path: Path) -> None:
    content = "Title\r\n\r\nFirst line.\rSecond\tline \u2028 with odd breaks.\n\n\n"
    file = tmp_path / "a.txt"
    file.write_bytes(content.encode())
    assert read_file(file).text == content


def test_the_id_of_a_single_file_is_its_name_and_the_location_is_absolute(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(STORY)
    article = read_file(file)
    assert (article.id, article.location) == ("a.txt", str(file))


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path: Path) -> None:
    for number, encoding in enumerate(("utf-8-sig", "utf-16", "utf-32")):
        file = tmp_path / f"{number}.txt"
        file.write_bytes(STORY.encode(encoding))
        article = read_file(file)
        assert article.text == STORY
        assert not any("encoding" in note for note in article.notes)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Министерство иностранных дел опровергло сообщения о секретных соглашениях."),
        ("koi8-r", "Министерство иностранных дел опровергло сообщения о секретных соглашениях."),
        (
            "shift_jis",
            "外務省は水曜日、秘密の合意があったとの報道を否定した。大臣は記者会見で述べた。",
        ),
        ("utf-16-le", "No byte order mark is at the beginning of this text."),
    ],
)
def test_another_encoding_is_guessed_and_said(tmp_path: Path, encoding: str, text: str) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes(text.encode(encoding))
    article = read_file(file)
    assert article.text == text
    assert any("encoding was guessed" in note for note in article.notes)


RUSSIAN = "Министерство иностранных дел опровергло сообщения о секретных соглашениях. "
CHINESE = "俄罗斯外交部星期三否认了有关秘密协议的报道，部长在记者会上说。"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("“It is over,” she said. ".encode() + b"\xe9t", "“It is over,” she said. \ufffdt"),
        (RUSSIAN.encode() + b"\x93" + RUSSIAN.encode(), f"{RUSSIAN}\ufffd{RUSSIAN}"),
        (RUSSIAN.strip(". ").encode()[:-1], RUSSIAN.strip(". ")[:-1] + "\ufffd"),
        ((CHINESE * 9000).encode()[:-2], (CHINESE * 9000)[:-1] + "\ufffd"),
        (f"{RUSSIAN}\ufffd".encode() + b"\xd0.", f"{RUSSIAN}\ufffd\ufffd."),
    ],
)
def test_utf8_with_a_broken_byte_is_read_and_said(data: bytes, text: str) -> None:
    for declared in ("", "utf-8", "iso-8859-1"):
        note = "Invalid UTF-8 was replaced by U+FFFD in 1 place."
        assert decode_text(data, "a.txt", declared=declared) == (text, (note,))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Её министерство «опровергло» всё, ещё раз — №5. "),
        ("koi8-r", "Её министерство опровергло всё, ещё раз. "),
        ("gb18030", CHINESE),
        ("big5", "俄羅斯外交部星期三否認了有關秘密協議的報道。"),
        ("shift_jis", "外務省は水曜日、秘密の合意があったとの報道を否定した。"),
        ("euc-kr", "외교부는 수요일 비밀 합의에 대한 보도를 부인했다. "),
        ("tis-620", "กระทรวงการต่างประเทศปฏิเสธรายงานเกี่ยวกับข้อตกลงลับ "),
        ("cp1253", "Το υπουργείο Εξωτερικών διέψευσε την Τετάρτη τις πληροφορίες. "),
        ("cp1252", "“Café,” she said – naïve. "),
    ],
)
def test_text_in_another_encoding_is_not_taken_for_broken_utf8(encoding: str, text: str) -> None:
    for times in (1, 20):
        data = (text * times).encode(encoding)
        _, notes = decode_text(data, "a.txt", declared=encoding)
        assert notes == ()


def test_the_encoding_of_a_large_file_is_guessed_where_it_shows() -> None:
    plain = "The board met on Monday and nothing was changed. "
    text = plain * 4500 + "He went to a café near the museum. " + plain * 500
    assert len(text) > 240_000
    assert decode_text(text.encode("cp1252"), "a.txt")[0] == text


@pytest.mark.parametrize("before", ["", "a", "好" * 3 + "a", "A B\n"])
@pytest.mark.parametrize("encoding", ["gb18030", "euc-kr"])
def test_a_large_file_is_not_cut_within_a_character(encoding: str, before: str) -> None:
    if encoding == "euc-kr":
        text = before.replace("好", "좋") + "외교부는수요일비밀합의에대한보도를부인했다" * 6000
    else:
        text = before + CHINESE.replace("。", "") * 6000
    found, _ = decode_text(text.encode(encoding), "a.txt")
    assert found == text


def test_what_stands_far_on_in_a_large_file_counts_too() -> None:
    plain = "The board met on Monday and nothing was changed. "
    text = "He went to a café near the museum. " + plain * 5000 + "“It is over,” she said."
    assert decode_text(text.encode("cp1252"), "a.txt")[0] == text


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_utf8_text_is_decoded_as_it_is(text: str) -> None:
    data = text.encode()
    if data.startswith((b"\xef\xbb\xbf", b"%PDF-", b"PK\x03\x04", b"GIF8", b"{\\rtf")):
        return
    assert decode_text(data, "a.txt") == (text, ())


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_one_sentence(data: bytes) -> None:
    try:
        text, _ = decode_text(data, "a.txt")
    except ArticleError as error:
        assert str(error).startswith("a.txt ")
        assert str(error).endswith(".")
    else:
        assert "\x00" not in text
        text.encode("utf-8")


def test_gold_offsets_of_the_samples_hold(data_folder: Path) -> None:
    questions = data_folder.parent / "seeds_questions.dev.jsonl"
    if not questions.is_file():
        pytest.skip(f"{questions} is absent")
    texts = {item.id: item.text for item in read_all(SEEDS)[0]}
    checked = 0
    for line in questions.read_text("utf-8").splitlines():
        for answer in json.loads(line)["answers"]:
            text = texts[answer["article"]]
            assert text[answer["start"] : answer["end"]] == answer["text"]
            checked += 1
    assert checked > 10


@pytest.fixture
def data_folder() -> Path:
    default = Path(__file__).parent.parent.parent / "shared" / "data"
    folder = Path(os.environ.get("DATELINE_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"the evaluation data is not at {folder} (set DATELINE_DATA)")
    return folder


def test_the_samples_have_the_titles_and_sources_a_reader_would_name() -> None:
    articles, skipped = read_all(SEEDS)
    assert skipped == []
    found = [(article.title, article.source, article.language) for article in articles]
    assert found == [
        ("Russia denies secret deals with Georgia on breakaway regions", "RIA Novosti", "en"),
        (
            "Vladimir Putin reassured today visiting Azerbaijani President Ilham Aliyev that "
            "Russia has no plans…",
            "",
            "en",
        ),
        ("Russia Signs Treaty To Defend Georgia Separatists", "Reuters", "en"),
        ("FM Lavrov says 'Russia-NATO relations are not frozen'", "RIA Novosti", "en"),
        ("Russia, Caucasus allies to form ‘security outline’ to counter NATO", "", "en"),
    ]
    assert [bool(article.notes) for article in articles] == [False, True, False, False, False]


def test_a_title_from_the_first_sentence_is_said_to_be_one() -> None:
    article = read_file(SEEDS / "001_1a08f2b72ccb650a.txt")
    assert article.notes == (
        "The title was taken from the first sentence: the text has no headline.",
    )


def test_language_is_told_and_left_open_for_very_short_texts(tmp_path: Path) -> None:
    for language, text in {
        "de": "Der Bundestag hat am Donnerstag ein neues Gesetz zum Schutz des Klimas beschlossen.",
        "ru": "Банк России сохранил ключевую ставку на прежнем уровне, сообщил регулятор сегодня.",
        "": "Hello.",
    }.items():
        file = tmp_path / "a.txt"
        file.write_text(text, "utf-8")
        assert read_file(file).language == language


# --- folders ----------------------------------------------------------------------------------


def test_a_folder_is_read_whole_sorted_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/deep/c.txt", ".hidden.txt", ".git/d.txt"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(STORY + name)
    articles, skipped = read_all(tmp_path)
    assert [article.id for article in articles] == ["a.md", "b.txt", "sub/deep/c.txt"]
    assert skipped == []


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    articles, _ = read_all(tmp_path / "a.txt", tmp_path, tmp_path)
    assert [article.id for article in articles] == ["a.txt"]


def test_one_file_has_one_location_however_its_path_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("clip", "news"):
        (tmp_path / name).mkdir()
    file = tmp_path / "clip" / "a.txt"
    file.write_text(STORY)
    monkeypatch.chdir(tmp_path / "news")
    for path in (Path("../clip/a.txt"), Path("../clip"), tmp_path / "news/../clip/./a.txt"):
        assert read_all(path)[0][0].location == str(file)


def test_a_location_keeps_links_and_is_right_behind_them(tmp_path: Path) -> None:
    for name in ("here", "there/deep"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "here" / "link").symlink_to(tmp_path / "there" / "deep")
    for name in ("here/a.txt", "there/a.txt", "there/deep/a.txt"):
        (tmp_path / name).write_text(STORY + name)
    behind = read_file(tmp_path / "here/link/../a.txt")
    assert behind.text.endswith("there/a.txt")
    assert behind.location == str(tmp_path / "there/a.txt")
    linked = tmp_path / "here/link/a.txt"
    assert read_file(linked).location == str(linked)
    assert read_file(tmp_path / "there/../here/link/a.txt").location == str(linked)


def test_an_unknown_format_fails_when_named_and_is_passed_over_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    articles, skipped = read_all(tmp_path)
    assert len(articles) == 1
    assert [item.failed for item in skipped] == [False]
    assert "not files ending in .png" in only_failure(tmp_path / "picture.png")


def test_the_questions_beside_a_corpus_are_not_articles(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "text": "A text."}\n')
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "A question?"}\n')
    articles, skipped = read_all(tmp_path)
    assert [article.id for article in articles] == ["d1"]
    assert [item.failed for item in skipped] == [False]


def test_articles_are_counted_before_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "corpus.jsonl").write_text('{"_id": 1}\n{"_id": 2}\n{"_id": 3}')
    (tmp_path / "picture.png").write_bytes(b"")
    assert count_articles([tmp_path]) == 4
    assert count_articles([tmp_path / "absent.jsonl", tmp_path / "corpus.jsonl"]) == 3
