#!/usr/bin/env python3
"""Goal: what the head has signed is sealed by the hub with the agency's key on a token, and only that; what goes wrong is told apart and leaves
the paper as it was.

Method: a real hub; SoftHSM2 as the token, with a key that the test's CA vouches for; `pdfsig` as a second opinion. Skips where softhsm2 or
opensc is not installed.
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import time
import zlib

from harness import BIN, SKIPPED, World
from incident_test import Town, expect, now, openssl, refused

DRIVER = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "246810"


def ring():
    """A red ring on a transparent ground, as a PNG of 400 by 400 pixels."""
    size, rows = 400, b""
    for y in range(size):
        row = b"\0"
        for x in range(size):
            far = (x - size / 2) ** 2 + (y - size / 2) ** 2
            row += b"\xd0\x10\x10\xff" if 170 ** 2 < far < 195 ** 2 or far < 60 ** 2 else b"\0\0\0\0"
        rows += row

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, (command, done.stdout, done.stderr)


def make_token(folder):
    tokens = os.path.join(folder, "tokens")
    os.makedirs(tokens)
    os.environ["SOFTHSM2_CONF"] = os.path.join(folder, "softhsm2.conf")
    with open(os.environ["SOFTHSM2_CONF"], "w") as file:
        file.write(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n")
    run("softhsm2-util", "--init-token", "--free", "--label", "vanthu", "--so-pin", "5678", "--pin", PIN)
    return tokens


def put_on_token(authority):
    """The agency's key and certificate."""
    both, _ = authority.issue("UBND thi xa")
    p8, der = authority.at("seal.p8"), authority.at("seal.der")
    openssl("pkcs8", "-topk8", "-nocrypt", "-in", both, "-out", p8)
    openssl("x509", "-in", authority.at("UBND thi xa.pem"), "-outform", "DER", "-out", der)
    run("softhsm2-util", "--import", p8, "--token", "vanthu", "--label", "con-dau", "--id", "07", "--pin", PIN)
    run("pkcs11-tool", "--module", DRIVER, "--token-label", "vanthu", "--login", "--pin", PIN, "--write-object", der, "--type", "cert", "--label",
        "con-dau", "--id", "07")


def write(path, data, mode=0o600):
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)


class Declaration:
    def __init__(self, town):
        self.folder = os.path.join(town.world.hub.data, "seals")
        os.makedirs(self.folder)
        self.code = town.admin.get("/api/v1/agencies")["agencies"][0]["code"]
        self.pin = os.path.join(self.folder, "pin")
        write(self.pin, PIN.encode())
        write(os.path.join(self.folder, "dau.png"), ring())

    def write(self, **changes):
        body = {"agency": self.code, "name": "UBND thi xa", "module": DRIVER, "token": "vanthu", "key": "con-dau", "pin_file": "pin", "picture": "dau.png"}
        write(os.path.join(self.folder, "a.json"), json.dumps({**body, **changes}).encode())


def signed_report(town):
    for who, certificate in (("agency_head", town.head_certificate),):
        town.register(who, certificate)
    case = expect(town.officer.call("POST", "/api/v1/incidents",
                                    {"agency": town.agency, "title": "Máy chủ tệp bị mã hóa", "system": "FS-01", "discovered_at": now(-30)}), 201)
    fields = {"reporter_address": "Số 1 Trần Phú", "reporter_phone": "0237 377 0000", "reporter_email": "vp@bimson.vn", "contact_name": "Lê Thị Bình",
              "contact_phone": "0237 377 0001", "contact_email": "binh@bimson.vn", "detection": ["log"], "notified": ["isp"],
              "description": "Máy chủ FS-01 bị mã hóa tệp."}
    path, _ = town.issue_paper(case["id"], "bao-cao-ban-dau", fields)
    refused(town.officer.call("POST", path + "/seal"), "incident.not_to_seal", "nobody has signed")
    expect(town.hand_in(path, town.sign(town.file(path), town.head_key)), 200)
    return path


def what_goes_wrong(town, path, declared, tokens):
    def seal_fails(code, what):
        refused(town.officer.call("POST", path + "/seal"), code, what)
        assert len(town.officer.get(path)["signers"]) == 1, "the paper is as it was"

    assert town.officer.get(path)["seal"] is None, "no seal is declared"
    seal_fails("seal.none", "no seal is declared")
    declared.write(colour="red")
    assert "a.json: colour" in town.officer.get(path)["seal"]["problem"]["vi"]
    seal_fails("seal.bad_file", "a key that nobody knows")
    declared.write()
    assert town.officer.get(path)["seal"] == {"problem": None}
    os.chmod(declared.pin, 0o644)
    seal_fails("seal.pin_exposed", "everybody may read the PIN")
    write(declared.pin, b"000000")
    for _ in range(15):
        seal_fails("signature.token_pin", "a wrong PIN")
    write(declared.pin, PIN.encode())
    os.rename(tokens, tokens + ".pulled")
    seal_fails("signature.token_missing", "the token was pulled out")
    os.rename(tokens + ".pulled", tokens)
    declared.write(time_stamp="http://127.0.0.1:1/")
    seal_fails("seal.time_stamp_unreachable", "no time-stamp")
    declared.write(module="/nonexistent/driver.so")
    seal_fails("signature.token_missing", "no driver")
    declared.write()


def sealed_once(town, path):
    began = time.monotonic()
    sealed = expect(town.officer.call("POST", path + "/seal"), 200)
    print(f"sealed in {time.monotonic() - began:.2f} s")
    assert [one["name"] for one in sealed["signers"]][-1] == "UBND thi xa" and len(sealed["signers"]) == 2, sealed["signers"]
    assert sealed["state"] == "signed" and sealed["awaiting"] == [], sealed
    pdf = town.file(path, "signed")
    file = os.path.join(town.world.folder, "sealed.pdf")
    write(file, pdf)
    done = subprocess.run([os.path.join(BIN, "luy"), "paper", "verify", file, "--trust", town.authority.ca], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.count(": valid") == 2, done.stdout
    if shutil.which("pdfsig"):
        said = subprocess.run(["pdfsig", file], capture_output=True, text=True).stdout
        assert said.count("Signature is Valid.") == 2, said
    refused(town.officer.call("POST", path + "/seal"), "incident.already_sealed")
    sent = {"to": "Công an tỉnh (PA05)", "channel": "Trục liên thông", "at": now()}
    delivered = expect(town.officer.call("POST", path + "/deliveries", sent), 200)
    assert len(delivered["deliveries"]) == 1


def main():
    if not os.path.exists(DRIVER) or not shutil.which("softhsm2-util") or not shutil.which("pkcs11-tool"):
        print("skipped: softhsm2 or opensc is not installed")
        return SKIPPED
    with World() as world:
        tokens = make_token(world.folder)
        town = Town(world)
        town.trust()
        put_on_token(town.authority)
        path = signed_report(town)
        declared = Declaration(town)
        what_goes_wrong(town, path, declared, tokens)
        sealed_once(town, path)
    print("seals: passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
