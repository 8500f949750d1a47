"""`make proof`: run the long checks and keep a dated report of what ran, how long, and what failed."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "pytest", "-q", "-m", "proof", "-rA", "--durations=0"]


def main() -> int:
    """Run the tests marked `proof`, print them as they go, write bench/proof-DATE.md."""
    ran = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)
    sys.stdout.write(ran.stdout + ran.stderr)
    target = ROOT / "bench" / f"proof-{date.today().isoformat()}.md"
    target.write_text(report(ran.stdout, ran.returncode), encoding="utf-8")
    sys.stdout.write(f"\nReport: {target.relative_to(ROOT)}\n")
    return ran.returncode


def report(output: str, code: int) -> str:
    """The run as Markdown: the closing line, then every test with its verdict and seconds."""
    seconds = {name: spent for spent, name in re.findall(r"^([\d.]+)s call\s+(\S+)", output, re.M)}
    verdicts = re.findall(r"^(PASSED|FAILED|ERROR|SKIPPED) (tests/\S+)", output, re.M)
    closing = next((x for x in reversed(output.splitlines()) if " in " in x and "s" in x), "")
    head = [
        f"# Long checks, {date.today().isoformat()}",
        "",
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, "
        f"{platform.system()}. Exit code {code}: {closing.strip('= ')}",
        "",
        "| check | verdict | seconds |",
        "|---|---|---|",
    ]
    rows = [
        f"| {name} | {verdict.lower()} | {seconds.get(name, '')} |" for verdict, name in verdicts
    ]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    raise SystemExit(main())
