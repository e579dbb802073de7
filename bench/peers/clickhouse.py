#!/usr/bin/env python3
"""clickhouse.py CORPUS FOLDER: Debian's ClickHouse takes the lines into a MergeTree with zstd; a query looks for the needles."""
import os
import shutil
import socket
import subprocess
import sys
import time

import peer

CONFIG = """<yandex>
  <logger><level>error</level><log>{folder}/ch.log</log><errorlog>{folder}/ch.err</errorlog></logger>
  <tcp_port>{port}</tcp_port><listen_host>127.0.0.1</listen_host>
  <path>{folder}/ch/</path><tmp_path>{folder}/ch/tmp/</tmp_path><mark_cache_size>5368709120</mark_cache_size>
  <users_config>{folder}/users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
  <compression><case><min_part_size>0</min_part_size><min_part_size_ratio>0</min_part_size_ratio><method>zstd</method></case></compression>
</yandex>
"""
USERS = """<yandex>
  <profiles><default><max_threads>1</max_threads></default></profiles>
  <users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
  <quotas><default></default></quotas>
</yandex>
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def main(corpus, folder):
    server, client = "/usr/sbin/clickhouse-server", "/usr/bin/clickhouse-client"
    peer.need(server, client)
    port = free_port()
    shutil.rmtree(os.path.join(folder, "ch"), ignore_errors=True)
    for name, text in (("config.xml", CONFIG), ("users.xml", USERS)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(text.format(folder=folder, port=port))
    with subprocess.Popen([server, "--config-file=" + os.path.join(folder, "config.xml")], cwd=folder, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as running:
        ask = [client, "--host=127.0.0.1", f"--port={port}"]
        try:
            for _ in range(100):
                if subprocess.run([*ask, "--query=SELECT 1"], capture_output=True).returncode == 0:
                    break
                time.sleep(0.2)
            create = "CREATE TABLE lines (at DateTime, line String) ENGINE = MergeTree PARTITION BY toDate(at) ORDER BY at"
            subprocess.run([*ask, "--query=" + create], check=True)
            # The client reads the format, so it counts, too.
            before = peer.cpu_of(running.pid) + peer.cpu_of_children()
            with open(corpus, "rb") as lines, subprocess.Popen([*ask, "--query=INSERT INTO lines FORMAT TabSeparated"], stdin=subprocess.PIPE) as insert:
                for i, line in enumerate(lines):
                    text = line.rstrip(b"\n").replace(b"\\", b"\\\\").replace(b"\t", b"\\t")
                    insert.stdin.write(b"%d\t%b\n" % (1_790_000_000 + i // 1000, text))
                insert.stdin.close()
            subprocess.run([*ask, "--query=OPTIMIZE TABLE lines FINAL"], check=True)
            peer.when_quiet(running.pid)
            stored = peer.size_of(os.path.join(folder, "ch", "data"))
            size = subprocess.run([*ask, "--query=SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'lines'"], capture_output=True, text=True)
            if size.returncode == 0 and size.stdout.strip().isdigit():
                stored = int(size.stdout)
            peer.tell(corpus, peer.cpu_of(running.pid) + peer.cpu_of_children() - before, stored,
                      lambda text: [*ask, f"--query=SELECT count() FROM lines WHERE position(line, '{text}') > 0"])
        finally:
            running.terminate()
            running.wait(60)


main(*sys.argv[1:3])
