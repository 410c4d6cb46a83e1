"""The whole recipe in one command: ``python -m training.reader --data DIR``.

Prepares the examples, trains, exports and fits; a step whose result is there is not done again, so
a run that was stopped goes on where it was (``--fresh`` starts over). Needs the Debian package
``wordnet-base`` for the corruption of questions. On two quiet cores an epoch of 90,000 sequences
takes about 40 minutes.
"""

import argparse
import shutil
from pathlib import Path

from qa.reader import MODEL_PATH
from training.export import export_reader
from training.fit import fit_reader
from training.prepare import prepare_examples
from training.train import add_training_options, train


def main() -> None:
    """Run every step that is not done yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, default=MODEL_PATH)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="forget what is done already")
    add_training_options(parser)
    options = parser.parse_args()
    if options.fresh:
        shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True, exist_ok=True)
    if not (options.work / options.examples).is_file():
        prepare_examples(options.data, options.work, options.epochs)
    checkpoint = train(options)
    export_reader(checkpoint, options.out)
    fit_reader(options.work, options.out)


if __name__ == "__main__":
    main()
