#!/usr/bin/env python3
"""Goal: what somebody takes out of the audit trail is proved by somebody who has only sh and openssl, and by `luy evidence verify`; one
altered byte is seen by each of them.

Method: a real hub; the trail of one person's acts is exported over the API, unpacked and verified with the key that the hub gave at
installation; then each kind of file of a copy is altered.
"""
import os
import re
import shutil

from handover_test import flip, run, unpack, vkey_of
from harness import BIN, World, wait_until
from incident_test import Town, expect, refused


def plain_tools(folder, key):
    done = run("sh", "verify.sh", key, cwd=folder)
    return done.returncode == 0, done.stdout + done.stderr


def our_tool(folder, key):
    done = run(os.path.join(BIN, "luy"), "evidence", "verify", "--package", folder, "--key", key)
    said = done.stdout + done.stderr
    # A refusal that names no fault is a tool that could not work, and proves nothing.
    assert done.returncode == 0 or re.search(r"LỖI/FAULT verify\.[a-z_]+", said) or "evidence.note" in said, said
    return done.returncode == 0, said


def main():
    with World() as world:
        town = Town(world)
        expect(town.officer.call("POST", "/api/v1/wifi", {"agency": town.agency, "ssid": "UBND-1", "security": "wpa3"}), 201)
        wanted = {"person": "nguoi.security.officer", "act": "wifi.recorded"}
        refused(town.office.call("POST", "/api/v1/audit/export", wanted), "directory.not_allowed", "reads it, takes nothing out")
        key = vkey_of(town)

        def exported():
            status, body = town.head.call("POST", "/api/v1/audit/export", wanted)
            if status == 200:
                return [body]
            refused((status, body), "hub.audit_export_unsigned|evidence.store_empty")
            return []

        folder = os.path.join(unpack(town, wait_until(exported, 60, "entries under a signature")[0], "trail"), "nhat-ky-thao-tac")
        for tool in (plain_tools, our_tool):
            sound, said = tool(folder, key)
            assert sound, said
        with open(os.path.join(folder, "records.tsv")) as file:
            assert "UBND-1" in file.read()
        record = next(name for name in os.listdir(os.path.join(folder, "records")) if name.endswith(".leaf"))
        for name in (f"records/{record}", f"records/{record[:-5]}.tlog-proof", "records.tsv", "checkpoint", "manifest", "SHA256SUMS"):
            copy = os.path.join(world.folder, "copy")
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(folder, copy)
            flip(os.path.join(copy, name), os.path.getsize(os.path.join(copy, name)) // 2)
            for tool in (plain_tools, our_tool):
                sound, said = tool(copy, key)
                assert not sound, (tool.__name__, name, said)
        noted = town.head.get("/api/v1/audit", act="evidence_export", outcome="done")["items"]
        assert noted and noted[0]["who"]["name"] == "nguoi.agency.head" and noted[0]["after"]["records"] == 1, noted
        print("the trail of a person: exported, verified by sh and by luy, one altered byte seen by both")


if __name__ == "__main__":
    main()
