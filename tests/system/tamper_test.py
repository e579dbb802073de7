#!/usr/bin/env python3
"""Goal: whoever ends the agent by force, stops it, or puts another file in its place is found: each opens a finding on the machine with its evidence, and
an agent that merely goes on running opens none.

Method: a hub and a real agent; kill -9, SIGTERM, and a copy of the agent's program to which bytes are added, each followed by a start.
"""
import hashlib
import os
import shutil
import unittest

from harness import BIN, World, wait_until

PATIENCE = 120
KILLED = "Phần mềm giám sát Lũy bị dừng đột ngột hoặc bị thay tệp chương trình"
STOPPED = "Phần mềm giám sát Lũy bị dừng trong khi máy vẫn chạy"


class TamperTest(unittest.TestCase):
    def times(self, words):
        items = self.admin.get("/api/v1/findings", device=self.device, limit=200)["items"]
        return sum(one["count"] for one in items if one["title"]["vi"] == words)

    def wait_for(self, words, times):
        wait_until(lambda: self.times(words) == times, PATIENCE, f"{words}: {times}")

    def own_fact(self):
        return next((one["body"] for one in self.admin.get(f"/api/v1/devices/{self.device}")["facts"] if one["kind"] == "agent"), None)

    def run_agent(self, agent):
        agent.start("--no-integrity", "--no-journal", "--logs", os.path.join(self.world.folder, "logs"))

    def test_what_is_done_to_the_agent_is_found(self):
        with World() as world:
            self.world = world
            os.makedirs(os.path.join(world.folder, "logs"))
            programs = os.path.join(world.folder, "programs")
            os.makedirs(programs)
            program = os.path.join(programs, "luy-agent")
            shutil.copy2(os.path.join(BIN, "luy-agent"), program)

            secrets = world.hub.setup()
            info = world.hub.start(extra=["--check-responses"])
            self.admin = world.hub.signed_in(secrets["username"], secrets["password"])
            agent = world.agent(program_folder=programs)
            self.assertEqual(agent.enrol(info["console_url"], secrets["token"], info["fingerprint"]).returncode, 0)
            self.run_agent(agent)
            self.device = wait_until(lambda: self.admin.get("/api/v1/devices")["devices"], PATIENCE, "the device")[0]["id"]

            # It is enrolled before it runs: what it says of itself shows that it does.
            wait_until(self.own_fact, PATIENCE, "the agent's own fact")
            agent.process.kill9()
            self.run_agent(agent)
            self.wait_for(KILLED, 1)
            self.assertEqual(self.times(STOPPED), 0)

            self.assertEqual(agent.process.stop(), 0)
            self.run_agent(agent)
            self.wait_for(STOPPED, 1)
            self.assertEqual(self.times(KILLED), 1, "an orderly stop is not a kill")

            self.assertEqual(agent.process.stop(), 0)
            with open(program, "ab") as file:
                file.write(b"\n")
            self.run_agent(agent)
            self.wait_for(KILLED, 2)
            self.wait_for(STOPPED, 2)
            with open(program, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
            wait_until(lambda: self.own_fact().get("program_sha256") == digest, PATIENCE, "the digest of the other file")


if __name__ == "__main__":
    unittest.main()
