#!/usr/bin/env python3
"""Goal: the agency sets a weekly scan; the machine's agent takes the signed policy, has a real clamd look at every file, and the test file of EICAR is
found, told with its proof and its finding, and taken away; it comes back by an order of one person, and what another one found is deleted by two. The
duty of the weekly scan is kept from then on.

Method: a hub, an agent, and a clamd of the test's own with one signature of the test's own for the body of the EICAR file; those of the Internet are not
needed. Says what is missing and skips.
"""
import os
import sys
import unittest

from harness import SKIPPED, Process, World, wait_until

PATIENCE = 120
CLAMD = "/usr/sbin/clamd"
# Put together, so that no scanner takes this file away.
EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"


def missing():
    if not os.path.exists(CLAMD):
        return "clamd (package clamav-daemon) is not installed"
    return "" if os.geteuid() == 0 else "clamd is started as root here"


class AntivirusTest(unittest.TestCase):
    def start_clamd(self, folder):
        database = os.path.join(folder, "db")
        os.makedirs(database)
        with open(os.path.join(database, "luy.ndb"), "w") as file:
            # Not called after EICAR: what is, is no alarm.
            file.write("Luy.ThuNghiem:0:0:" + EICAR.encode().hex() + "\n")
        self.socket = os.path.join(folder, "clamd.ctl")
        config = os.path.join(folder, "clamd.conf")
        with open(config, "w") as file:
            file.write(f"LocalSocket {self.socket}\nDatabaseDirectory {database}\nForeground yes\nUser root\n")
        clamd = Process([CLAMD, "--config-file=" + config], os.path.join(folder, "clamd.log"))
        self.addCleanup(lambda: clamd.alive() and clamd.kill9())

    def second_person(self, admin, agency):
        status, made = admin.call("POST", "/api/v1/accounts", {"agency": agency, "person_name": "Người thủ trưởng", "username": "thutruong"})
        self.assertEqual(status, 201, made)
        status, given = admin.call("POST", f"/api/v1/accounts/{made['account']['id']}/roles", {"role": "agency_head", "agency": agency})
        self.assertTrue(status in (200, 201) and given["done"], (status, given))
        codes, self.world.hub.codes = self.world.hub.codes, []
        head = self.world.hub.signed_in("thutruong", made["one_time_password"])
        self.world.hub.codes = codes
        return head

    def fact(self):
        detail = self.admin.get(f"/api/v1/devices/{self.device}")
        return next((one["body"] for one in detail["facts"] if one["kind"] == "antivirus"), {})

    def quarantined(self, name):
        return next((one for one in self.fact().get("quarantine") or [] if one["path"].endswith(name)), None)

    def settle(self, order):
        def result():
            one = next(one for one in self.admin.get(self.orders)["orders"] if one["id"] == order)
            return one if one["state"] not in ("waiting", "taken") else None

        one = wait_until(result, PATIENCE, "the result of an order")
        self.assertEqual(one["state"], "done", one)

    def test_eicar_is_found_in_the_weekly_scan(self):
        self.world = World()
        with self.world as world:
            secrets = world.hub.setup()
            info = world.hub.start(extra=["--check-responses"])
            self.admin = world.hub.signed_in(secrets["username"], secrets["password"])
            agency = self.admin.get("/api/v1/agencies")["agencies"][0]["id"]
            files = os.path.join(world.folder, "tệp của dân")
            os.makedirs(os.path.join(files, "thư"))
            os.makedirs(os.path.join(world.folder, "logs"))
            for name, text in (("thư/hóa đơn.com", EICAR), ("khác.com", EICAR + " "), ("công văn.txt", "sạch")):
                with open(os.path.join(files, name), "w") as file:
                    file.write(text)
            os.symlink("/etc", os.path.join(files, "liên kết"))
            self.start_clamd(world.folder)

            settings = f"/api/v1/agencies/{agency}/device-settings"
            section = self.admin.get(settings)["sections"]["antivirus"]
            section.update(paths=[files], from_minute=0, until_minute=1440, busy_percent=100, pause_on_battery=False, pause_load_percent=1000)
            status, done = self.admin.call("PUT", settings, {"antivirus": section, "reason": "Quét hằng tuần"})
            self.assertEqual((status, done["weakened"]), (200, ["antivirus.paths"]), "a hub with one person waits for nobody")

            agent = world.agent()
            enrolled = agent.enrol(info["console_url"], secrets["token"], info["fingerprint"])
            self.assertEqual(enrolled.returncode, 0, enrolled.stderr)
            agent.start("--no-integrity", "--no-journal", "--logs", os.path.join(world.folder, "logs"), "--clamd", self.socket)
            self.device = wait_until(lambda: self.admin.get("/api/v1/devices")["devices"], PATIENCE, "the device")[0]["id"]
            self.orders = f"/api/v1/devices/{self.device}/orders"

            def held():
                policy = self.admin.get(f"/api/v1/devices/{self.device}/settings")["policy"]
                return policy if policy["state"] == "held" else None

            policy = wait_until(held, PATIENCE, "the policy to be held")
            self.assertEqual((policy["held_version"], policy["unknown"]), (policy["version"], []))
            self.assertIsNotNone(policy["proof"])

            scan = wait_until(lambda: (self.fact().get("scan") or {}).get("ended_at"), PATIENCE, "the end of the scan")
            self.assertTrue(scan)
            body = self.fact()
            self.assertEqual((body["scan"]["state"], body["scan"]["files"], body["scan"]["infected"]), ("idle", 3, 2), body)
            self.assertEqual(sorted(os.listdir(files)), ["công văn.txt", "liên kết", "thư"])
            verdict = wait_until(lambda: next((one for one in self.admin.get("/api/v1/verdicts", subject=self.device)["verdicts"]
                                               if one["obligation"] == "5.4-weekly-scan" and one["state"] == "kept"), None), PATIENCE, "the duty to be kept")
            self.assertTrue(verdict["proof"])
            finding = wait_until(lambda: self.admin.get("/api/v1/findings", device=self.device, q="mã độc")["items"], PATIENCE, "the finding")
            self.assertTrue(finding)

            taken = wait_until(lambda: self.quarantined("hóa đơn.com"), PATIENCE, "the quarantine")
            self.assertEqual(taken["signature"], "Luy.ThuNghiem.UNOFFICIAL")
            status, order = self.admin.call("POST", self.orders, {"type": "restore_quarantined", "reason": "Nhận nhầm", "item": taken["item"],
                                                                 "sha256": taken["sha256"]})
            self.assertEqual(status, 201, order)
            self.settle(order["order"]["id"])
            with open(os.path.join(files, "thư", "hóa đơn.com")) as file:
                self.assertEqual(file.read(), EICAR)

            head = self.second_person(self.admin, agency)
            other = self.quarantined("khác.com")
            wanted = {"type": "delete_quarantined", "reason": "Mã độc thật", "item": other["item"], "sha256": other["sha256"]}
            status, asked = self.admin.call("POST", self.orders, wanted)
            self.assertEqual(status, 202, asked)
            status, done = head.call("POST", f"/api/v1/acts/{asked['act']}/agree")
            self.assertEqual(status, 204, done)
            self.settle(self.admin.get(self.orders)["orders"][0]["id"])
            wait_until(lambda: self.fact().get("quarantine") == [], PATIENCE, "the quarantine to be empty")
            self.assertFalse([one for one in os.listdir(os.path.join(agent.data, "quarantine")) if one.endswith(".file")])

            status, asked = self.admin.call("PUT", settings, {"antivirus": dict(section, scan=False), "reason": "Tắt quét"})
            self.assertEqual((status, asked["weakened"]), (202, ["antivirus.scan"]), "now there are two")


if __name__ == "__main__":
    reason = missing()
    if reason:
        print("skipped: " + reason)
        sys.exit(SKIPPED)
    unittest.main()
