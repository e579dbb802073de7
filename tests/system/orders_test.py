#!/usr/bin/env python3
"""Goal: two people order a machine cut off, and it is: everyone but the hub, with a result that has its proof; one person gives it back; an agent
that is killed meanwhile lifts nothing, and the end of its time does.

Method: a hub and an agent, each in a network namespace of this test's own, joined by a pair of interfaces; a "stranger" beside the hub. Needs
root, ip, nsenter and nft; says what is missing and skips.
"""
import datetime
import os
import shutil
import socket
import subprocess
import sys
import time
import unittest

from harness import SKIPPED, Agent, Process, World, wait_until

HUB, MACHINE, STRANGER = "10.77.0.1", "10.77.0.2", "10.77.0.3"
# A busy machine may take its time.
PATIENCE = 90
MARK = "LUY_ORDERS_TEST_NETWORK"


def missing():
    if os.geteuid() != 0:
        return "making network namespaces needs root"
    for program in ("ip", "nsenter", "unshare", "nft"):
        if not shutil.which(program, path="/usr/sbin:/sbin:/usr/bin:/bin"):
            return f"the program {program} is not installed"
    done = subprocess.run(["unshare", "--net", "true"], capture_output=True, text=True)
    return "" if done.returncode == 0 else "this system makes no network namespace: " + done.stderr.strip()


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True)


class Network:
    """The namespace of the machine. Ours is where the hub and the stranger are."""

    def __init__(self):
        ours = os.readlink("/proc/self/ns/net")
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "600"])
        wait_until(lambda: os.readlink(f"/proc/{self.holder.pid}/ns/net") != ours, PATIENCE, "the machine's network")
        ip("link", "set", "lo", "up")
        ip("link", "add", "hubside", "type", "veth", "peer", "name", "machine", "netns", str(self.holder.pid))
        for address in (HUB, STRANGER):
            ip("addr", "add", address + "/24", "dev", "hubside")
        ip("link", "set", "hubside", "up")
        for arguments in (["link", "set", "lo", "up"], ["addr", "add", MACHINE + "/24", "dev", "machine"], ["link", "set", "machine", "up"]):
            subprocess.run([*self.inside, "ip", *arguments], check=True)
        self.stranger = socket.create_server((STRANGER, 0), backlog=128)
        self.port = self.stranger.getsockname()[1]

    @property
    def inside(self):
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net"]

    def reaches_stranger(self):
        """Whether a connection from the machine gets through within two seconds."""
        probe = f"import socket; socket.create_connection(('{STRANGER}', {self.port}), 2).close()"
        return subprocess.run([*self.inside, sys.executable, "-c", probe], stderr=subprocess.DEVNULL).returncode == 0

    def close(self):
        self.stranger.close()
        self.holder.kill()
        self.holder.wait()


class MachineAgent(Agent):
    def __init__(self, folder, network):
        super().__init__(folder)
        self.network = network

    def start(self, *options):
        self.process = Process([*self.network.inside, self.program, "run", "--data", self.data, "--no-integrity", "--no-journal", "--logs",
                                os.path.join(os.path.dirname(self.data), "logs"), *options], self.log)


class OrdersTest(unittest.TestCase):
    def setUp(self):
        self.network = Network()
        self.addCleanup(self.network.close)
        self.world = World()
        hub = self.world.hub
        plain = hub.arguments
        hub.arguments = lambda **options: [HUB if one == "127.0.0.1" else one for one in plain(**options)]

    def second_person(self, admin):
        """The head of the agency, who has the right to agree."""
        agency = admin.get("/api/v1/agencies")["agencies"][0]["id"]
        status, made = admin.call("POST", "/api/v1/accounts", {"agency": agency, "person_name": "Người thủ trưởng", "username": "thutruong"})
        self.assertEqual(status, 201, made)
        status, given = admin.call("POST", f"/api/v1/accounts/{made['account']['id']}/roles", {"role": "agency_head", "agency": agency})
        self.assertTrue(status in (200, 201) and given["done"], (status, given))
        codes, self.world.hub.codes = self.world.hub.codes, []
        head = self.world.hub.signed_in("thutruong", made["one_time_password"])
        self.world.hub.codes = codes
        return head

    def settled(self, order):
        one = next(one for one in self.admin.get(self.path)["orders"] if one["id"] == order)
        return one if one["state"] not in ("waiting", "taken") else None

    def wait_settled(self, order):
        one = wait_until(lambda: self.settled(order), PATIENCE, "the result of an order")
        self.assertEqual(one["state"], "done", one)
        return one

    def isolate(self, seconds):
        wanted = {"type": "isolate_network", "reason": "Máy có dấu hiệu bị chiếm quyền", "seconds": seconds, "case": self.case}
        status, asked = self.admin.call("POST", self.path, wanted)
        self.assertEqual(status, 202, asked)
        self.assertIsNone(asked["order"])
        status, refusal = self.admin.call("POST", f"/api/v1/acts/{asked['act']}/agree")
        self.assertEqual(status, 403, "nobody agrees with themselves")
        act = next(one for one in self.head.get("/api/v1/acts")["acts"] if one["id"] == asked["act"])
        self.assertEqual({key: act["after"][key] for key in wanted}, wanted, "the second person sees exactly what will happen")
        before = {one["id"] for one in self.admin.get(self.path)["orders"]}
        status, done = self.head.call("POST", f"/api/v1/acts/{asked['act']}/agree")
        self.assertEqual(status, 204, done)
        new = [one for one in self.admin.get(self.path)["orders"] if one["id"] not in before]
        self.assertEqual(len(new), 1)
        self.assertEqual((new[0]["asked_by"], new[0]["agreed_by"]), ("quantri", "thutruong"))
        return new[0]["id"]

    def test_a_machine_is_cut_off_by_two_and_given_back(self):
        with self.world as world:
            secrets = world.hub.setup()
            info = world.hub.start(extra=["--check-responses"])
            self.admin = world.hub.signed_in(secrets["username"], secrets["password"])
            agent = MachineAgent(world.folder, self.network)
            world.agents.append(agent)
            os.makedirs(os.path.join(world.folder, "logs"))
            enrolled = agent.enrol(info["console_url"], secrets["token"], info["fingerprint"])
            self.assertEqual(enrolled.returncode, 0, enrolled.stderr)
            agent.start()
            device = wait_until(lambda: self.admin.get("/api/v1/devices")["devices"], PATIENCE, "the device")[0]["id"]
            self.path = f"/api/v1/devices/{device}/orders"
            self.head = self.second_person(self.admin)
            agency = self.admin.get("/api/v1/agencies")["agencies"][0]["id"]
            found = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
            status, case = self.admin.call("POST", "/api/v1/incidents", {"agency": agency, "title": "Máy bị chiếm quyền", "discovered_at": found})
            self.assertEqual(status, 201, case)
            self.case = case["id"]
            wait_until(self.network.reaches_stranger, PATIENCE, "the way to the stranger")

            with self.subTest("isolated by two, with proof, and released by one"):
                asked_at = time.monotonic()
                result = self.wait_settled(self.isolate(600))
                print(f"from the agreement to the proof: {time.monotonic() - asked_at:.1f} s")
                self.assertIn(HUB, result["result"]["details"]["kept"])
                self.assertFalse(self.network.reaches_stranger(), "the stranger is cut off")
                # A signed checkpoint covers the record some seconds after it is stored; until then the hub says so with 429.
                wait_until(lambda: self.admin.call("GET", f"/api/v1/events/{result['proof']}/proof")[0] == 200, PATIENCE, "the proof of the result")
                status, given_back = self.admin.call("POST", self.path, {"type": "release_network", "reason": "Đã xử lý xong"})
                self.assertEqual(status, 201, given_back)
                self.wait_settled(given_back["order"]["id"])
                wait_until(self.network.reaches_stranger, PATIENCE, "the way back")

            with self.subTest("a killed agent lifts nothing, the end of its time does"):
                result = self.wait_settled(self.isolate(30))
                agent.process.kill9()
                until = datetime.datetime.fromisoformat(result["parameters"]["until"].replace("Z", "+00:00")).timestamp()
                # However slow the machine is: whenever the stranger was reached, the time had run out by then.
                wait_until(self.network.reaches_stranger, PATIENCE, "the end of isolation")
                self.assertGreaterEqual(time.time(), until - 2, "it lasted")


if __name__ == "__main__":
    if os.environ.get(MARK):
        unittest.main()
    reason = missing()
    if reason:
        print("skipped: " + reason)
        sys.exit(SKIPPED)
    # The hub's side is a namespace of its own too: this machine's network is never touched.
    os.environ[MARK] = "1"
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.argv])
