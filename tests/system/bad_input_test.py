#!/usr/bin/env python3
"""Goal: bad input gets a named error that says what to do, and nothing acknowledged is lost.

Method: real programs, each fault made for real: foreign and expired certificates by openssl, a port held by a socket, a damaged
database, evidence deleted, damaged or put back, a machine put back to a snapshot, a pack with an unknown key, a file system of a few
megabytes or read-only (root only).
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


def batch(number, lines, spool=7, transport=2, stream=b"/var/log/test.log"):
    """docs/format/batch.md, written a second time on purpose."""
    out = b"LUYB" + struct.pack(">BQQII", 1, spool, number, 0, len(lines))
    for line in lines:
        out += struct.pack(">BH", transport, len(stream)) + stream + struct.pack(">I", len(line)) + line
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

    def test_lost_evidence_stops_the_hub_until_the_loss_is_accepted(self):
        with World() as world:
            secrets, info, agent = world.start_enrolled()
            port = self.port_of(world, agent, info)
            self.assertEqual(port.post("/agent/v1/batches", batch(1, [b"truoc"]))[0], 200)
            world.hub.process.kill9()
            days = list(Path(world.hub.data, "evidence").glob("????-??-??.sqlite*"))
            self.assertGreater(len(days), 0)
            for path in days:
                path.unlink()
            for _ in range(2):
                error = self.start_expecting_failure(world.hub)
                self.assertIn("evidence.rolled_back", error)
                self.assertIn("accept-loss", error)
            self.assertEqual(list(Path(world.hub.data, "evidence").glob("*.sqlite")), [], "no second history was begun")
            command = [world.hub.program, "accept-loss", "--data", world.hub.data, "--reason", "Đĩa hỏng, biên bản số 7"]
            done = subprocess.run(command, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("hub.nothing_lost", subprocess.run(command, capture_output=True, text=True).stderr)
            world.hub.start()
            self.assertEqual(port.post("/agent/v1/batches", batch(2, [b"sau"])), (200, {"acked": 2}))
            api = world.hub.signed_in(secrets["username"], secrets["password"])
            told = api.get("/api/v1/events", q="event.action:evidence_loss_accepted")["events"]
            self.assertEqual([e["seq"] for e in told], [2], "after what begins the new tree and the note that the entries of the old are missing here")
            self.assertIn("biên bản số 7", told[0]["raw"])

    def test_damaged_evidence_is_named_and_left_alone(self):
        with World() as world:
            world.hub.setup()
            (path,) = Path(world.hub.data, "evidence").glob("*.sqlite")
            damaged = bytearray(path.read_bytes())
            damaged[0:1024] = os.urandom(1024)
            path.write_bytes(damaged)
            self.assertIn(path.name, self.start_expecting_failure(world.hub))
            self.assertEqual(path.read_bytes(), bytes(damaged), "nothing was written into it")

    def test_a_machine_cannot_take_the_place_of_another(self):
        with World() as world:
            secrets = world.hub.setup()
            info = world.hub.start()
            api = world.hub.signed_in(secrets["username"], secrets["password"])
            thief, thief_id = self.enrol_machine(world, api, info, secrets["token"], "a")
            claim = {"fact": "identity", "version": 1, "collected_at": "2026-11-22T00:00:00Z", "method": "x",
                     "body": {"key": "b" * 64, "hostname": "nan-nhan", "fqdn": ""}}
            sent = batch(1, [json.dumps(claim).encode()], transport=3, stream=b"fact/identity")
            self.assertEqual(thief.post("/agent/v1/batches", sent)[0], 200)
            wait_until(lambda: api.get("/api/v1/events", q="event.action:device_identity_claimed")["events"], 20, "the audit entry")
            agency = api.get("/api/v1/agencies")["agencies"][0]["id"]
            token = api.call("POST", "/api/v1/agents/tokens", {"agency": agency})[1]["token"]
            victim, victim_id = self.enrol_machine(world, api, info, token, "b")
            self.assertNotEqual(victim_id, thief_id)
            self.assertEqual(thief.post("/agent/v1/batches", batch(2, [b"toi la may b"]))[0], 200)
            self.assertEqual(victim.post("/agent/v1/batches", batch(1, [b"toi la may b"]))[0], 200)
            lines = api.get("/api/v1/events", q='"may b"')["events"]
            self.assertEqual({e["device"] for e in lines}, {thief_id, victim_id}, "each under its own certificate")

    def test_nonsense_instead_of_a_certificate_request_leaves_no_device(self):
        with World() as world:
            secrets = world.hub.setup()
            info = world.hub.start()
            api = world.hub.signed_in(secrets["username"], secrets["password"])
            for machine in "ab":
                status, body = self.ask_to_enrol(api, secrets["token"], "not-a-csr", machine)
                self.assertEqual((status, body["error"]["code"]), (400, "hub.csr_invalid"))
            self.assertEqual(api.get("/api/v1/devices")["devices"], [])
            self.enrol_machine(world, api, info, secrets["token"], "a")

    def ask_to_enrol(self, api, token, csr, machine):
        hardware = {"vendor": "", "model": "", "chassis": "virtual", "cpu_model": "", "cpus": 2, "memory_bytes": 4096, "battery": False}
        system = {"id": "debian", "version_id": "12", "pretty_name": "Debian 12", "kernel": "6.1", "architecture": "x86_64"}
        return api.call("POST", "/api/v1/agents/enrol", {"token": token, "csr": csr, "os": system, "hardware": hardware,
                                                         "identity": {"key": machine * 64, "hostname": "may-" + machine, "fqdn": ""}})

    def enrol_machine(self, world, api, info, token, machine):
        """A machine of its own, as only a test can make on one computer: its way to the agent port, and its id."""
        stem = os.path.join(world.folder, "machine-" + machine)
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=x", "-keyout", stem + ".key", "-out", stem + ".csr")
        status, answer = self.ask_to_enrol(api, token, Path(stem + ".csr").read_text(), machine)
        self.assertEqual(status, 201, answer)
        Path(stem + ".crt").write_text(answer["certificate"])
        return AgentPort(info, os.path.join(world.hub.data, "keys", "ca.crt"), stem + ".crt", stem + ".key"), answer["device_id"]

    def test_a_number_that_comes_again_with_other_content_is_not_acknowledged(self):
        with World() as world:
            secrets, info, agent = world.start_enrolled()
            port = self.port_of(world, agent, info)
            for number in (1, 2, 3):
                self.assertEqual(port.post("/agent/v1/batches", batch(number, [b"cu %d" % number]))[0], 200)
            status, body = port.post("/agent/v1/batches", batch(2, [b"moi"]))
            self.assertEqual((status, body["error"]["code"]), (409, "evidence.batch_conflict"))
            self.assertEqual(port.post("/agent/v1/batches", batch(3, [b"cu 3"])), (200, {"acked": 3}))
            self.assertEqual(port.post("/agent/v1/batches", batch(1, [b"moi"], spool=8)), (200, {"acked": 1}))
            api = world.hub.signed_in(secrets["username"], secrets["password"])
            self.assertEqual(len(api.get("/api/v1/events", q="conflict")["events"]), 1)
            self.assertEqual(len(api.get("/api/v1/events", q="moi")["events"]), 1)

    def test_a_machine_put_back_to_a_snapshot_loses_nothing_new(self):
        with World() as world:
            secrets, _, agent = world.start_enrolled()
            logs = os.path.join(world.folder, "logs")
            os.mkdir(logs)
            log, snapshot = os.path.join(logs, "app.log"), os.path.join(world.folder, "snapshot")
            api = world.hub.signed_in(secrets["username"], secrets["password"])

            def found(word):
                return api.get("/api/v1/events", q=word)["events"]

            def run(*words):
                with open(log, "a") as file:
                    file.writelines(word + "\n" for word in words)
                agent.start("--logs", logs)
                for word in words:
                    wait_until(lambda word=word: found(word), 60, word)
                agent.process.stop()

            run("dautien")
            shutil.copytree(agent.data, snapshot)
            kept = os.path.getsize(log)
            run("thuhai")
            run("thuba")
            shutil.rmtree(agent.data)
            shutil.copytree(snapshot, agent.data)
            os.truncate(log, kept)
            run("saukhoiphuc")
            self.assertEqual(len(found("saukhoiphuc")), 1)
            self.assertEqual(len(found("spool_renewed")), 1)
            self.assertGreater(len(found("conflict")), 0)

    def test_a_second_hub_on_the_same_data_is_refused(self):
        with World() as world:
            world.hub.setup()
            world.hub.start()
            second = Hub(world.folder)
            self.start_expecting_failure(second)
            self.assertTrue(world.hub.process.alive())

    def test_a_folder_that_may_not_be_written_is_named(self):
        if os.geteuid() == 0:
            self.skipTest("root may write whatever the mode")
        with World() as world:
            world.hub.setup()
            os.chmod(os.path.join(world.hub.data, "run"), 0o500)
            try:
                self.assertIn("file.denied", self.start_expecting_failure(world.hub))
            finally:
                os.chmod(os.path.join(world.hub.data, "run"), 0o700)

    @unittest.skipIf(os.geteuid() != 0, "mounting a file system needs root")
    def test_a_read_only_disk_is_named_at_the_start(self):
        with World() as world:
            mount = os.path.join(world.folder, "disk")
            os.mkdir(mount)
            if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", mount], capture_output=True).returncode != 0:
                self.skipTest("this machine does not let root mount a tmpfs")
            try:
                world.hub = Hub(mount)
                world.hub.setup()
                subprocess.run(["mount", "-o", "remount,ro", mount], check=True)
                error = self.start_expecting_failure(world.hub)
                self.assertIn("file.read_only", error)
                subprocess.run(["mount", "-o", "remount,rw", mount], check=True)
                world.hub.start()
                # A disk that turns read-only under a running hub cannot be made here: the kernel refuses a remount while files are open
                # for writing. src/evidence/fault_test.cc makes writing fail in the file layer instead.
                world.hub.process.stop()
            finally:
                subprocess.run(["umount", mount], check=False)

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
        # The store says so, or on a slow machine the hub before it, which keeps a reserve.
        self.assertIn(refused[1]["error"]["code"], ("file.disk_full", "hub.evidence_busy"))
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
