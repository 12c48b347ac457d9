"""A worker process: takes parts from its input, fits them, and gives the fits back, until nothing more can come."""

from __future__ import annotations

import os
import pickle
import sys
import warnings


def main() -> None:
    """Work until the input ends. Whatever a library prints goes to the error stream, never between the answers."""
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        settings, step = pickle.load(sys.stdin.buffer)
        while True:
            readings = pickle.load(sys.stdin.buffer)
            pickle.dump(step(settings, readings), answers, protocol=5)
            answers.flush()
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        os._exit(0)  # whoever leads has gone, in the middle of a part it may be: nobody waits for an answer


if __name__ == "__main__":
    main()
