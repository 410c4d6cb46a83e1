"""What the form of the Evaluate tab asks for → the options of an evaluation."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from index.errors import DatasetError
from index.extensions import list_systems, name_systems
from index.storage.private import make_private_folder
from qa.chat.evaluation.saved import find_folder
from qa.chat.libraries import OpenLibrary
from qa.chat.uploads import Uploads
from qa.evaluate.data.cases import CASES_NAME
from qa.evaluate.runner import EvaluationOptions
from qa.output.records import ShapeError, check_shape
from qa.uploads import clean_name

DATA_SUFFIXES = (".jsonl", ".json")
LARGEST = 10**9


@dataclass(frozen=True, slots=True)
class DataRequest:
    """What is to be evaluated on: the library's ``cases``, an ``upload`` or a ``path``."""

    kind: Literal["cases", "upload", "path"] = "cases"
    reviewed: bool = False
    location: str = ""
    token: str = ""

    @classmethod
    def parse(cls, value: object) -> "DataRequest":
        """The request that the page sent.

        Raises:
            DatasetError: it is something else.
        """
        try:
            return check_shape(cls, value or {})
        except ShapeError as error:
            raise DatasetError(f"The form cannot be used, since {error}; load it anew.") from error


def make_options(
    opened: OpenLibrary, payload: dict[str, Any], uploads: Uploads, *, may_name_paths: bool
) -> EvaluationOptions:
    """The options that a form asks for; what has no articles of its own is asked of the library.

    Raises:
        DatasetError: a field cannot be used, or paths may not be named.
    """
    request = DataRequest.parse(payload.get("data"))
    settings = replace(opened.assistant.settings, library=opened.path)
    return EvaluationOptions(
        data=find_data(opened.path, request, uploads, may_name_paths=may_name_paths),
        systems=read_systems(payload.get("systems")) or (settings.system,),
        limit=read_number("limit", payload.get("limit"), 1),
        seed=read_number("seed", payload.get("seed"), 0),
        ranking_only=payload.get("ranking_only") is True,
        reviewed_only=request.kind == "cases" and request.reviewed,
        settings=settings,
    )


def find_data(
    library: Path, request: DataRequest, uploads: Uploads, *, may_name_paths: bool
) -> Path:
    """The file or folder of a request.

    Raises:
        DatasetError: there is none, or paths may not be named.
    """
    if request.kind == "cases":
        if not (library / CASES_NAME).is_file():
            raise DatasetError(
                "This library has no cases yet; ask something and judge the answer, or choose "
                "another data set."
            )
        return library / CASES_NAME
    if request.kind == "upload":
        return keep_upload(library, request.token, uploads)
    if not may_name_paths:
        raise DatasetError(
            "Paths may be named only where Dateline serves its own machine alone; upload a file."
        )
    if not request.location.strip():
        raise DatasetError("No path is given; type that of a file or folder of evaluation data.")
    return Path(request.location.strip()).expanduser()


def keep_upload(library: Path, token: str, uploads: Uploads) -> Path:
    """An uploaded file of evaluation data, moved beside the runs under its content's digest.

    Raises:
        DatasetError: it did not arrive, or is of another kind.
    """
    uploaded = uploads.take(token)
    if uploaded is None:
        raise DatasetError("The file did not arrive; choose it again.")
    try:
        suffix = uploaded.path.suffix.lower()
        if suffix not in DATA_SUFFIXES:
            raise DatasetError(
                f"{uploaded.name} is no evaluation data; choose questions.jsonl or SQuAD .json."
            )
        data = uploaded.path.read_bytes()
        stem = Path(clean_name(uploaded.name)).stem[:60]
        runs = find_folder(library)
        make_private_folder(runs)
        folder = runs / "data" / hashlib.sha256(data).hexdigest()[:12]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{stem}{suffix}").write_bytes(data)
        return folder / f"{stem}{suffix}"
    except OSError as error:
        raise DatasetError(f"{uploaded.name} cannot be kept: {error.strerror}.") from error
    finally:
        uploaded.path.unlink(missing_ok=True)


def read_systems(value: object) -> tuple[str, ...]:
    """The systems that were chosen, each once.

    Raises:
        DatasetError: one that there is not.
    """
    chosen = tuple(dict.fromkeys(str(item) for item in (value if isinstance(value, list) else ())))
    unknown = [item for item in chosen if item not in list_systems()]
    if unknown:
        raise DatasetError(f"There is no system {unknown[0][:40]!r}; choose {name_systems()}.")
    return chosen


def read_number(name: str, value: object, low: int) -> int | None:
    """A whole number of a field, ``None`` when it is empty.

    Raises:
        DatasetError: it is something else, or too small or large.
    """
    text = str(value if value is not None else "").strip()
    if not text:
        return None
    number = int(text) if text.isdecimal() and len(text) < 12 else -1
    if not low <= number <= LARGEST:
        raise DatasetError(f"The {name} is {text[:20]!r}; give a whole number from {low} on.")
    return number
