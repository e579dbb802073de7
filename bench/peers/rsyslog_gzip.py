#!/usr/bin/env python3
"""rsyslog_gzip.py CORPUS FOLDER: rsyslog takes the lines over TCP on loopback and writes them through gzip -6; zgrep looks for the needles."""
import os
import socket
import subprocess
import sys
import time

import peer

CONFIG = """
global(workDirectory="{folder}")
module(load="imptcp")
template(name="raw" type="string" string="%rawmsg%\\n")
input(type="imptcp" port="{port}" address="127.0.0.1" ruleset="keep" supportOctetCountedFraming="off")
ruleset(name="keep" queue.type="linkedList" queue.size="200000" queue.timeoutEnqueue="600000" queue.timeoutShutdown="600000") {{
  action(type="omfile" file="{out}" template="raw" zipLevel="6" ioBufferSize="256k" flushOnTXEnd="off" asyncWriting="off")
}}
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def main(corpus, folder):
    program = "/usr/sbin/rsyslogd"
    peer.need(program, "/usr/bin/zgrep")
    out, port = os.path.join(folder, "rsyslog.gz"), free_port()
    if os.path.exists(out):
        os.remove(out)
    config = os.path.join(folder, "rsyslog.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(CONFIG.format(folder=folder, port=port, out=out))
    before = peer.cpu_of_children()
    with subprocess.Popen([program, "-n", "-f", config, "-i", os.path.join(folder, "rsyslog.pid")], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as rsyslog:
        for _ in range(100):
            try:
                to = socket.create_connection(("127.0.0.1", port))
                break
            except OSError:
                time.sleep(0.1)
        with to, open(corpus, "rb") as lines:
            to.sendfile(lines)
        peer.when_quiet(rsyslog.pid, 3)
        rsyslog.terminate()
        rsyslog.wait(600)
    with open(corpus, "rb") as lines:
        wanted = sum(1 for _ in lines)
    kept = int(subprocess.run(f"zcat {out} | wc -l", shell=True, capture_output=True, text=True, check=True).stdout)
    if kept != wanted:
        sys.exit(f"rsyslog kept {kept} of {wanted} lines")
    cpu = peer.cpu_of_children() - before
    peer.tell(corpus, cpu, peer.size_of(out), lambda text: ["/usr/bin/zgrep", "-c", "-F", text, out])


main(*sys.argv[1:3])
