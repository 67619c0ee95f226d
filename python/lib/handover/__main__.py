"""The command ``handover``: ``python -m handover``, or as it is installed."""

from __future__ import annotations

import sys

from handover import _handover


def main() -> int:
    """Do what the arguments of the process say.

    Returns
    -------
    int
        The exit code: 0 fine, 2 the input is wrong, 70 a bug, 74 the disk is full, 75 a partial result, 130 Ctrl-C.
    """
    return _handover.main(["handover", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
