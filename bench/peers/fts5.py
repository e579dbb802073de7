#!/usr/bin/env python3
"""fts5.py CORPUS FOLDER: SQLite's full text search takes the lines; a query looks for the needles."""
import os
import subprocess
import sys

import peer

IMPORT = """CREATE VIRTUAL TABLE t USING fts5(l);
.mode ascii
.separator "\\037" "\\n"
.import {corpus} t
"""


def main(corpus, folder):
    program, database = "/usr/bin/sqlite3", os.path.join(folder, "fts.db")
    peer.need(program)
    if os.path.exists(database):
        os.remove(database)
    before = peer.cpu_of_children()
    subprocess.run([program, database], input=IMPORT.format(corpus=corpus), text=True, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peer.tell(corpus, peer.cpu_of_children() - before, peer.size_of(database),
              lambda text: [program, database, f"SELECT l FROM t WHERE t MATCH '\"{text}\"'"])


main(*sys.argv[1:3])
