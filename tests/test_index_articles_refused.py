"""A file that cannot be read is one clear sentence, and does not keep out the others."""

import os
import stat
from pathlib import Path

import pytest
from reading import STORY, only_failure, read_all

from index import Article, SkippedFile
from index.articles.reading import count_articles, read_articles


def test_a_missing_path(tmp_path: Path) -> None:
    for name in ("absent.txt", "absent", "absent.png", "absent.jsonl", "absent.pdf"):
        reason = only_failure(tmp_path / name)
        assert reason.startswith(f"{tmp_path / name} does not exist")


def test_an_empty_file(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.jsonl"):
        (tmp_path / name).write_bytes(b" \n")
        assert "is empty" in only_failure(tmp_path / name)


def test_a_file_of_a_byte_order_mark_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbf\n")
    assert "has no text" in only_failure(tmp_path / "a.txt")


def test_a_directory_without_articles(tmp_path: Path) -> None:
    assert "holds no articles" in only_failure(tmp_path)
    (tmp_path / "picture.png").write_bytes(b"")
    _, skipped = read_all(tmp_path)
    assert [item.failed for item in skipped] == [False, True]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x01\x02\x03" * 100, "binary data"),
        (b"text with one \x00 in it", "binary data"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        (b"%PDF-1.4 and so on", "rename it to end in .pdf"),
        (b"PK\x03\x04 and so on", "a ZIP archive"),
        (bytes(range(1, 32)) * 20, "binary data"),
    ],
)
def test_a_binary_file_named_txt(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    assert said in only_failure(tmp_path / "a.txt")


def test_a_file_above_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "large.txt"
    with file.open("wb") as stream:
        stream.truncate(200_000_000)
    reason = only_failure(file)
    assert "200 MB, more than the 100 MB" in reason
    assert "DATELINE_MAX_FILE_MB" in reason


def test_a_file_that_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x" * 1_500_000)
    status = os.stat_result((stat.S_IFREG, 0, 0, 1, 0, 0, 10, 0, 0, 0))
    monkeypatch.setattr("index.articles.files.check_file", lambda path: status)
    assert "grew beyond 1 MB" in only_failure(file, max_file_mb=1)


def test_a_file_that_vanishes_while_its_folder_is_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(STORY + name)
    items = read_articles([tmp_path])
    first = next(items)
    (tmp_path / "b.txt").unlink()
    second, third = items
    assert isinstance(first, Article)
    assert isinstance(second, SkippedFile)
    assert isinstance(third, Article)
    assert second.failed
    assert "b.txt vanished" in second.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(STORY)
    file.chmod(0)
    assert "may not be read" in only_failure(file)


def test_a_file_that_the_system_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "b.txt").write_text(STORY)
    opened = Path.open

    def refuse(path: Path, *arguments: object, **options: object) -> object:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    articles, skipped = read_all(tmp_path)
    assert [article.id for article in articles] == ["b.txt"]
    assert "may not be read by you" in skipped[0].reason


def test_a_link_to_nowhere_and_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "link.txt").symlink_to(tmp_path / "absent")
    os.mkfifo(tmp_path / "pipe.txt")
    articles, skipped = read_all(tmp_path)
    assert articles == []
    assert "link to a file that does not exist" in skipped[0].reason
    assert "a pipe or a device" in skipped[1].reason


def test_links_that_lead_round_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "x.txt").symlink_to("y.txt")
    (tmp_path / "y.txt").symlink_to("x.txt")
    (tmp_path / "z.txt").write_text(STORY)
    assert count_articles([tmp_path, tmp_path / "x.txt"]) == 4
    for paths in ([tmp_path], [tmp_path / "x.txt", tmp_path / "y.txt", tmp_path / "z.txt"]):
        articles, skipped = read_all(*paths)
        assert [article.id for article in articles] == ["z.txt"]
        assert [item.location for item in skipped] == [
            str(tmp_path / n) for n in ("x.txt", "y.txt")
        ]
        assert all("a link that leads back to itself" in item.reason for item in skipped)


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".txt", "x" * 5000 + "/a.jsonl", "nul\x00.txt", "half\ud800.txt"]
)
def test_a_name_that_the_system_refuses(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    assert count_articles([tmp_path / name, tmp_path / "a.txt"]) >= 1
    articles, skipped = read_all(tmp_path / name, tmp_path / "a.txt")
    assert [article.id for article in articles] == ["a.txt"]
    assert "cannot be read: " in skipped[0].reason


def test_a_folder_that_may_not_be_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    for name in ("queries.jsonl", "a.txt"):
        (locked / name).write_text(STORY)
    (tmp_path / "open.txt").write_text(STORY)
    looked = Path.stat

    def refuse(path: Path, **options: bool) -> os.stat_result:
        if path.parent == locked:
            raise PermissionError(13, "Permission denied")
        return looked(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    for paths in ([tmp_path], [locked / "a.txt", locked / "queries.jsonl", tmp_path / "open.txt"]):
        articles, skipped = read_all(*paths)
        assert [article.id for article in articles] == ["open.txt"]
        assert [item.failed for item in skipped] == [True, True]
        assert all("may not be read by you" in item.reason for item in skipped)
    assert count_articles([locked / "a.txt"]) == 1


def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    (tmp_path / name).write_text(STORY)
    articles, _ = read_all(tmp_path)
    assert articles[0].id == "caf\ufffd.txt"
    articles[0].location.encode("utf-8")


def test_one_bad_file_does_not_keep_out_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.docx").write_text("not a zip")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01")
    (tmp_path / "good.txt").write_text(STORY)
    articles, skipped = read_all(tmp_path)
    assert [article.id for article in articles] == ["good.txt"]
    assert len(skipped) == 3
    assert all(item.failed and item.reason.endswith(".") for item in skipped)
