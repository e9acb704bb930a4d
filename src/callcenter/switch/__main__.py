"""``python -m callcenter.switch --seed N --hours H --faults all``: simulated hours in bad weather, then rest.

Prints the seed and the hash of the trace; one that fails prints the line that repeats it, and returns 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from callcenter.switch.auditor import AuditFailure
from callcenter.switch.hours import FAULTS, HoursRun


def main(words: Sequence[str]) -> int:
    """Run the hours of one seed or of several."""
    parser = argparse.ArgumentParser(prog="python -m callcenter.switch", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds")
    parser.add_argument("--hours", type=int, default=1, help="simulated hours of each seed")
    parser.add_argument("--faults", default="all", help=f"all, none, or some of {','.join(FAULTS)}")
    given = parser.parse_args(words)
    faults = FAULTS if given.faults == "all" else tuple(each for each in given.faults.split(",") if each != "none")
    unknown = sorted(set(faults) - set(FAULTS))
    if unknown:
        parser.error(f"unknown faults: {', '.join(unknown)}")
    for seed in range(given.seed, given.seed + given.seeds):
        run = HoursRun(seed, given.hours, faults)
        try:
            run.run()
        except AuditFailure as failure:
            sys.stdout.write(f"seed {seed}: {failure}\n")
            return 1
        weather = " ".join(f"{kind} {count}" for kind, count in sorted(run.count.items()))
        line = f"seed {seed} · {given.hours} h · {run.auditor.number} steps · {weather or 'fair'} · sha256 {run.digest}"
        sys.stdout.write(line + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
