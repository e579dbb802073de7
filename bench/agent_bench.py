#!/usr/bin/env python3
"""What the agent costs on a machine: memory and processor time over a while of quiet work, and lines read per second of them.

    agent_bench.py FOLDER CORPUS SECONDS      the release programs: a hub and an agent on loopback, one log line a second for SECONDS
                                              (at least 60), then CORPUS, which is written here, is appended to a log file at once
    agent_bench.py --rsyslog FOLDER CORPUS    the same corpus through rsyslog's imfile into a file; fails where it is not installed

Prints "name value unit" lines. Processor time is user and system time of the process and of the children it waited for.
"""
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.path.join(ROOT, "build", "release", "bin")
LINES = 200_000
TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / TICK  # utime, stime and the same of waited-for children: proc(5).


def memory_mib(pid, name):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(rf"^{name}:\s+(\d+) kB", file.read(), re.M).group(1)) / 1024


def write_corpus(path):
    chance = random.Random(2026)
    with open(path, "w", encoding="ascii") as file:
        for i in range(LINES):
            address = ".".join(str(chance.randrange(1, 255)) for _ in range(4))
            file.write(f"Nov 22 10:{i // 60 % 60:02}:{i % 60:02} maychu sshd[{chance.randrange(300, 60000)}]: Failed password for invalid user "
                       f"nv{chance.randrange(10000)} from {address} port {chance.randrange(1024, 65536)} ssh2\n")


def wait_for(what, seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.2)
    raise SystemExit(f"{what}: not within {seconds} s")


class Pair:
    """A hub and an agent on free ports."""

    def __init__(self, folder):
        self.folder, self.processes = folder, []
        hub, agent, logs = (os.path.join(folder, name) for name in ("hub", "agent", "logs"))
        for name in (hub, agent, logs):
            shutil.rmtree(name, ignore_errors=True)
        os.makedirs(logs)
        secrets = json.loads(self.call("luy-hub", "setup", "--data", hub, "--agency-code", "UBND", "--agency-name", "UBND",
                                       "--admin-username", "quantri", "--json"))
        self.hub = self.start("luy-hub", "serve", "--data", hub, "--port", "0", "--agent-port", "0", "--admin-port", "0",
                              "--pack", os.path.join(ROOT, "regulation", "4448-2017"), "--openapi", os.path.join(ROOT, "api", "openapi.yaml"))
        ready = os.path.join(hub, "run", "hub.json")
        wait_for("the hub", 30, lambda: os.path.exists(ready))
        with open(ready, encoding="utf-8") as file:
            self.info = json.load(file)
        self.call("luy-agent", "enrol", "--hub", f"https://127.0.0.1:{self.info['port']}", "--token", secrets["token"],
                  "--fingerprint", self.info["fingerprint"], "--data", agent)
        self.log = os.path.join(logs, "auth.log")
        open(self.log, "w", encoding="ascii").close()
        self.agent = self.start("luy-agent", "run", "--data", agent, "--logs", logs, "--no-journal")

    @staticmethod
    def call(program, *arguments):
        return subprocess.run([os.path.join(BIN, program), *arguments], check=True, capture_output=True, text=True).stdout

    def start(self, program, *arguments):
        with open(os.path.join(self.folder, program + ".err"), "w", encoding="utf-8") as errors:
            process = subprocess.Popen([os.path.join(BIN, program), *arguments], stdout=subprocess.DEVNULL, stderr=errors)
        self.processes.append(process)
        return process.pid

    def stored(self):
        with urllib.request.urlopen(self.info["admin_url"] + "/metrics", timeout=10) as answer:
            return int(float(re.search(r"^luy_evidence_size (\S+)", answer.read().decode(), re.M).group(1)))

    def append(self, text):
        with open(self.log, "a", encoding="ascii") as file:
            file.write(text)

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=30)


def ours(folder, corpus, seconds):
    write_corpus(corpus)
    pair = Pair(folder)
    try:
        begun, before = time.monotonic(), cpu_seconds(pair.agent)
        number = 0
        while time.monotonic() - begun < seconds:
            pair.append(f"Nov 22 10:00:00 maychu cron[1]: line {number}\n")
            number += 1
            time.sleep(1)
        spent = time.monotonic() - begun
        print(f"cpu {100 * (cpu_seconds(pair.agent) - before) / spent:.3f} percent")
        print(f"rss {memory_mib(pair.agent, 'VmRSS'):.1f} MiB")
        print(f"hub_rss {memory_mib(pair.hub, 'VmRSS'):.1f} MiB")
        stored, before, begun = pair.stored(), cpu_seconds(pair.agent), time.monotonic()
        with open(corpus, encoding="ascii") as file:
            pair.append(file.read())
        wait_for("the corpus in the evidence", 600, lambda: pair.stored() >= stored + LINES)
        print(f"tail {LINES / (cpu_seconds(pair.agent) - before):.0f} lines/cpu-s")
        print(f"tail_wall {LINES / (time.monotonic() - begun):.0f} lines/s")
        print(f"rss_peak {memory_mib(pair.agent, 'VmHWM'):.1f} MiB")
    finally:
        pair.stop()


def rsyslog(folder, corpus):
    program = shutil.which("rsyslogd") or shutil.which("rsyslogd", path="/usr/sbin")
    if not program:
        raise SystemExit("rsyslog is not installed")
    work = os.path.join(folder, "rsyslog")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    source, target = os.path.join(work, "in.log"), os.path.join(work, "out.log")
    open(source, "w", encoding="ascii").close()
    with open(os.path.join(work, "rsyslog.conf"), "w", encoding="ascii") as file:
        file.write(f'global(workDirectory="{work}")\nmodule(load="imfile")\n'
                   f'input(type="imfile" File="{source}" Tag="x")\naction(type="omfile" file="{target}")\n')
    process = subprocess.Popen([program, "-n", "-f", file.name, "-i", os.path.join(work, "pid")], stderr=subprocess.DEVNULL)
    try:
        time.sleep(2)
        before = cpu_seconds(process.pid)
        with open(corpus, encoding="ascii") as lines, open(source, "a", encoding="ascii") as out:
            out.write(lines.read())

        def arrived():
            if not os.path.exists(target):
                return False
            with open(target, "rb") as lines:
                return sum(1 for _ in lines) >= LINES

        wait_for("the corpus in rsyslog's file", 120, arrived)
        time.sleep(0.5)
        print(f"{LINES / (cpu_seconds(process.pid) - before):.0f}")
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "--rsyslog":
        rsyslog(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 4:
        ours(sys.argv[1], sys.argv[2], max(int(sys.argv[3]), 60))
    else:
        sys.exit(__doc__)
