"""`python -m civic_budget.demo --phase voting --port 8000`: fill the demo city, then serve it."""

from __future__ import annotations

import argparse
import sys

from civic_budget.demo.instance import Instance, InstanceBusy
from civic_budget.demo.running import PortTaken, check_port, prepare, serve
from civic_budget.demo.story import PHASES
from civic_budget.editions.rules import Phase


def main(arguments: list[str] | None = None) -> int:
    """Run the demo until Ctrl-C; the exit code is 0 then, 2 when it can't start."""
    asked = _parser().parse_args(arguments)
    instance = Instance(Phase(asked.phase), port=asked.port)
    try:
        check_port(asked.port)
        with instance.held():
            prepare(instance)
            return 0 if asked.fill_only else serve(instance)
    except PortTaken:
        sys.stderr.write(
            f"Something else answers on port {asked.port}. Stop it, or choose another port: "
            f"make demo PORT={asked.port + 1}\n"
        )
    except InstanceBusy:
        sys.stderr.write(
            f"A demo of the phase '{asked.phase}' runs already. Stop it first, or choose another "
            f"phase: make demo PHASE={'results' if asked.phase != 'results' else 'voting'}\n"
        )
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped before the city was complete; the next start fills it anew.\n")
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m civic_budget.demo", description="Fill a demo city and serve it."
    )
    phases = [phase.value for phase in PHASES]
    parser.add_argument("--phase", choices=phases, default=Phase.VOTING.value)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fill-only", action="store_true", help="Fill the city, don't serve it.")
    return parser


if __name__ == "__main__":
    sys.exit(main())
