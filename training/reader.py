"""The whole recipe in one command: ``python -m training.reader --data DIR``.

Several runs on new examples each, every one from the one before; the weights of the last few are
averaged, and the mean so far is where the next begins. Then the mean is exported and fitted. A step
whose result is there is not done again, so what was stopped goes on where it was (``--fresh``
starts over). Needs the Debian package ``wordnet-base`` for the corruption of questions. On two
cores 70,000 sequences take about 70 minutes, and to ask the teacher about them 20.
"""

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from qa.reader.network import (
    MODEL_PATH,
)
from training.average import average_checkpoints
from training.cross_encoder import START_NAME, make_start
from training.export import export_reader
from training.fit import fit_reader
from training.prepare import prepare_examples
from training.train import add_training_options, train

AVERAGE_NAME = "average.pt"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every step that is not done yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, default=MODEL_PATH)
    parser.add_argument("--runs", type=int, default=5, help="--minutes and --steps are for each")
    parser.add_argument("--averaged", type=int, default=3, help="how many of the last runs")
    parser.add_argument("--epochs", type=int, default=2, help="of examples prepared for each run")
    parser.add_argument("--fresh", action="store_true", help="forget what is done already")
    add_training_options(parser)
    options = parser.parse_args(arguments)
    if not 1 <= options.averaged <= options.runs:
        parser.error(f"--averaged is 1 to --runs, {options.runs}, not {options.averaged}.")
    if options.fresh:
        shutil.rmtree(options.work, ignore_errors=True)
    last = find_folder(options, options.runs)
    start = options.weights = options.weights or options.work / START_NAME
    if not start.is_file():
        make_start(start)
    export_reader(train_runs(options), start, last / options.examples, options.out)
    fit_reader(last, options.out)


def train_runs(options: argparse.Namespace) -> Path:
    """The checkpoint of the mean of the last runs, after all of them."""
    average = Path(options.work) / AVERAGE_NAME
    checkpoints: list[Path] = []
    start = options.start
    for number in range(1, options.runs + 1):
        folder = find_folder(options, number)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / options.examples).is_file():
            prepare_examples(options.data, folder, options.epochs, (number - 1) * options.epochs)
        run = argparse.Namespace(**{**vars(options), "work": folder, "start": start})
        checkpoints.append(train(run))
        start = checkpoints[-1]
        if number > options.runs - options.averaged:
            average_checkpoints(checkpoints[options.runs - options.averaged :], average)
            start = average
    return average


def find_folder(options: argparse.Namespace, number: int) -> Path:
    """Where a run, counted from 1, keeps its examples, log and checkpoint."""
    return Path(options.work) / f"run{number}"


if __name__ == "__main__":
    main()
