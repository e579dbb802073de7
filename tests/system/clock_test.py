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

from harness import BIN, World, wait_until

DAY = 24 * 3600 * 1_000_000
FAR = 400 * DAY
LUY = os.path.join(BIN, "luy")
PATIENT = 500  # Seconds at most for what usually takes one or two: arming the rules alone takes a minute on a busy machine.
NOT_BELIEVED = "evidence.clock_not_believed"


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
    before = clock_of(evidence)[0] - FAR
    set_clock(evidence, before, 0)
    assert luy("evidence", "accept-clock", "--data", data).returncode == 0
    seen, left = clock_of(evidence)
    assert seen - before > FAR // 2 and left > 29 * DAY, (seen, left)
    assert set(days) <= set(days_in(evidence))


def said_since(log, offset):
    with open(log, "rb") as file:
        file.seek(offset)
        return file.read().decode("utf-8", "replace")


def trouble_of(agent):
    """Why the agent's newest batch was not taken, in the hub's words; empty when it was."""
    try:
        with open(os.path.join(agent.data, "status.json"), encoding="utf-8") as file:
            return json.load(file)["trouble"]
    except FileNotFoundError:
        return ""


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

        wait_until(lambda: lines() == 50, PATIENT, "the first lines")
        evidence = os.path.join(world.hub.data, "evidence")
        for far in (FAR, -FAR):
            world.hub.process.stop(PATIENT)
            days, records = days_in(evidence), size_of(evidence)
            seen, left = clock_of(evidence)
            set_clock(evidence, seen + far, left)
            with open(log, "a", encoding="ascii") as file:
                file.writelines(f"Nov 22 10:00:01 maychu app[7]: clock-line {far} {i}\n" for i in range(50))
            said_before = os.path.getsize(world.hub.log)
            world.hub.start(seconds=PATIENT)
            wait_until(lambda said_before=said_before: NOT_BELIEVED in said_since(world.hub.log, said_before), PATIENT, "a word about the clock")
            # What the agent brings meanwhile is refused, so that there was something to store.
            wait_until(lambda: "NTP" in trouble_of(agent), PATIENT, "the agent to be refused")
            world.hub.process.stop(PATIENT)
            assert days_in(evidence) == days, "no day is gone, none is new, none was closed"
            assert size_of(evidence) == records, "nothing was stored"
            set_clock(evidence, seen, left)
            world.hub.start(seconds=PATIENT)
            api = world.hub.signed_in("quantri", secrets["password"])
            wanted = 100 if far > 0 else 150
            wait_until(lambda wanted=wanted: lines() == wanted, PATIENT, "what the agent had kept")
            wait_until(lambda: "NTP" not in trouble_of(agent), PATIENT, "the agent to be at ease again")


def main():
    with World() as world:
        on_a_laptop(world.folder)
    with_a_hub()
    print("a clock 400 days off, forward and back: nothing stored, closed or deleted; all of it there afterwards")


if __name__ == "__main__":
    main()
