#!/usr/bin/env python3
"""Goal: whatever is killed with kill -9, hub or agent, every log line arrives exactly once.

Method: write numbered lines to a log the agent follows (rotating it now and then) while killing hub and agent by turns at random
moments; then let everything settle and count each line in the evidence. `--cycles N --seed S` for longer campaigns.
"""
import argparse
import collections
import os
import random
import re
import subprocess
import sys
import threading
import time

from harness import BIN, World, wait_until


class Writer(threading.Thread):
    """Writes numbered lines at a steady pace and rotates the log every two thousand of them, as logrotate's `dateext` does."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.path = os.path.join(folder, "app.log")
        self.written = 0
        self.halt = threading.Event()

    def run(self):
        file = open(self.path, "ab", buffering=0)
        while not self.halt.is_set():
            for _ in range(20):
                file.write(b"Nov 22 10:00:01 maychu app[7]: crash-line %d of a steady stream of work\n" % self.written)
                self.written += 1
            if self.written % 2000 == 0:
                os.rename(self.path, f"{self.path}-{self.written:08d}")
                file.close()
                file = open(self.path, "ab", buffering=0)
            time.sleep(0.02)
        file.close()


def lines_in_evidence(api):
    """How often each numbered line is stored; pages newest first."""
    found = collections.Counter()
    before = None
    while True:
        query = {"q": "crash-line", "limit": 1000}
        if before is not None:
            query["before"] = before
        page = api.get("/api/v1/events", **query)
        for event in page["events"]:
            found[int(re.search(r"crash-line (\d+)", event["raw"]).group(1))] += 1
        before = page["next"]
        if before is None:
            return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cycles", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)

    with World() as world:
        secrets, _, agent = world.start_enrolled()
        logs = os.path.join(world.folder, "logs")
        os.mkdir(logs)
        agent.start("--logs", logs)
        api = world.hub.signed_in(secrets["username"], secrets["password"])
        writer = Writer(logs)
        writer.start()
        kills = collections.Counter()
        for _ in range(options.cycles):
            time.sleep(dice.uniform(0.2, 1.2))
            if dice.random() < 0.5:
                world.hub.process.kill9()
                kills["hub"] += 1
                world.hub.start()
            else:
                agent.process.kill9()
                kills["agent"] += 1
                if kills["agent"] % 4 == 1:
                    time.sleep(5)  # Long enough for the log to be rotated twice meanwhile.
                agent.start("--logs", logs)
        writer.halt.set()
        writer.join()
        total = writer.written

        def last_line_arrived():
            found = api.get("/api/v1/events", q=f'"crash-line {total - 1} of"', limit=1)["events"]
            return bool(found)

        wait_until(last_line_arrived, 120, "the last line")
        found = lines_in_evidence(api)
        lost = [n for n in range(total) if found[n] == 0]
        doubled = [n for n in range(total) if found[n] > 1]
        print(f"{options.cycles} kills ({dict(kills)}), {total} lines, {len(lost)} lost, {len(doubled)} doubled")
        if lost or doubled:
            print("lost:", lost[:20], "doubled:", doubled[:20])
            return 1
        world.hub.process.stop()
        agent.process.stop()
        verify = subprocess.run([os.path.join(BIN, "luy"), "evidence", "verify", os.path.join(world.hub.data, "evidence")], capture_output=True, text=True)
        print(verify.stdout[-500:], verify.stderr[-500:])
        return verify.returncode


sys.exit(main())
