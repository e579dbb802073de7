#!/usr/bin/env python3
"""Goal: the units are sound and stay as closed as we promise: the hub at most 1.5, the agent at most 2.5, the worker that
reads foreign files at most 0.5 (docs/security/threats.md).

Method: `systemd-analyze verify` and `security --offline` on the files themselves; nothing is installed or started.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
UNITS = os.path.join(ROOT, "packaging", "systemd")
EXPOSURE_MAX = {"luy-hub.service": 1.5, "luy-agent.service": 2.5, "luy-signature-worker@.service": 0.5,
                # The kernel gives permission events to CAP_SYS_ADMIN alone, and every mount has to be seen (ADR 0228).
                "luy-agent-gate.service": 4.5,
                # A package's files and scripts are put in place as root anywhere under /usr, /etc and /var (ADR 0249).
                "luy-agent-update.service": 3.0}


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C.UTF-8", "SYSTEMD_PAGER": ""})


def exposure(path):
    said = run("systemd-analyze", "security", "--offline=true", "--no-pager", path)
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said.stdout)
    assert found, said.stdout[-500:] + said.stderr
    return float(found.group(1)), said.stdout


def main():
    if not shutil.which("systemd-analyze"):
        print("skipped: systemd-analyze is not installed")
        return 77
    assert sorted(EXPOSURE_MAX) == sorted(name for name in os.listdir(UNITS) if name.endswith(".service")), os.listdir(UNITS)
    for name, most in EXPOSURE_MAX.items():
        level, table = exposure(os.path.join(UNITS, name))
        assert level <= most, f"{name}: {level} > {most}\n{table}"
        print(f"{name}: {level} (at most {most})")
    # What an unprotected service gets, so that the measure is known to measure.
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "plain.service")
        with open(plain, "w", encoding="ascii") as file:
            file.write("[Service]\nExecStart=/bin/true\n")
        assert exposure(plain)[0] > 9
        # Verified where the programs are: an unknown key or value is a line of its own.
        for name in EXPOSURE_MAX:
            with open(os.path.join(UNITS, name), encoding="utf-8") as file:
                text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", file.read(), flags=re.M)
            copy = os.path.join(folder, name)
            with open(copy, "w", encoding="utf-8") as file:
                file.write(text)
            said = run("systemd-analyze", "verify", "--man=no", copy)
            wrong = [line for line in said.stderr.splitlines() if name in line and ("Unknown" in line or "Failed to parse" in line or "Invalid" in line)]
            assert not wrong, wrong
    return 0


if __name__ == "__main__":
    sys.exit(main())
