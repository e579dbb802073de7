#!/usr/bin/env python3
"""Goal: a release of luy-agent that was signed off line goes from the hub to a machine, two people and a ring in between, and is installed there by the
real dpkg; one that does not run is taken back by itself and stops the roll-out; and luy-agent is taken off only with a code of the hub, or loudly.

Method: a hub, and a machine in a folder of the test's own: dpkg's database and the package's programs lie there, and the test starts the program anew when
its file is another one, as systemd would. The releases are made here, signed with tools/sign-release and a key of openssl. Says what is missing and skips.
"""
import base64
import os
import shutil
import subprocess
import sys
import unittest

from harness import BIN, ROOT, SKIPPED, Process, World, wait_until

PATIENCE = 240
SIGN = os.path.join(ROOT, "tools", "sign-release")
FORMER, FRESH, BROKEN = "0.1.0", "0.2.0", "0.3.0"


def missing():
    for program in ("dpkg", "dpkg-deb", "openssl", "strip"):
        if not shutil.which(program):
            return program + " is not installed"
    return "" if os.geteuid() == 0 else "dpkg installs as root only"


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout


class Machine:
    """What lies in a folder as it would lie on a machine of its own."""

    def __init__(self, world):
        self.world = world
        self.root = os.path.join(world.folder, "root")
        self.own = os.path.join(world.folder, "own")
        self.library = os.path.join(self.root, "usr/lib/luy")
        self.running = None
        for folder in ("var/lib/dpkg/info", "var/lib/dpkg/updates", "etc/systemd/system", "proc"):
            os.makedirs(os.path.join(self.root, folder))
        open(os.path.join(self.root, "var/lib/dpkg/status"), "w").close()
        os.makedirs(os.path.join(world.folder, "logs"))
        self.program = os.path.join(world.folder, "luy-agent-" + FORMER)
        run("strip", "-o", self.program, os.path.join(BIN, "luy-agent"))

    def package(self, version, broken=False):
        tree = os.path.join(self.world.folder, "tree" + version)
        library = os.path.join(tree, "usr/lib/luy")
        os.makedirs(library)
        os.makedirs(os.path.join(tree, "DEBIAN"))
        path = os.path.join(library, "luy-agent")
        with open(self.program, "rb") as file:
            content = file.read()
        # The same program, that says it is another version.
        content = b"#!/bin/sh\nexit 7\n" if broken else content.replace(FORMER.encode(), version.encode())
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, 0o755)
        for name in ("luy-agent-gate", "luy-agent-check", "luy-agent-backup", "luy-agent-apt"):
            if os.path.exists(os.path.join(BIN, name)):
                os.symlink(os.path.join(BIN, name), os.path.join(library, name))
        shutil.copy(os.path.join(ROOT, "packaging/debian/luy-agent/prerm"), os.path.join(tree, "DEBIAN/prerm"))
        os.chmod(os.path.join(tree, "DEBIAN/prerm"), 0o755)
        architecture = run("dpkg", "--print-architecture").strip()
        with open(os.path.join(tree, "DEBIAN/control"), "w") as file:
            file.write(f"Package: luy-agent\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: Luy <luy@localhost>\nDescription: endpoint of Luy\n")
        out = os.path.join(self.world.folder, f"luy-agent_{version}.deb")
        run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, out)
        return out

    def install(self, package):
        run("dpkg", "--root=" + self.root, "--force-script-chrootless", "--log=/dev/null", "--install", package)

    def version(self):
        return run("dpkg-query", "--root=" + self.root, "--show", "--showformat=${Version}", "luy-agent")

    def supervise(self):
        """Starts the agent where its program is another one than what runs, as the package's script has systemd do."""
        agent = self.world.agents[0]
        try:
            about = os.stat(os.path.join(self.library, "luy-agent"))
        except FileNotFoundError:
            return
        if self.running == about.st_ino:
            return
        self.running = about.st_ino
        if agent.process and agent.process.alive():
            agent.process.stop()
        agent.start("--no-integrity", "--no-journal", "--logs", os.path.join(self.world.folder, "logs"), "--update-own", self.own)

    def start_gate(self, data):
        starter = os.path.join(self.world.folder, "start-update")
        log = os.path.join(self.world.folder, "update.log")
        gate = os.path.join(BIN, "luy-agent-gate")
        with open(starter, "w") as file:
            file.write(f"#!/bin/sh\nsetsid {gate} update --data {data} --own {self.own} --root {self.root} "
                       f"--dpkg-option=--force-script-chrootless --dpkg-option=--log=/dev/null >>{log} 2>&1 </dev/null &\n")
        os.chmod(starter, 0o755)
        return Process([gate, "run", "--data", data, "--own", self.own, "--root", self.root, "--mark", self.root, "--updater", starter],
                       os.path.join(self.world.folder, "gate.log"))


class ReleaseTest(unittest.TestCase):
    def second_person(self, agency):
        status, made = self.admin.call("POST", "/api/v1/accounts", {"agency": agency, "person_name": "Người thủ trưởng", "username": "thutruong"})
        self.assertEqual(status, 201, made)
        status, given = self.admin.call("POST", f"/api/v1/accounts/{made['account']['id']}/roles", {"role": "agency_head", "agency": agency})
        self.assertTrue(status in (200, 201) and given["done"], (status, given))
        codes, self.hub.codes = self.hub.codes, []
        head = self.hub.signed_in("thutruong", made["one_time_password"])
        self.hub.codes = codes
        return head

    def agreed(self, asked):
        """By the second person, and not by the one who asked."""
        status, answer = asked
        self.assertEqual(status, 202, answer)
        status, refused = self.admin.call("POST", f"/api/v1/acts/{answer['act']}/agree")
        self.assertEqual((status, refused["error"]["code"]), (403, "directory.same_person"))
        status, done = self.head.call("POST", f"/api/v1/acts/{answer['act']}/agree")
        self.assertEqual(status, 204, done)

    def bring(self, package, statement):
        with open(package, "rb") as file:
            content = file.read()
        status, begun = self.admin.call("POST", "/api/v1/agent_release_uploads", {"name": os.path.basename(package), "bytes": len(content)})
        self.assertEqual(status, 201, begun)
        for at in range(0, len(content), 2 << 20):
            part = base64.b64encode(content[at:at + (2 << 20)]).decode()
            status, sent = self.admin.call("PUT", "/api/v1/agent_release_uploads/" + begun["id"], {"offset": at, "content": part})
            self.assertEqual(status, 200, sent)
        return self.admin.call("POST", "/api/v1/agent_releases", {"upload": begun["id"], "statement": statement, "notes": "Sửa lỗi"})

    def signed(self, package):
        run(SIGN, self.key, package)
        with open(package + ".release") as file:
            return file.read()

    def roll_out(self, version, package):
        status, release = self.bring(package, self.signed(package))
        self.assertEqual(status, 201, release)
        self.assertEqual((release["version"], release["state"]), (version, "waiting"))
        place = f"/api/v1/agent_releases/{release['id']}"
        ring = {"ring": "devices", "places": [self.device], "patience_seconds": 60, "reason": "Thử trên một máy"}
        status, refused = self.admin.call("POST", place + "/ring", ring)
        self.assertEqual((status, refused["error"]["code"]), (409, "release.not_agreed"))
        self.agreed(self.admin.call("POST", place + "/agreement"))
        status, answer = self.admin.call("POST", place + "/ring", ring)
        self.assertEqual(status, 200, answer)
        return place

    def told(self, result, version):
        self.machine.supervise()
        one = self.admin.get("/api/v1/agent_release_devices")["items"][0]
        return one if (one["result"], one["to"]) == (result, version) else None

    def test_releases_come_and_go_back(self):
        with World() as world:
            self.hub = world.hub
            secrets = world.hub.setup()
            info = world.hub.start(extra=["--check-responses"])
            self.admin = world.hub.signed_in(secrets["username"], secrets["password"])
            agency = self.admin.get("/api/v1/agencies")["agencies"][0]["id"]
            self.machine = machine = Machine(world)
            machine.install(machine.package(FORMER))
            agent = world.agent(program_folder=machine.library)
            enrolled = agent.enrol(info["console_url"], secrets["token"], info["fingerprint"])
            self.assertEqual(enrolled.returncode, 0, enrolled.stderr)
            self.head = self.second_person(agency)
            machine.supervise()
            gate = machine.start_gate(agent.data)
            self.addCleanup(lambda: gate.alive() and gate.kill9())
            self.device = self.admin.get("/api/v1/devices")["devices"][0]["id"]

            self.key = os.path.join(world.folder, "release.pem")
            run("openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key)
            public = run(SIGN, "--public", self.key).strip()
            self.agreed(self.admin.call("POST", "/api/v1/agent_release_keys", {"key": public, "signature": None}))
            fresh = machine.package(FRESH)
            statement = self.signed(fresh)
            for bad, code in ((statement.replace("version " + FRESH, "version 9.9.9"), "device_policy.release_not_signed"),
                              (statement[:-9], "device_policy.release_malformed")):
                status, refused = self.bring(fresh, bad)
                self.assertEqual(refused["error"]["code"], code, (status, refused))
            other = os.path.join(world.folder, "other.deb")
            shutil.copy(fresh, other)
            with open(other, "r+b") as file:
                file.truncate(os.path.getsize(other) - 1)
            status, refused = self.bring(other, statement)
            self.assertEqual((status, refused["error"]["code"]), (400, "release.package_invalid"))

            place = self.roll_out(FRESH, fresh)
            done = wait_until(lambda: self.told("installed", FRESH), PATIENCE, "the machine to tell that it is updated")
            self.assertEqual((done["from"], done["current"]), (FORMER, True), done)
            self.assertEqual(machine.version(), FRESH)
            wait_until(lambda: self.admin.get("/api/v1/agent_release_devices")["items"][0]["version"] == FRESH, PATIENCE, "the hub to see its version")
            status, again = self.bring(fresh, statement)
            self.assertEqual((status, again["error"]["code"]), (409, "release.older"))
            status, all_of_them = self.admin.call("POST", place + "/ring", {"ring": "all", "places": [], "patience_seconds": 60, "reason": "Đã chạy tốt"})
            self.assertEqual((status, all_of_them["state"], all_of_them["running"]), (200, "rolling", 1), all_of_them)

            place = self.roll_out(BROKEN, machine.package(BROKEN, broken=True))
            back = wait_until(lambda: self.told("rolled_back", BROKEN), PATIENCE, "the machine to go back by itself")
            self.assertEqual((back["from"], back["code"]), (FRESH, "agent.release_silent"), back)
            self.assertEqual(machine.version(), FRESH)
            stopped = self.admin.get("/api/v1/agent_releases")["items"][0]
            self.assertEqual((stopped["version"], stopped["state"], stopped["failed"]), (BROKEN, "stopped", 1), stopped)
            status, refused = self.admin.call("POST", place + "/ring", {"ring": "all", "places": [], "patience_seconds": 60, "reason": "Mọi máy"})
            self.assertEqual((status, refused["error"]["code"]), (409, "release.ring_unproven"))

            self.take_off(agent)

    def take_off(self, agent):
        def removal(**given):
            return subprocess.run([agent.program, "removal", "--data", agent.data], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                                  env={"PATH": os.environ["PATH"], **given})
        refused = removal()
        self.assertEqual(refused.returncode, 1)
        self.assertIn("LUY_REMOVAL_CODE", refused.stderr)
        self.assertEqual(removal(LUY_REMOVAL_CODE="AAAAA-AAAAA").returncode, 1)
        status, issued = self.admin.call("POST", f"/api/v1/devices/{self.device}/removal_code", {"reason": "Thanh lý máy"})
        self.assertEqual(status, 201, issued)
        allowed = removal(LUY_REMOVAL_CODE=issued["code"].lower())
        self.assertEqual(allowed.returncode, 0, allowed.stderr)
        self.assertEqual(removal(LUY_REMOVAL_CODE=issued["code"]).returncode, 1, "it is used once")
        self.assertEqual(removal(LUY_REMOVE_WITHOUT_CODE="1", SUDO_USER="an").returncode, 0)
        newest = self.admin.get(f"/api/v1/devices/{self.device}/removal_code")["newest"]
        self.assertTrue(newest["used_at"], newest)

        def loud():
            acts = [one["act"] for one in self.admin.get("/api/v1/audit")["items"]]
            return {"agent_removal_code", "agent_removal_allowed", "agent_removed_without_code"} <= set(acts)
        wait_until(loud, PATIENCE, "the audit trail to show it")


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped: " + reason)
        sys.exit(SKIPPED)
    unittest.main()
