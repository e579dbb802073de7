#!/usr/bin/env python3
"""Goal: a clock that is 400 days off, forward or back, takes nothing away and puts nothing wrong into the evidence of running programs.

Method: real processes on the machine's own clock. The store keeps the time it last saw in the file `clock` (docs/format/evidence.md); with that set 400
days ahead the machine's clock has gone back by as much since, with it set 400 days behind the clock has jumped forward. (A false clock under the
programs, as libfaketime makes it, does not go together with AddressSanitizer.)
"""
import hashlib
import json
import os
import subprocess
import sys
import time

from harness import BIN, World, wait_until

DAY = 24 * 3600 * 1_000_000
FAR = 400 * DAY
LUY = os.path.join(BIN, "luy")


def clock_of(folder):
    with open(os.path.join(folder, "clock"), encoding="ascii") as file:
        name, version, seen, left = file.read().split()
    assert (name, version) == ("luy-clock", "2"), (name, version)
    return int(seen), int(left)


def set_clock(folder, seen, left):
    with open(os.path.join(folder, "clock"), "w", encoding="ascii") as file:
        file.write(f"luy-clock 2\n{seen}\n{left}\n")


def days_in(folder):
    """Of each closed day its bytes' digest; of the open one that it is there."""
    out = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".sqlite"):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                out[name] = hashlib.sha256(file.read()).hexdigest() if os.path.exists(path + ".sha256") else "open"
    return out


def luy(*arguments):
    return subprocess.run([LUY, *arguments], capture_output=True, text=True)


def size_of(data):
    done = luy("evidence", "verify", "--data", data, "--json")
    report = json.loads(done.stdout)
    assert report["ok"], done.stdout
    return report["records"]


def on_a_laptop(folder):
    """Without a hub: the command line writes."""
    data, source = os.path.join(folder, "laptop"), os.path.join(folder, "app.log")
    ingest = ("evidence", "ingest", "--data", data, "--source", "a/b/c/app", source)
    with open(source, "w", encoding="ascii") as file:
        file.writelines(f"line {i}\n" for i in range(500))
    done = luy(*ingest)
    assert done.returncode == 0, done.stderr
    evidence = os.path.join(data, "evidence") if os.path.isdir(os.path.join(data, "evidence")) else data
    records, days = size_of(data), days_in(evidence)
    seen, left = clock_of(evidence)
    for far in (FAR, -FAR):
        with open(source, "a", encoding="ascii") as file:
            file.write(f"line of a clock {far} off\n")
        set_clock(evidence, seen + far, left)
        done = luy(*ingest)
        assert done.returncode != 0 and "NTP" in done.stderr, (done.returncode, done.stderr)
        assert size_of(data) == records and days_in(evidence) == days, "nothing was stored or deleted"
    set_clock(evidence, seen, left)
    done = luy(*ingest)
    assert done.returncode == 0, done.stderr
    assert size_of(data) > records
    # A person who says that the clock is right is believed, once; deletion waits for a month all the same.
    set_clock(evidence, clock_of(evidence)[0] - FAR, 0)
    assert luy("evidence", "accept-clock", "--data", data).returncode == 0
    seen, left = clock_of(evidence)
    assert abs(seen / 1e6 - time.time()) < 3600 and left > 29 * DAY, (seen, left)
    assert set(days_in(evidence)) == set(days)


def with_a_hub():
    with World() as world:
        secrets, _, agent = world.start_enrolled()
        logs = os.path.join(world.folder, "logs")
        os.mkdir(logs)
        log = os.path.join(logs, "app.log")
        with open(log, "w", encoding="ascii") as file:
            file.writelines(f"Nov 22 10:00:01 maychu app[7]: clock-line {i}\n" for i in range(50))
        agent.start("--no-integrity", "--no-journal", "--logs", logs)
        api = world.hub.signed_in("quantri", secrets["password"])

        def lines():
            return len(api.get("/api/v1/events", q="clock-line", limit=1000)["events"])

        wait_until(lambda: lines() == 50, 180, "the first lines")
        evidence = os.path.join(world.hub.data, "evidence")
        for far in (FAR, -FAR):
            world.hub.process.stop(180)
            days = days_in(evidence)
            seen, left = clock_of(evidence)
            before = lines_on_disk(evidence)
            set_clock(evidence, seen + far, left)
            with open(log, "a", encoding="ascii") as file:
                file.writelines(f"Nov 22 10:00:01 maychu app[7]: clock-line {far} {i}\n" for i in range(50))
            # It may refuse to start, or start and refuse what comes; it must not store, close or delete.
            try:
                world.hub.start(seconds=500)
            except AssertionError as refused:
                assert "the hub ended" in str(refused) and "clock" in str(refused), refused
            else:
                wait_until(lambda: "clock" in open(world.hub.log, encoding="utf-8", errors="replace").read(), 60, "a word about the clock")
                world.hub.process.stop(180)
            assert set(days_in(evidence)) == set(days), "no day is gone, none is new"
            assert lines_on_disk(evidence) == before, "nothing was stored"
            set_clock(evidence, seen, left)
            world.hub.start(seconds=500)
            api = world.hub.signed_in("quantri", secrets["password"])
            wanted = 100 if far > 0 else 150
            wait_until(lambda wanted=wanted: lines() == wanted, 180, "what the agent had kept")


def lines_on_disk(evidence):
    done = luy("evidence", "search", "clock-line", "--data", evidence, "--limit", "10000")
    return done.stdout.count("clock-line")


def main():
    with World() as world:
        on_a_laptop(world.folder)
    if "--laptop" not in sys.argv:
        with_a_hub()
    print("a clock 400 days off, forward and back: nothing stored, closed or deleted; all of it there afterwards")


if __name__ == "__main__":
    main()
