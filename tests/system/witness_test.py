#!/usr/bin/env python3
"""Goal: two hubs witness each other over TLS; what root on one of them puts back to yesterday is seen on the other, and a tree begun after that names the loss.

Method: two real hubs on loopback, each registered with the other; one is stopped, its whole data folder is put back, and it is started again. What was
cosigned is checked by `luy evidence verify`.
"""
import glob
import os
import shutil
import subprocess
import sys
import time

from harness import BIN, PASSWORD, ROOT, Hub, World, wait_until

LUY = os.path.join(BIN, "luy")


class Town:
    """A hub with its administrator signed in, and the other's authority among its files."""

    def __init__(self, world, name):
        self.asked = 0.0
        folder = os.path.join(world.folder, name)
        os.mkdir(folder)
        self.hub = Hub(folder)
        self.secrets = self.hub.setup()
        self.hub.start()
        self.api = self.hub.signed_in(self.secrets["username"], self.secrets["password"])

    def sign_in(self):
        self.api = self.hub.signed_in(self.secrets["username"], PASSWORD)

    def standing(self):
        return self.api.get("/api/v1/witness")

    def post(self, path, body):
        status, answer = self.api.call("POST", "/api/v1/witness" + path, body)
        assert status in (201, 204), (path, status, answer)
        return answer

    def trust(self, other):
        """Has the other cosign, and cosigns the other."""
        there = other.standing()
        folder = os.path.join(self.hub.data, "notices")
        os.makedirs(folder, exist_ok=True)
        shutil.copy(os.path.join(other.hub.data, "keys", "ca.crt"), os.path.join(folder, "other-ca.crt"))
        self.post("/origins", {"name": "Bên kia", "vkey": there["vkey"]})
        url = other.hub.info["console_url"].rstrip("/") + "/api/v1/witness"
        self.post("/witnesses", {"name": "Bên kia", "url": url.replace("localhost", "127.0.0.1"), "vkey": there["witness_vkey"],
                                 "networks": ["127.0.0.0/8"], "ca_file": "other-ca.crt"})

    def witness(self):
        """What is known of the witness; now and then it is asked once more, for it answers 120 times a minute."""
        if time.monotonic() - self.asked > 2:
            self.post("/ask", None)
            self.asked = time.monotonic()
        return self.standing()["witnesses"][0]

    def until(self, state):
        return wait_until(lambda: (lambda one: one if one["state"] == state else None)(self.witness()), 180, f"state {state}")

    def evidence(self):
        return os.path.join(self.hub.data, "evidence")


def verify(*arguments):
    return subprocess.run([LUY, "evidence", "verify", *arguments], capture_output=True, text=True)


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return path


def cosigned_and_verified(world, town, other):
    """Each sees the other grow, and the folder says how far the other vouches."""
    first = town.until("good")["size"]
    # Acts are records; more of them than a start of the hub makes, so that the copy stays behind.
    for _ in range(40):
        status, answer = town.api.call("PUT", "/api/v1/witness/time-stamp", {"url": None})
        assert status == 204, answer
    wait_until(lambda: town.witness()["size"] >= first + 40, 180, "a larger tree to be cosigned")
    seen = wait_until(lambda: [one for one in other.standing()["origins"] if one["state"] == "good"], 60, "the other to have seen it")
    assert seen[0]["origin"] == town.standing()["origin"], seen
    assert glob.glob(town.evidence() + "/*.cosigned"), os.listdir(town.evidence())
    key = write(os.path.join(world.folder, "key"), town.standing()["vkey"])
    witness = write(os.path.join(world.folder, "witness"), other.standing()["witness_vkey"])
    wrong = write(os.path.join(world.folder, "wrong"), town.standing()["witness_vkey"])
    town.hub.process.stop()
    done = verify("--data", town.hub.data, "--key", key, "--witness", witness)
    assert done.returncode == 0 and "verify.cosigned" in done.stdout, done.stdout + done.stderr
    done = verify("--data", town.hub.data, "--key", key, "--witness", wrong)
    assert done.returncode != 0 and "verify.cosignature_absent" in done.stdout, done.stdout
    go_agrees(world, town, witness, wrong)
    return key


def go_agrees(world, town, key, wrong):
    """Somebody else's code opens the cosigned notes (golang.org/x/mod/sumdb/note of Debian's golang-golang-x-mod-dev)."""
    go = next((one for one in ("/usr/bin/go", shutil.which("go")) if one and os.access(one, os.X_OK)), None)
    modules = "/usr/share/gocode"
    if not go or not os.path.isdir(modules + "/src/golang.org/x/mod/sumdb/note"):
        print("skipped: golang-go and golang-golang-x-mod-dev are not installed, nobody else's code looked at the notes")
        return
    program = os.path.join(world.folder, "cosigncheck")
    source = os.path.join(ROOT, "tests", "independent", "cosigncheck.go")
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": modules, "GOFLAGS": "", "GOCACHE": os.path.join(world.folder, "go-cache")}
    subprocess.run([go, "build", "-o", program, source], check=True, env=environment)
    files = glob.glob(town.evidence() + "/*.cosigned")
    done = subprocess.run([program, key, *files], capture_output=True, text=True)
    assert done.returncode == 0 and int(done.stdout.split()[1]) > 0, done.stdout + done.stderr
    done = subprocess.run([program, wrong, *files], capture_output=True, text=True)
    assert done.returncode == 1 and "NOT COSIGNED" in done.stderr, done.stderr
    altered = os.path.join(world.folder, "altered")
    with open(files[0], encoding="utf-8") as file:
        text = file.read()
    size = text.split("\n")[2]
    write(altered, text.replace("\n" + size + "\n", "\n" + size + "0\n", 1).rstrip("\n"))
    assert subprocess.run([program, key, altered], capture_output=True).returncode == 1


def put_back(town, kept):
    shutil.rmtree(town.hub.data)
    shutil.copytree(kept, town.hub.data)


def main():
    with World() as world:
        # The first is ended by the world; the second here.
        town = Town(world, "town")
        world.hub = town.hub
        other = Town(world, "other")
        try:
            town.trust(other)
            other.trust(town)
            town.until("good")
            other.until("good")
            # A copy of everything, as a backup has it.
            town.hub.process.stop()
            kept = os.path.join(world.folder, "kept")
            shutil.copytree(town.hub.data, kept)
            town.hub.start()
            town.sign_in()
            key = cosigned_and_verified(world, town, other)

            # Yesterday's folder, keys and all: nothing on this machine knows better.
            put_back(town, kept)
            town.hub.start()
            town.sign_in()
            other.sign_in()
            exposed = town.until("exposed")
            assert exposed["problem"], exposed
            proofs = [one for one in town.standing()["proofs"] if one["side"] == "ours"]
            assert proofs and proofs[0]["kind"] == "rolled_back", proofs
            sizes = [int(proofs[0][part].split("\n")[1]) for part in ("cosigned", "submitted")]
            assert sizes[0] > sizes[1], sizes
            # And it is seen off the hub, where root there has no say.
            theirs = [one for one in other.standing()["proofs"] if one["side"] == "theirs"]
            assert theirs and theirs[0]["kind"] == "rolled_back", theirs
            assert other.standing()["origins"][0]["state"] == "exposed"
            for each in (town, other):
                titles = [one["title"]["en"] for one in each.api.get("/api/v1/findings", kind="evidence")["items"]]
                assert any("another history" in title for title in titles), titles
            note = proofs[0]["cosigned"]

            # Somebody accepts the loss, on record: the new tree begins with what was cosigned of the old.
            town.hub.process.stop()
            lost = subprocess.run([town.hub.program, "accept-loss", "--data", town.hub.data, "--reason", "Khôi phục từ bản sao lưu cũ"], capture_output=True, text=True)
            assert lost.returncode == 0, lost.stderr
            out = os.path.join(world.folder, "last-note")
            epoch = subprocess.run([LUY, "evidence", "epoch", town.evidence(), "--out", out], capture_output=True, text=True)
            assert epoch.returncode == 0 and "Khôi phục" in epoch.stdout, epoch.stdout + epoch.stderr
            with open(out, encoding="utf-8") as file:
                assert file.read() == note
            done = verify(town.evidence() + ".lost-1", "--key", key, "--note", out)
            assert done.returncode != 0 and "verify.rolled_back" in done.stdout, done.stdout
            town.hub.start()
            town.sign_in()
            # The witness does not take the new tree for the old: it has to be told of it.
            refused = wait_until(lambda: (lambda one: one["problem"])(town.witness()), 60, "a problem")
            assert "404" in refused["en"], refused
            other.sign_in()
            other.post("/origins", {"name": "Thị xã, sau khi mất", "vkey": town.standing()["vkey"]})
            town.until("good")
        finally:
            if other.hub.process.alive():
                other.hub.process.stop()
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
