#!/usr/bin/env python3
"""journald.py CORPUS FOLDER: systemd-journal-remote takes the lines as a journal; journalctl --grep looks for the needles."""
import os
import subprocess
import sys

import peer

REMOTE = "/lib/systemd/systemd-journal-remote"


def main(corpus, folder):
    peer.need(REMOTE, "/usr/bin/journalctl")
    journal = os.path.join(folder, "peer.journal")
    if os.path.exists(journal):
        os.remove(journal)
    before = peer.cpu_of_children()
    with subprocess.Popen([REMOTE, "--split-mode=none", "--output=" + journal, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as remote, open(corpus, "rb") as lines:
        micros, block = 1_790_000_000_000_000, []
        for line in lines:
            micros += 1000
            block.append(b"__REALTIME_TIMESTAMP=%d\n_BOOT_ID=0123456789abcdef0123456789abcdef\nMESSAGE=%b\n\n" % (micros, line.rstrip(b"\n")))
            if len(block) == 2000:
                remote.stdin.write(b"".join(block))
                block.clear()
        remote.stdin.write(b"".join(block))
        remote.stdin.close()
    if remote.returncode != 0:
        sys.exit("systemd-journal-remote failed")
    peer.tell(corpus, peer.cpu_of_children() - before, peer.size_of(journal),
              lambda text: ["/usr/bin/journalctl", "--file=" + journal, "--no-pager", "--output=cat", "--case-sensitive=yes", "--grep=" + text.replace(".", "[.]")])


main(*sys.argv[1:3])
