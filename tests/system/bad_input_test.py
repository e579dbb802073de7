#!/usr/bin/env python3
"""Goal: bad input gets a named error that says what to do, and nothing acknowledged is lost.

Method: real programs, each fault made for real: foreign and expired certificates by openssl, a port held by a socket, a damaged
database, a pack with an unknown key, a file system of a few megabytes (root only).
"""
import json
import os
import shutil
import socket
import ssl
import struct
import subprocess
import unittest
import urllib.parse
from pathlib import Path

from harness import ROOT, Hub, World, wait_until


def batch(number, lines, spool=7):
    """docs/format/batch.md, written a second time on purpose."""
    out = b"LUYB" + struct.pack(">BQQII", 1, spool, number, 0, len(lines))
    for line in lines:
        stream = b"/var/log/test.log"
        out += struct.pack(">BH", 2, len(stream)) + stream + struct.pack(">I", len(line)) + line
    return out


class AgentPort:
    """Speaks to the agent port as an agent would, with whatever certificate it is given."""

    def __init__(self, info, ca_file, certificate=None, key=None):
        self.parts = urllib.parse.urlsplit(info["agent_url"])
        self.context = ssl.create_default_context(cafile=ca_file)
        self.context.check_hostname = False
        if certificate:
            self.context.load_cert_chain(certificate, key)

    def post(self, path, body, content_type="application/x-luy-batch"):
        """Status and JSON; raises ssl.SSLError or ConnectionError when the hub refuses the connection."""
        with socket.create_connection((self.parts.hostname, self.parts.port), timeout=20) as plain:
            with self.context.wrap_socket(plain) as tls:
                head = f"POST {path} HTTP/1.1\r\nHost: hub\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
                tls.sendall(head.encode() + body)
                answer = b""
                while chunk := tls.recv(65536):
                    answer += chunk
        if not answer:
            raise ConnectionError("closed without an answer")
        header, _, text = answer.partition(b"\r\n\r\n")
        return int(header.split()[1]), json.loads(text) if text else None


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class BadInput(unittest.TestCase):
    def test_an_agent_is_refused_with_a_wrong_token_or_a_wrong_fingerprint(self):
        with World() as world:
            secrets = world.hub.setup()
            info = world.hub.start()
            wrong = world.agent("wrong").enrol(info["console_url"], "not-a-token", info["fingerprint"])
            self.assertNotEqual(wrong.returncode, 0)
            self.assertIn("token", wrong.stderr)
            other = world.agent("other").enrol(info["console_url"], secrets["token"], "00" * 32)
            self.assertNotEqual(other.returncode, 0)
            self.assertFalse(os.path.exists(os.path.join(world.folder, "other", "enrolment.json")))
            self.assertEqual(world.agent("good").enrol(info["console_url"], secrets["token"], info["fingerprint"]).returncode, 0)
            used = world.agent("again").enrol(info["console_url"], secrets["token"], info["fingerprint"])
            self.assertNotEqual(used.returncode, 0, "a token works once")

    def test_only_the_hubs_own_living_certificates_may_send(self):
        with World() as world:
            _, info, agent = world.start_enrolled()
            ca = os.path.join(world.hub.data, "keys", "ca.crt")
            folder = world.folder
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=foreign",
                    "-addext", "subjectAltName=URI:urn:luy:device:01aryz6s410000000000000000", "-keyout", f"{folder}/f.key", "-out", f"{folder}/f.crt")
            for port in (AgentPort(info, ca), AgentPort(info, ca, f"{folder}/f.crt", f"{folder}/f.key")):
                with self.assertRaises((ssl.SSLError, ConnectionError)):
                    port.post("/agent/v1/batches", batch(1, [b"x"]))
            # A certificate of the right CA whose time has passed, made with the CA's own key as only a test can.
            device = json.loads(Path(agent.data, "enrolment.json").read_text())["device_id"]
            openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=late", "-keyout", f"{folder}/e.key", "-out", f"{folder}/e.csr")
            with open(f"{folder}/e.ext", "w") as file:
                file.write(f"subjectAltName=URI:urn:luy:device:{device}\nextendedKeyUsage=clientAuth\n")
            openssl("x509", "-req", "-in", f"{folder}/e.csr", "-CA", ca, "-CAkey", os.path.join(world.hub.data, "keys", "ca.key"), "-days", "-1",
                    "-set_serial", "77", "-extfile", f"{folder}/e.ext", "-out", f"{folder}/e.crt")
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                AgentPort(info, ca, f"{folder}/e.crt", f"{folder}/e.key").post("/agent/v1/batches", batch(1, [b"x"]))

    def test_batches_are_bounded_whole_and_stored_once(self):
        with World() as world:
            secrets, info, agent = world.start_enrolled()
            port = self.port_of(world, agent, info)
            self.assertEqual(port.post("/agent/v1/batches", batch(1, [b"mot", b"hai"])), (200, {"acked": 1}))
            self.assertEqual(port.post("/agent/v1/batches", batch(1, [b"mot", b"hai"])), (200, {"acked": 1}), "again: acknowledged, not doubled")
            for body, status, code in [
                (b"nonsense", 400, "event.batch_malformed"),
                (batch(2, [b"x"])[:-1], 400, "event.batch_malformed"),
                (batch(2, [b"x"]) + b"y", 400, "event.batch_malformed"),
                (b"LUYB" + bytes(5 << 20), 413, None),
            ]:
                answer = port.post("/agent/v1/batches", body)
                self.assertEqual(answer[0], status)
                if code:
                    self.assertEqual(answer[1]["error"]["code"], code)
            api = world.hub.signed_in(secrets["username"], secrets["password"])
            events = api.get("/api/v1/events", q='mot')["events"]
            self.assertEqual([e["raw"] for e in events if e["stream"] == "/var/log/test.log"], ["mot"])
            port.post("/agent/v1/batches", batch(5, [b"nam"]))
            # Batches 2 to 4 never came: that is a record of its own.
            wait_until(lambda: any(e["transport"] == "hub" for e in api.get("/api/v1/events", q="gap")["events"]), 20, "the gap record")

    def port_of(self, world, agent, info):
        certificate = os.path.join(world.folder, "agent.crt")
        with open(os.path.join(agent.data, "enrolment.json")) as enrolment, open(certificate, "w") as file:
            file.write(json.load(enrolment)["certificate"])
        return AgentPort(info, os.path.join(world.hub.data, "keys", "ca.crt"), certificate, os.path.join(agent.data, "agent.key"))

    def start_expecting_failure(self, hub, *extra, **options):
        done = subprocess.run([*hub.arguments(**options), *extra], capture_output=True, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertTrue(any(ord(c) > 127 for c in done.stderr), "a Vietnamese sentence: " + done.stderr)
        return done.stderr

    def test_a_port_in_use_is_named(self):
        with World() as world:
            world.hub.setup()
            with socket.socket() as held:
                held.bind(("127.0.0.1", 0))
                held.listen()
                self.assertIn(str(held.getsockname()[1]), self.start_expecting_failure(world.hub, port=held.getsockname()[1]))

    def test_a_pack_with_an_unknown_key_is_refused_with_its_line(self):
        with World() as world:
            world.hub.setup()
            pack = os.path.join(world.folder, "4448-2017")
            shutil.copytree(os.path.join(ROOT, "regulation", "4448-2017"), pack)
            path = os.path.join(pack, "obligations.yaml")
            text = Path(path).read_text()
            line = text[: text.index("cadence:")].count("\n") + 1
            Path(path).write_text(text.replace("cadence:", "cadense:", 1))
            error = self.start_expecting_failure(world.hub, pack=pack)
            self.assertIn(f"obligations.yaml:{line}:", error)
            self.assertIn("cadense", error)

    def test_a_damaged_database_is_reported_and_left_alone(self):
        with World() as world:
            world.hub.setup()
            path = os.path.join(world.hub.data, "records.db")
            self.assertTrue(os.path.exists(path), os.listdir(world.hub.data))
            damaged = bytearray(Path(path).read_bytes())
            damaged[0:1024] = os.urandom(1024)
            Path(path).write_bytes(damaged)
            self.assertIn("records.db", self.start_expecting_failure(world.hub))
            self.assertEqual(Path(path).read_bytes(), bytes(damaged), "nothing was written into it")

    def test_a_second_hub_on_the_same_data_is_refused(self):
        with World() as world:
            world.hub.setup()
            world.hub.start()
            second = Hub(world.folder)
            self.start_expecting_failure(second)
            self.assertTrue(world.hub.process.alive())

    @unittest.skipIf(os.geteuid() != 0, "mounting a small file system needs root")
    def test_a_full_disk_loses_nothing_acknowledged_and_recovers(self):
        with World() as world:
            mount = os.path.join(world.folder, "small")
            os.mkdir(mount)
            if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", mount], capture_output=True).returncode != 0:
                self.skipTest("this machine does not let root mount a tmpfs")
            try:
                self.fill(world, mount)
            finally:
                if world.hub.process and world.hub.process.alive():
                    world.hub.process.kill9()
                subprocess.run(["umount", mount], check=False)

    def fill(self, world, mount):
        world.hub = Hub(mount)
        secrets, info, agent = world.start_enrolled()
        port = self.port_of(world, agent, info)
        acknowledged, refused = 0, None
        for number in range(1, 400):
            answer = port.post("/agent/v1/batches", batch(number, [b"day %d " % number + os.urandom(150_000).hex().encode()]))
            if answer[0] != 200:
                refused = answer
                break
            acknowledged = number
        self.assertIsNotNone(refused, "the disk never filled")
        self.assertGreater(acknowledged, 5)
        self.assertEqual(refused[1]["error"]["code"], "file.disk_full")
        self.assertTrue(world.hub.process.alive(), "the console stays alive")
        self.assertEqual(world.hub.api().call("GET", "/")[0], 200)
        subprocess.run(["mount", "-o", "remount,size=96m", mount], check=True)
        again = wait_until(lambda: (lambda a: a if a[0] == 200 else None)(port.post("/agent/v1/batches", batch(acknowledged + 1, [b"again"]))), 60, "space to be used again")
        self.assertEqual(again[1], {"acked": acknowledged + 1})
        api = world.hub.signed_in(secrets["username"], secrets["password"])
        seen = {e["raw"].split()[1] for e in self.all_events(api, "day")}
        self.assertEqual(seen, {str(n) for n in range(1, acknowledged + 1)})

    def all_events(self, api, word):
        events, before = [], None
        while True:
            page = api.get("/api/v1/events", q=word, limit=20, **({"before": before} if before is not None else {}))
            events += [e for e in page["events"] if e["stream"] == "/var/log/test.log"]
            before = page["next"]
            if before is None:
                return events


if __name__ == "__main__":
    unittest.main(verbosity=2)
