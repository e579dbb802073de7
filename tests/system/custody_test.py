#!/usr/bin/env python3
"""Goal: `luy custody` copies days to a real medium and claims nothing that is not on it: the wrong disk, a full one, a read-only one, one
that is exchanged meanwhile, and one that rots; and that days go onto optical discs and are read back from them. And a hub whose disk fills up stays usable and takes records again.

Method: file systems in files, mounted through loop devices; in the place of the hub's administration port one of the test's, which keeps
what it is told (the real one is tested in src/hub/custody_hub_test.cc). For the disk a real hub on a small tmpfs. Needs root.
"""
import hashlib
import http.server
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

from bad_input_test import batch
from harness import BIN, SKIPPED, Hub, World, wait_until

TOKEN = "a" * 64


def run(*arguments):
    return subprocess.run([str(one) for one in arguments], capture_output=True, text=True)


class AdminPort:
    """Answers as the hub does; `between` is called while the command waits for the list of days."""

    def __init__(self, data, days):
        self.media, self.claims, self.between = [], [], None
        port = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def reply(self, status, body):
                text = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_GET(self):
                if port.between:
                    port.between()
                self.reply(200, {"origin": "luy/0123456789abcdef", "folder": data, "days": days, "media": port.media})

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["Authorization"] != "Bearer " + TOKEN:
                    return self.reply(401, {"error": {"code": "hub.admin_token_needed", "vi": "", "en": ""}})
                if self.path.endswith("/media"):
                    port.media.append({**body, "id": "m%d" % len(port.media), "retired": False})
                    return self.reply(201, port.media[-1])
                port.claims.append((self.path.rsplit("/", 1)[1], body))
                if self.path.endswith("/copies"):
                    for one in body["days"]:
                        day = next(each for each in days if each["day"] == one["day"])
                        day["copies"].append({"medium": body["medium"], "sha256": one["sha256"], "sound": True})
                return self.reply(200, {"seq": 17, "days": len(body["days"])})

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        os.makedirs(os.path.join(data, "run"))
        with open(os.path.join(data, "run", "hub.json"), "w") as file:
            json.dump({"admin_url": "http://127.0.0.1:%d" % self.server.server_port}, file)
        with open(os.path.join(data, "run", "admin.token"), "w") as file:
            file.write(TOKEN + "\n")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Bench(unittest.TestCase):
    """Days in a folder, a port that knows them, and a place to mount at."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="luy-custody-")
        self.data, self.mount = os.path.join(self.folder, "hub"), os.path.join(self.folder, "disk")
        for one in (os.path.join(self.data, "evidence"), self.mount):
            os.makedirs(one)
        self.days = [self.day("2026-10-01", 300_000), self.day("2026-10-02", 5_001), self.day("2026-10-03", 2 << 20)]
        self.port = AdminPort(self.data, self.days)

    def tearDown(self):
        self.port.close()
        self.umount()
        shutil.rmtree(self.folder, ignore_errors=True)

    def day(self, name, size):
        content = os.urandom(size)
        with open(os.path.join(self.data, "evidence", name + ".sqlite"), "wb") as file:
            file.write(content)
        return {"day": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": size, "copies": []}

    def disk(self, label, mib=16):
        image = os.path.join(self.folder, label + ".img")
        if not os.path.exists(image):
            with open(image, "wb") as file:
                file.truncate(mib << 20)
            self.assertEqual(run("mkfs.ext4", "-q", "-L", label, image).returncode, 0)
        return image

    def plug(self, image, options="loop"):
        done = run("mount", "-o", options, image, self.mount)
        self.assertEqual(done.returncode, 0, done.stderr)

    def umount(self):
        run("umount", self.mount)

    def luy(self, *arguments):
        return run(os.path.join(BIN, "luy"), "custody", *arguments)

    def register(self, name):
        done = self.luy("register", "--data", self.data, "--to", self.mount, "--name", name, "--custodian", "Lan", "--place", "Kho")
        self.assertEqual(done.returncode, 0, done.stderr)


class Media(Bench):
    def copy(self):
        return self.luy("copy", "--data", self.data, "--to", self.mount, "--by", "lan")

    def refused(self, text):
        done = self.copy()
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertIn(text, done.stderr)
        self.assertEqual([kind for kind, _ in self.port.claims if kind == "copies"], [], "nothing is claimed")

    def test_days_are_copied_read_back_claimed_and_checked(self):
        self.plug(self.disk("LUY-1"))
        self.register("Ổ 1")
        self.assertEqual(self.port.media[0]["label"], "LUY-1")
        self.assertTrue(self.port.media[0]["uuid"])
        done = self.copy()
        self.assertEqual(done.returncode, 0, done.stderr)
        kind, claim = self.port.claims[-1]
        self.assertEqual((kind, claim["medium"], claim["by"]), ("copies", "m0", "lan"))
        self.assertEqual({one["day"]: one["sha256"] for one in claim["days"]}, {one["day"]: one["sha256"] for one in self.days})
        # What lies there is what sha256sum knows to check, also after it was unplugged.
        self.umount()
        self.plug(self.disk("LUY-1"))
        where = os.path.join(self.mount, "luy-evidence", "luy_0123456789abcdef")
        sums = subprocess.run("sha256sum -c *.sha256", shell=True, cwd=where, capture_output=True, text=True)
        self.assertEqual(sums.returncode, 0, sums.stdout)
        self.assertEqual(self.copy().returncode, 0)
        self.assertEqual(len(self.port.claims), 1, "nothing is left to copy")
        self.assertEqual(self.luy("verify", self.mount, "--data", self.data).returncode, 0)
        self.assertEqual(self.port.claims[-1][1]["fault"], "")
        rotten = os.path.join(where, "2026-10-02.sqlite")
        os.chmod(rotten, 0o644)
        with open(rotten, "r+b") as file:
            file.seek(100)
            file.write(b"rot")
        os.unlink(os.path.join(where, "2026-10-01.sqlite"))
        done = self.luy("verify", self.mount, "--data", self.data)
        self.assertEqual(done.returncode, 7, done.stdout + done.stderr)
        kind, check = self.port.claims[-1]
        self.assertEqual(kind, "checks")
        self.assertEqual({one["day"]: one["sound"] for one in check["days"]}, {"2026-10-02": False, "2026-10-03": True})
        self.assertTrue(check["fault"])

    def test_what_is_not_the_registered_disk_is_refused(self):
        self.refused("mount")  # Nothing is plugged in.
        self.plug(self.disk("LUY-1"))
        self.refused("LUY-1")  # Not in the register.
        self.register("Ổ 1")
        self.umount()
        self.plug(self.disk("LUY-2"))
        self.refused("LUY-2")
        self.assertEqual(os.listdir(self.mount), ["lost+found"], "nothing was written to it")

    def test_a_disk_without_room_and_a_read_only_one_are_named(self):
        self.plug(self.disk("SMALL", mib=2))
        self.register("Ổ nhỏ")
        self.refused("MiB")
        self.umount()
        self.plug(self.disk("LUY-1"))
        self.register("Ổ 1")
        self.umount()
        self.plug(self.disk("LUY-1"), "loop,ro")
        self.refused("read-only")

    def test_a_disk_that_is_exchanged_meanwhile_is_not_claimed(self):
        self.plug(self.disk("LUY-1"))
        self.register("Ổ 1")
        other = self.disk("LUY-2")

        def exchange():
            self.port.between = None
            self.umount()
            self.plug(other)

        self.port.between = exchange
        self.refused("medium")
        self.port.between = self.umount  # Pulled out: what is written then lies in a folder of the server.
        self.plug_again()
        self.refused(self.mount)

    def plug_again(self):
        self.umount()
        self.plug(self.disk("LUY-1"))


@unittest.skipUnless(os.path.exists("/usr/bin/xorriso"), "xorriso is not installed")
class Discs(Bench):
    """An image stands for the burnt disc: what a drive would give back byte for byte, and a bit more at the end."""

    def images(self, *options):
        done = self.luy("image", "--data", self.data, "--to", os.path.join(self.folder, "images"), "--json", *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["images"]

    def burn(self, image):
        burnt = os.path.join(self.folder, "burnt.iso")
        with open(image["file"], "rb") as file:
            content = file.read()
        with open(burnt, "wb") as file:
            file.write(content + bytes(150 * 2048))
        return burnt

    def opened(self, image):
        """Mounted, or taken out by xorriso where the kernel knows no ISO 9660."""
        if run("mount", "-o", "loop,ro", image, self.mount).returncode == 0:
            return self.mount
        out = os.path.join(self.folder, "out")
        shutil.rmtree(out, ignore_errors=True)
        done = run("xorriso", "-no_rc", "-osirrox", "on", "-indev", image, "-extract", "/", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        return out

    def disc(self, source, *options):
        return self.luy("disc", source, "--data", self.data, "--by", "lan", *options)

    def test_days_go_onto_a_disc_that_is_read_back_registered_claimed_and_checked(self):
        image, = self.images()
        self.assertEqual(image["days"], [one["day"] for one in self.days])
        with open(image["file"], "rb") as file:
            self.assertEqual(hashlib.sha256(file.read()).hexdigest(), image["sha256"])
        sums = subprocess.run(["sha256sum", "-c", image["file"] + ".sha256"], cwd=os.path.dirname(image["file"]), capture_output=True, text=True)
        self.assertEqual(sums.returncode, 0, sums.stdout)
        with open(image["file"].replace(".iso", ".pdf"), "rb") as file:
            self.assertTrue(file.read(5) == b"%PDF-")
        # Any machine reads it and needs nothing of ours.
        where = self.opened(image["file"])
        sums = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=where, capture_output=True, text=True)
        self.assertEqual(sums.returncode, 0, sums.stdout)
        self.assertEqual(self.luy("verify", where).returncode, 0)
        if where == self.mount:
            known = json.loads(self.luy("identify", "--json", self.mount).stdout)
            self.assertEqual((known["label"], known["uuid"], known["serial"]), (image["label"], image["uuid"], ""))
            self.umount()
        burnt = self.burn(image)
        done = self.disc(burnt)
        self.assertNotEqual(done.returncode, 0, "nobody has said who keeps it")
        self.assertEqual(self.port.claims, [])
        done = self.disc(burnt, "--custodian", "Lan", "--place", "Kho")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(image["sha256"], done.stdout)
        medium, = self.port.media
        self.assertEqual((medium["kind"], medium["label"], medium["uuid"], medium["serial"]), ("disc", image["label"], image["uuid"], ""))
        (kind, claim), (check_kind, check) = self.port.claims
        self.assertEqual((kind, check_kind, check["fault"]), ("copies", "checks", ""))
        self.assertEqual({one["day"]: one["sha256"] for one in claim["days"]}, {one["day"]: one["sha256"] for one in self.days})
        self.assertEqual(self.images(), [], "every day lies on a disc")
        if self.opened(burnt) == self.mount:  # The mounted disc is the registered one, and has nothing to be written.
            self.assertEqual(self.luy("copy", "--data", self.data, "--to", self.mount).returncode, 0)
            self.umount()
        # It rots: nothing is claimed again, the check says so.
        with open(burnt, "r+b") as file:
            with open(os.path.join(self.data, "evidence", "2026-10-03.sqlite"), "rb") as day:
                content = file.read()
                file.seek(content.index(day.read(4096)) + 1000)
            file.write(b"rot")
        done = self.disc(burnt)
        self.assertEqual(done.returncode, 7, done.stdout + done.stderr)
        self.assertEqual([kind for kind, _ in self.port.claims], ["copies", "checks", "checks"])
        self.assertEqual({one["day"]: one["sound"] for one in self.port.claims[-1][1]["days"]},
                         {"2026-10-01": True, "2026-10-02": True, "2026-10-03": False})
        self.assertTrue(self.port.claims[-1][1]["fault"])

    def test_days_are_split_and_chosen_and_one_that_changed_makes_no_image(self):
        image, = self.images("--days", "2026-10-02..2026-10-03", "--disc", "cd")
        self.assertEqual(image["days"], ["2026-10-02", "2026-10-03"])
        self.days[0]["bytes"] = 800_000_000
        refused = self.luy("image", "--data", self.data, "--to", os.path.join(self.folder, "other"), "--disc", "cd")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("2026-10-01", refused.stderr)
        self.days[0]["bytes"] = 300_000
        self.days[0]["sha256"] = "0" * 64
        refused = self.luy("image", "--data", self.data, "--to", os.path.join(self.folder, "other"))
        self.assertNotEqual(refused.returncode, 0)
        self.assertEqual(os.listdir(os.path.join(self.folder, "other")), [], "nothing half made is left")


class SmallDisk(unittest.TestCase):
    def test_a_disk_with_only_its_reserve_left_takes_nothing_from_outside_and_people_go_on(self):
        with World() as world:
            mount = os.path.join(world.folder, "small")
            os.mkdir(mount)
            if run("mount", "-t", "tmpfs", "-o", "size=64m", "none", mount).returncode != 0:
                self.skipTest("this machine does not let root mount a tmpfs")
            try:
                self.fill(world, mount)
            finally:
                if world.hub.process and world.hub.process.alive():
                    world.hub.process.kill9()
                run("umount", mount)

    def fill(self, world, mount):
        from bad_input_test import BadInput

        world.hub = Hub(mount)
        secrets, info, agent = world.start_enrolled()
        port = BadInput().port_of(world, agent, info)
        api = world.hub.signed_in(secrets["username"], secrets["password"])
        self.assertEqual(port.post("/agent/v1/batches", batch(1, [b"mot"]))[0], 200)
        left = os.statvfs(mount)
        filler = os.path.join(mount, "filler")
        with open(filler, "wb") as file:
            file.write(b"x" * (left.f_bavail * left.f_frsize - (2 << 20)))
        refused = wait_until(lambda: api.get("/api/v1/custody/disk")["refusing"], 60, "the full disk to be noticed")
        self.assertTrue(refused)
        status, answer = port.post("/agent/v1/batches", batch(2, [b"hai"]))
        self.assertEqual((status, answer["error"]["code"]), (503, "hub.evidence_busy"))
        # People sign in, and what they do is in the trail.
        again = world.hub.signed_in(secrets["username"], secrets["password"])
        self.assertEqual(again.call("POST", "/api/v1/custody/media", {"name": "Ổ 1", "kind": "disk", "serial": "S1", "custodian": "Lan",
                                                                      "place": "Kho"})[0], 201)
        wait_until(lambda: again.get("/api/v1/events", q="medium_register")["events"], 60, "the act in the evidence")
        found = wait_until(lambda: [one for one in again.get("/api/v1/findings")["items"] if one["kind"] == "evidence"], 60, "the finding")
        self.assertTrue(found)
        os.unlink(filler)
        wait_until(lambda: port.post("/agent/v1/batches", batch(2, [b"hai"]))[0] == 200, 60, "records to be taken again")
        self.assertFalse(again.get("/api/v1/custody/disk")["refusing"])


def main():
    if os.geteuid() != 0:
        print("mounting file systems needs root: skipped")
        return SKIPPED
    if shutil.which("mkfs.ext4", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None or not os.path.exists("/dev/loop-control"):
        print("no mkfs.ext4 or no loop devices here: skipped")
        return SKIPPED
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    folder = tempfile.mkdtemp(prefix="luy-loop-")
    try:
        image = os.path.join(folder, "try.img")
        with open(image, "wb") as file:
            file.truncate(4 << 20)
        run("mkfs.ext4", "-q", image)
        if run("mount", "-o", "loop", image, folder).returncode != 0:
            print("this machine does not let root mount a loop device: skipped")
            return SKIPPED
        run("umount", folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if unittest.main(verbosity=2, exit=False).result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
