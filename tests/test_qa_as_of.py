"""Questions that restrict the articles, and when passages may be left unread."""

from pathlib import Path
from typing import Any

import pytest

from index import Article, Library
from index.settings import Settings
from qa.assistant import Assistant
from qa.followups import PastTurn


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder: Path = tmp_path_factory.mktemp("as-of") / "library"
    settings = Settings(library=folder, encoder="test", min_confidence=0)
    library = Library.open(folder, create=True, settings=settings)
    library.add(
        [Article("a.txt", "", "Anton Marlow was elected to lead Veldia, beating Ines Holt.")]
    )
    return Assistant(library, settings=settings)


@pytest.mark.parametrize(
    ("question", "options", "sure"),
    [
        ("Who led Veldia?", {}, 0),
        ("Who led Veldia?", {"min_confidence": 0.8}, 0.8),
        ("And who else?", {"after": [PastTurn("Who led Veldia?", answered=("Marlow",))]}, 1.0),
    ],
)
def test_where_some_answers_will_not_do_no_answer_is_sure_enough_to_stop(
    assistant: Assistant, question: str, options: dict[str, Any], sure: float
) -> None:
    assert assistant.find(question, **options).sure == sure
