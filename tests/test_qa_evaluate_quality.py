"""On data of the field, with the real encoder, the figures are those of the field."""

import os
from pathlib import Path

import pytest

from index.settings import Settings
from qa.evaluate.runner import EvaluationOptions, run_evaluation
from qa.evaluate.runs import export_run

ROOT = Path(__file__).parent.parent
DATA = Path(os.environ.get("DATELINE_DATA", ROOT.parent / "shared" / "data"))

pytestmark = [pytest.mark.model, pytest.mark.slow]


def rank(name: str, system: str):
    """A ranking run on one of the data sets; without the data the test is skipped."""
    if not (DATA / name).exists():
        pytest.skip(f"{DATA / name} is not there; set DATELINE_DATA to a folder that has {name}")
    options = EvaluationOptions(
        DATA / name, systems=(system,), ranking_only=True, settings=Settings()
    )
    return run_evaluation(options)[0]


@pytest.mark.skipif(
    "DATELINE_DATA" not in os.environ,
    reason="encodes 5,183 documents, which takes minutes; set DATELINE_DATA to run it",
)
def test_dense_retrieval_on_scifact_is_the_published_figure():
    assert rank("scifact", "dense").metrics["nDCG@10"] == pytest.approx(0.645, abs=0.003)


def test_graded_figures_agree_with_pytrec_eval_on_the_exported_run(tmp_path):
    import ir_measures

    run = rank("noveleval", "hybrid")
    export_run(run, tmp_path / "out.run")
    qrels = {result.case.id: dict(result.case.relevant) for result in run.results}
    read = list(ir_measures.read_trec_run(str(tmp_path / "out.run")))
    names = ["nDCG@10", "RR@10", "R@100", "AP", "P@10", "Success@1", "Judged@10"]
    theirs = ir_measures.calc_aggregate(
        [ir_measures.parse_measure(name) for name in names], qrels, read
    )
    assert {str(name): value for name, value in theirs.items()} == pytest.approx(
        {name: run.metrics[name] for name in names}, abs=5e-5
    )
