#!/usr/bin/env python3
"""Goal: an agency's own list of hashes, added at the hub, reaches a machine without the Internet: its agent fetches it by the signed policy, the gate puts
it where a real clamd reads, and clamd finds a file by it that it did not know before; taken back at the hub, it goes from the machine. A list that ClamAV
would not read is refused at the hub, and so is a database of ClamAV's that ClamAV did not sign.

Method: a hub, an agent, luy-agent-gate and a clamd of the test's own in a folder of its own; nothing of the Internet is needed. The gate is told to gate
nothing. Says what is missing and skips.
"""
import base64
import hashlib
import os
import socket
import sys
import unittest

from harness import BIN, SKIPPED, Process, World, wait_until

PATIENCE = 180
CLAMD = "/usr/sbin/clamd"
SUSPECT = b"Luy thu nghiem: mot tep la"


def missing():
    if not os.path.exists(CLAMD):
        return "clamd (package clamav-daemon) is not installed"
    return "" if os.geteuid() == 0 else "clamd is started as root here"


class SignaturesTest(unittest.TestCase):
    def start_clamd(self, folder):
        self.databases = os.path.join(folder, "db")
        os.makedirs(self.databases)
        with open(os.path.join(self.databases, "other.hdb"), "w") as file:
            file.write(hashlib.md5(b"something else").hexdigest() + ":14:Luy.Khac\n")
        self.socket = os.path.join(folder, "clamd.ctl")
        config = os.path.join(folder, "clamd.conf")
        with open(config, "w") as file:
            file.write(f"LocalSocket {self.socket}\nDatabaseDirectory {self.databases}\nForeground yes\nUser root\n")
        clamd = Process([CLAMD, "--config-file=" + config], os.path.join(folder, "clamd.log"))
        self.addCleanup(lambda: clamd.alive() and clamd.kill9())

    def upload(self, content):
        status, begun = self.admin.call("POST", "/api/v1/signature_uploads", {"name": "daily.cvd", "bytes": len(content)})
        self.assertEqual(status, 201, begun)
        status, sent = self.admin.call("PUT", "/api/v1/signature_uploads/" + begun["id"], {"offset": 0, "content": base64.b64encode(content).decode()})
        self.assertEqual(status, 200, sent)
        return begun["id"]

    def told(self, result, names):
        for one in self.admin.get("/api/v1/signature_devices")["items"]:
            if one["result"] == result and sorted(file["name"] for file in one["files"]) == sorted(names):
                return one
        return None

    def found(self, path):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.socket)
            s.sendall(b"zSCAN " + path.encode() + b"\0")
            return s.makefile("rb").read().rstrip(b"\0").decode()

    def test_a_list_of_an_agency_reaches_a_machine(self):
        with World() as world:
            secrets = world.hub.setup()
            info = world.hub.start(extra=["--check-responses"])
            self.admin = world.hub.signed_in(secrets["username"], secrets["password"])
            agency = self.admin.get("/api/v1/agencies")["agencies"][0]["id"]
            self.start_clamd(world.folder)
            os.makedirs(os.path.join(world.folder, "logs"))
            agent = world.agent()
            enrolled = agent.enrol(info["console_url"], secrets["token"], info["fingerprint"])
            self.assertEqual(enrolled.returncode, 0, enrolled.stderr)
            where = ["--clamd", self.socket, "--databases", self.databases]
            agent.start("--no-integrity", "--no-journal", "--logs", os.path.join(world.folder, "logs"), *where)
            root = os.path.join(world.folder, "root")
            os.makedirs(os.path.join(root, "proc"))
            gate = Process([os.path.join(BIN, "luy-agent-gate"), "run", "--data", agent.data, "--root", root, "--mark", root, *where],
                           os.path.join(world.folder, "gate.log"))
            self.addCleanup(lambda: gate.alive() and gate.kill9())

            body = b"x" * 100
            head = f"ClamAV-VDB:20 Nov 2026 08-15 +0000:7:1:90:{hashlib.md5(body).hexdigest()}:AAAA:luy:1763626500".encode().ljust(512)
            status, refused = self.admin.call("POST", "/api/v1/signature_sets", {"upload": self.upload(head + body), "name": "daily.cvd"})
            if os.path.exists("/usr/bin/sigtool"):
                self.assertEqual((status, refused["error"]["code"]), (400, "antivirus.database_forged"))

            suspect = os.path.join(world.folder, "tep.bin")
            with open(suspect, "wb") as file:
                file.write(SUSPECT)
            wait_until(lambda: os.path.exists(self.socket), PATIENCE, "clamd")
            self.assertTrue(self.found(suspect).endswith(": OK"))
            wanted = {"agency": agency, "kind": "hash", "title": "Mẫu của thị xã", "author": "Nguyễn Văn A", "reason": "Sự cố tháng 11",
                      "content": "khong phai ma bam"}
            status, refused = self.admin.call("POST", "/api/v1/signature_lists", wanted)
            self.assertEqual((status, refused["error"]["code"]), (400, "antivirus.list_malformed"))
            wanted["content"] = f"{hashlib.sha256(SUSPECT).hexdigest()}:{len(SUSPECT)}:Luy.ThuNghiem\n"
            status, added = self.admin.call("POST", "/api/v1/signature_lists", wanted)
            self.assertEqual(status, 201, added)
            self.assertTrue(added["verified"] in ("loaded", "syntax"), added)

            names = [one["file"] for one in self.admin.get("/api/v1/signature_sets")["items"]]
            self.assertTrue(added["file"] in names)
            device = wait_until(lambda: self.told("installed", names), PATIENCE, "the machine to tell that it has the list")
            self.assertEqual((device["current"], device["wanted"]), (len(names), len(names)), device)
            self.assertTrue(self.found(suspect).endswith("Luy.ThuNghiem.UNOFFICIAL FOUND"))

            status, done = self.admin.call("POST", f"/api/v1/signature_sets/{added['id']}/removal", {"reason": "Hết hạn"})
            self.assertEqual(status, 204, done)
            names.remove(added["file"])
            wait_until(lambda: self.told("installed", names), PATIENCE, "the machine to tell that the list is gone")
            self.assertTrue(self.found(suspect).endswith(": OK"))
            self.assertFalse(os.path.exists(os.path.join(self.databases, added["file"])))
            ended = self.admin.get("/api/v1/signature_sets")["history"]
            self.assertEqual([(one["file"], one["end_reason"]) for one in ended], [(added["file"], "Hết hạn")])


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped: " + reason)
        sys.exit(SKIPPED)
    unittest.main()
