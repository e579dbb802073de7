#!/usr/bin/env python3
"""Events per second of CPU time of the peer rsigma over recorded events, where it is installed (`cargo install rsigma`).

    rsigma_rate.py SHARED_SIGMA LANE      SHARED_SIGMA has rules.tgz and lane_LANE.ndjson.gz

The lane is run once and eleven times over, with logsource routing as our engine does it; the difference of the CPU times leaves
out the loading of the rules. Prints one number; fails with a word where rsigma is missing.
"""
import gzip
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile

TIMES = 11


def cpu_of(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    program = shutil.which(os.environ.get("LUY_RSIGMA", "rsigma"))
    if program is None:
        sys.exit("rsigma is not installed")
    shared, lane = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(os.path.join(shared, "rules.tgz")) as package:
            package.extractall(os.path.join(folder, "rules"))
        with gzip.open(os.path.join(shared, f"lane_{lane}.ndjson.gz"), "rb") as file:
            events = file.read()
        spent = []
        for times in (1, TIMES):
            path = os.path.join(folder, f"{times}.ndjson")
            with open(path, "wb") as file:
                file.write(events * times)
            spent.append(cpu_of([program, "engine", "eval", "--quiet", "--logsource-routing", "--rules", os.path.join(folder, "rules"), "-e", "@" + path]))
    print(events.count(b"\n") * (TIMES - 1) / (spent[1] - spent[0]))


if __name__ == "__main__":
    main()
