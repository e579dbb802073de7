#!/usr/bin/env python3
"""Goal: a package for the police (article 14) is proved by somebody who has only sha256sum, sh and openssl, and by `luy evidence
verify`; one altered byte is seen by each of them.

Method: a real hub and a real agent's records; the ZIP is fetched over the API, unpacked and verified with the key that the hub gave
at installation; then a copy is altered, and the sums are made to fit again as somebody would who wants to deceive.
"""
import csv
import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import time
import zipfile

from harness import BIN, World, wait_until
from incident_test import Town, b64, expect, local, meeting, now, person, refused


def run(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True)


def vkey_of(town):
    """The public key of the hub, as somebody writes it down at installation."""
    proof = wait_until(lambda: [body for status, body in [town.officer.call("GET", "/api/v1/events/0/proof")] if status == 200] or
                       [body for status, body in [town.admin.call("GET", "/api/v1/events/0/proof")] if status == 200], 20, "a signed record")[0]
    path = os.path.join(town.world.folder, "hub.vkey")
    with open(path, "w") as file:
        file.write(proof["root_key"] + "\n")
    return path


def make(town, one, body):
    return town.officer.call("POST", f"/api/v1/incidents/{one}/handovers", {"receiver": "Công an phường Bỉm Sơn", **body})


def a_case_with_evidence(town):
    case = expect(town.officer.call("POST", "/api/v1/incidents", {"agency": town.agency, "title": "Tấn công máy chủ tệp",
                                                                  "system": "FS-01", "discovered_at": now(-30)}), 201)
    base = f"/api/v1/incidents/{case['id']}"
    image = os.urandom(200_000)
    file = expect(town.officer.call("POST", base + "/files", {"name": "bộ nhớ.zip", "content": b64(b"PK\x03\x04" + image)}), 201)
    digest = hashlib.sha256(b"PK\x03\x04" + image).hexdigest()
    for body in ({"name": "Ảnh bộ nhớ FS-01", "taken_by": "Lê Thị Bình", "sha256": digest, "attachment": file["id"]},
                 {"name": "Ổ đĩa FS-01", "taken_by": "Kỹ thuật viên Hùng", "sha256": "ab" * 32, "seal": "NP-01"}):
        expect(town.officer.call("POST", base + "/parts", {"kind": "evidence", "body": {**body, "taken_at": now(-20)}}), 201)
    return case["id"], digest


def issued_minutes(town, one):
    give = {"name": "Lê Thị Bình", "position": "Chuyên viên", "unit": "Văn phòng"}
    path, issued = town.issue_paper(one, "bien-ban-ban-giao-chung-cu",
                                    {"started": local(-5), "ended": local(), "venue": "Trụ sở UBND", "giver": give,
                                     "receiver": {"name": "Trần Văn D", "position": "Điều tra viên", "unit": "Công an phường Bỉm Sơn"},
                                     "items": [{"what": "Ảnh bộ nhớ", "taken": "Lê Thị Bình", "hash": "x"}], "state": "Nguyên vẹn"})
    return path.rsplit("/", 1)[1], town.file(path)


def unpack(town, zip_bytes, name):
    folder = os.path.join(town.world.folder, name)
    path = folder + ".zip"
    with open(path, "wb") as file:
        file.write(zip_bytes)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def plain_tools(folder, key):
    sums = run("sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=folder)
    records = run("sh", "verify.sh", key, cwd=os.path.join(folder, "nhat-ky"))
    return sums.returncode == 0, records.returncode == 0, sums.stdout + sums.stderr + records.stdout + records.stderr


def our_tool(folder, key):
    done = run(os.path.join(BIN, "luy"), "evidence", "verify", "--package", os.path.join(folder, "nhat-ky"), "--key", key)
    said = done.stdout + done.stderr
    # A refusal that names no fault is a tool that could not work, and proves nothing.
    assert done.returncode == 0 or re.search(r"LỖI/FAULT verify\.[a-z_]+", said), said
    return done.returncode == 0, said


def resum(folder):
    for where in (os.path.join(folder, "nhat-ky"), folder):
        names = sorted(os.path.relpath(os.path.join(at, name), where) for at, _, files in os.walk(where) for name in files)
        with open(os.path.join(where, "SHA256SUMS"), "w") as out:
            for name in names:
                if name != "SHA256SUMS":
                    with open(os.path.join(where, name), "rb") as file:
                        out.write(f"{hashlib.sha256(file.read()).hexdigest()}  {name}\n")


def flip(path, at=-1):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    data[at] ^= 1
    with open(path, "wb") as file:
        file.write(data)


def refused_first(town, one, device):
    told = refused(make(town, one, {}), "incident.handover_elsewhere", "the disk is with the technician")
    assert "Kỹ thuật viên Hùng" in told["vi"] and "Ổ đĩa FS-01" in told["vi"], told
    draft = expect(town.officer.call("POST", f"/api/v1/incidents/{one}/papers", {"form": "bien-ban-ban-giao-chung-cu"}), 201)
    refused(make(town, one, {"paper": draft["id"]}), "incident.handover_paper", "a draft")
    refused(make(town, one, {"events": {"from": now(-60 * 24 * 40), "to": now(-60 * 24 * 39)}}), "incident.handover_elsewhere")
    parts = town.case(town.officer, one)["parts"]
    disk = next(part["id"] for part in parts if part["body"].get("name") == "Ổ đĩa FS-01")
    expect(town.officer.call("POST", f"/api/v1/incidents/{one}/parts", {"kind": "custody", "body": {
        "evidence": disk, "from": "Kỹ thuật viên Hùng", "to": "Lê Thị Bình", "handed_at": now(), "purpose": "Lập hồ sơ"}}), 201)
    days = refused(make(town, one, {"events": {"from": now(-60 * 24 * 40), "to": now(-60 * 24 * 39)}}), "incident.handover_days_missing")
    assert "/" in days["vi"], days
    refused(make(town, one, {"events": {"from": now(-1), "to": now(), "devices": ["01jd0000000000000000000000"]}}),
            "incident.handover_no_events|incident.handover_days_missing")


def minutes_of_today():
    """Whole ones since midnight where the regulation is in force."""
    local = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)
    return local.hour * 60 + local.minute


def main():
    with World() as world:
        town = Town(world)
        agent = world.agent()
        token = expect(town.admin.call("POST", "/api/v1/agents/tokens", {"agency": town.agency}), 201)["token"]
        done = agent.enrol(world.hub.info["console_url"], token, world.hub.info["fingerprint"])
        assert done.returncode == 0, done.stderr
        logs = os.path.join(world.folder, "logs")
        os.makedirs(logs)
        with open(os.path.join(logs, "auth.log"), "w") as file:
            for i in range(40):
                file.write(f"Nov 22 10:00:{i % 60:02} maychu sshd[4242]: Failed password for root from 203.0.113.9 port {40000 + i} ssh2\n")
        agent.start("--logs", logs, "--no-journal", "--no-integrity")
        device = wait_until(lambda: town.admin.get("/api/v1/devices")["devices"], 20, "the device")[0]["id"]
        one, image = a_case_with_evidence(town)
        refused_first(town, one, device)
        paper, pdf = issued_minutes(town, one)
        key = vkey_of(town)

        # The store begins with today: just after midnight an hour ago was yesterday, of which it has nothing.
        since = now(-min(60, minutes_of_today()))

        def made():
            answer = make(town, one, {"paper": paper, "events": {"from": since, "to": now(), "devices": [device]}})
            if answer[0] != 201:
                refused(answer, "incident.handover_unsigned|incident.handover_no_events|evidence.store_empty|evidence.not_covered")
                time.sleep(0.5)
                return None
            return answer[1] if answer[1]["records"] > 40 else None

        started = time.monotonic()
        package = wait_until(made, 60, "a package whose records are all signed")
        assert package["records"] > 40 and package["paper"] == paper, package
        path = f"/api/v1/incidents/{one}/handovers/{package['id']}/file"
        status, data = town.officer.call("GET", path)
        assert status == 200 and len(data) == package["bytes"] and hashlib.sha256(data).hexdigest() == package["sha256"]
        print(f"package: {package['records']} records, {package['bytes']} bytes, {time.monotonic() - started:.1f} s with waiting")

        folder = unpack(town, data, "goi")
        sums, records, said = plain_tools(folder, key)
        assert sums and records and "TOAN VEN / INTACT" in said, said
        ours, said = our_tool(folder, key)
        assert ours, said
        with open(os.path.join(folder, "chuoi-giao-nhan.json")) as file:
            custody = json.load(file)
        by_name = {item["name"]: item for item in custody["evidence"]}
        assert by_name["Ổ đĩa FS-01"]["holder"] == "Lê Thị Bình" and len(by_name["Ổ đĩa FS-01"]["custody"]) == 1, custody
        with open(os.path.join(folder, by_name["Ảnh bộ nhớ FS-01"]["file"]), "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == image
        with open(os.path.join(folder, "chuoi-giao-nhan.csv"), encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert {"Kỹ thuật viên Hùng"} == {row["Bên giao"] for row in rows if row["Việc"] == "Giao nhận"}, rows
        with open(os.path.join(folder, custody["minutes"]["file"]), "rb") as file:
            assert file.read() == pdf
        with open(os.path.join(folder, "README.txt")) as file:
            readme = file.read()
        assert "sha256sum -c SHA256SUMS" in readme and "To verify on any Linux machine" in readme, readme

        leaf = sorted(os.listdir(os.path.join(folder, "nhat-ky", "records")))[0].split(".")[0] + ".leaf"
        for name, clever in ((os.path.join("nhat-ky", "records", leaf), False), (os.path.join("nhat-ky", "records", leaf), True),
                             (os.path.join("nhat-ky", "checkpoint"), True), ("chuoi-giao-nhan.csv", False)):
            copy = os.path.join(world.folder, "copy")
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(folder, copy)
            flip(os.path.join(copy, name), 60 if name.endswith("leaf") else 20)
            if clever:
                resum(copy)
            sums, records, said = plain_tools(copy, key)
            assert sums == clever and (not records or name.endswith("csv")), (name, clever, said)
            ours, said = our_tool(copy, key)
            assert not ours or name.endswith("csv"), (name, clever, said)
        flip(os.path.join(world.folder, "goi.zip"), 1000)
        with open(os.path.join(world.folder, "goi.zip"), "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() != package["sha256"], "what its maker told is another"

        def proved():
            seq = next(each for each in town.case(town.officer, one)["handovers"] if each["id"] == package["id"])["seq"]
            return seq is not None and package["sha256"] in str(town.officer.call("GET", f"/api/v1/events/{seq}")[1])

        wait_until(proved, 20, "the package's hash in the evidence")
        world.hub.process.kill9()
        world.hub.start(extra=["--check-responses"])
        town.officer.parts = world.hub.api().parts
        assert town.officer.call("GET", path) == (200, data), "kept after kill -9"


if __name__ == "__main__":
    main()
