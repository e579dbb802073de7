#!/usr/bin/env python3
"""Goal: papers that belong to no case – form 05 of a period and the letter of a warning – go over the API from exact figures to the signed and sent
page, as PDF, DOCX and PDF/A; a namesake stands in nobody's place; a photo of 200 MB is refused and the hub goes on.

Method: a real hub with an officer, a head and a town office; a test CA of openssl's; `pdftotext` and LibreOffice where they are installed.
"""
import http.client
import json
import os
import select
import shutil
import ssl
import subprocess
import sys

from harness import World
from incident_test import Town, expect, local, meeting, now, refused

PERIOD = {"form": "bao-cao-tong-hop"}


def shown(town, path, kind="pdf"):
    if not shutil.which("pdftotext"):
        return None
    source = os.path.join(town.world.folder, "shown.pdf")
    pdf = town.file(path, kind)
    with open(source, "wb") as file:
        file.write(pdf)
    keep = os.environ.get("LUY_KEEP_PAPERS")
    if keep:
        os.makedirs(keep, exist_ok=True)
        with open(os.path.join(keep, path.rsplit("/", 1)[1] + f"-{kind}.pdf"), "wb") as out:
            out.write(pdf)
    return subprocess.run(["pdftotext", "-layout", source, "-"], capture_output=True, text=True, check=True).stdout


def open_case(town, kind):
    case = expect(town.officer.call("POST", "/api/v1/incidents",
                                    {"agency": town.agency, "title": "Vụ " + kind, "system": "FS-01", "discovered_at": now(-3 * 24 * 60)}), 201)
    expect(town.officer.call("PUT", f"/api/v1/incidents/{case['id']}/classification",
                             {"kind": kind, "properties": ["integrity"], "harms": [], "personal_data": False, "beyond": False, "national": False}), 200)
    return case["id"]


def form_five(town):
    for kind in ("malware", "malware", "phishing"):
        open_case(town, kind)
    begin, end = local(-90 * 24 * 60)[:10], local(-24 * 60)[:10]
    body = {**PERIOD, "agency": town.agency, "from": begin, "to": end}
    refused(town.officer.call("POST", "/api/v1/papers", {**body, "from": local(24 * 60)[:10], "to": local(48 * 60)[:10]}), "incident.bad_period")
    refused(town.officer.call("POST", "/api/v1/papers", {**body, "agency": "01jd0000000000000000000000"}), "directory.agency_unknown")
    early = expect(town.officer.call("POST", "/api/v1/papers", {**body, "to": local()[:10]}), 201)
    refused(town.officer.call("POST", f"/api/v1/papers/{early['id']}/issue"), "incident.bad_period")
    refused(town.officer.call("POST", "/api/v1/papers", {**PERIOD, "agency": town.agency, "from": "2026-05-05", "to": "2026-01-01"}),
            "incident.bad_period")
    refused(town.officer.call("POST", "/api/v1/papers", {**PERIOD, "agency": town.agency, "from": "2026-02-31", "to": "2026-03-01"}), "api.bad_request")
    refused(town.officer.call("POST", "/api/v1/papers", {"form": "bao-cao-ban-dau", "agency": town.agency}), "incident.paper_form_unknown")
    refused(town.world.hub.api().call("POST", "/api/v1/papers", body), "api.sign_in_required")
    draft = expect(town.officer.call("POST", "/api/v1/papers", body), 201)
    path = "/api/v1/papers/" + draft["id"]
    rows = draft["data"]["fields"]["counts"]
    assert (rows["malware"]["count"], rows["phishing"]["count"], rows["denial"]["count"]) == (2, 1, 0), rows
    assert draft["owner"]["kind"] == "period" and draft["owner"]["from"] == begin and draft["differences"] == [], draft["owner"]
    open_case(town, "denial")
    draft["data"]["fields"]["from"] = "2020-01-01"
    rows["malware"]["own"] = 2
    rows["malware"]["damage"] = 15000000
    edited = expect(town.officer.call("PUT", path, {"data": draft["data"]}), 200)
    told = {(one["row"], one["column"], one["written"], one["exact"]) for one in edited["differences"]}
    assert told == {("denial", "count", 0, 1), ("malware", "own", 2, 0),
                    (None, "from", "01/01/2020", "/".join(reversed(begin.split("-"))))}, told
    issued = expect(town.officer.call("POST", path + "/issue"), 200)
    assert issued["data"]["fields"]["from"] == begin
    rows = issued["data"]["fields"]["counts"]
    assert (rows["denial"]["count"], rows["malware"]["own"], rows["malware"]["damage"]) == (1, 0, 15000000), rows
    assert issued["notation"].startswith("01/BC-"), issued["notation"]
    page = shown(town, path)
    assert page is None or ("Mẫu số 05" in page and "Truy cập trái phép" in page and "15.000.000" in page), page
    refused(town.officer.call("POST", path + "/deliveries", {"to": "Tỉnh", "channel": "Trục", "at": now()}), "incident.signatures_missing")
    refused(town.officer.call("POST", path + "/seal"), "incident.not_to_seal")
    signed = expect(town.hand_in(path, town.sign(town.file(path), town.head_key)), 200)
    assert signed["state"] == "signed" and signed["awaiting"] == [], signed
    sent = expect(town.officer.call("POST", path + "/deliveries", {"to": "Công an tỉnh", "channel": "Trục liên thông", "at": now()}), 200)
    assert len(sent["deliveries"]) == 1 and sent["deliveries"][0]["contact"] is None and not sent["deliveries"][0]["verified"], sent["deliveries"]
    sent_to_contact(town, path)
    assert [one["id"] for one in town.officer.get("/api/v1/papers", kind="period")["items"]] == [draft["id"], early["id"]]
    assert town.officer.get("/api/v1/papers", kind="warning")["items"] == []
    return path


def sent_to_contact(town, path):
    """A delivery says whether the channel was verified on that day: not before it was, and not another channel."""
    contact = expect(town.office.call("POST", "/api/v1/contacts", {
        "body": "Công an tỉnh", "kind": "police", "person": "Nguyễn Văn Bảo", "phone": "0237 377 0001", "channel": "Trục liên thông"}), 201)
    deliveries = path + "/deliveries"
    refused(town.officer.call("POST", deliveries, {"contact": "01jd0000000000000000000000", "at": now()}), "incident.contact_unknown")
    last = expect(town.officer.call("POST", deliveries, {"contact": contact["id"], "at": now()}), 200)["deliveries"][-1]
    assert "Công an tỉnh" in last["to"] and last["channel"] == "Trục liên thông" and last["contact"] == contact["id"] and not last["verified"], last
    expect(town.office.call("POST", f"/api/v1/contacts/{contact['id']}/verification", {"how": "Gọi tổng đài, gửi thử qua trục", "at": now()}), 200)
    last = expect(town.officer.call("POST", deliveries, {"contact": contact["id"], "at": now()}), 200)["deliveries"][-1]
    assert last["verified"], last
    last = expect(town.officer.call("POST", deliveries, {"contact": contact["id"], "channel": "Fax", "at": now()}), 200)["deliveries"][-1]
    assert last["channel"] == "Fax" and not last["verified"], last


def pdfa(town, path):
    status, answer = town.officer.call("GET", path + "/file?as=pdfa")
    if not shutil.which("soffice"):
        assert status == 409 and answer["error"]["code"] == "paper.pdfa_unavailable", answer
        return
    assert status == 200 and answer.startswith(b"%PDF-") and b"pdfaid:part" in answer, (status, answer[:200])
    page = shown(town, path, "pdfa")
    assert page is None or "Truy cập trái phép" in page, page


def warning_letter(town):
    warning = expect(town.office.call("POST", "/api/v1/warnings", {
        "title": "lỗ hổng dịch vụ in", "risk": "Lỗ hổng cho phép chạy mã từ xa trên máy in mạng.", "affected": "Máy in A\nMáy chủ in",
        "actions": "Cập nhật bản vá\nTắt dịch vụ không dùng", "due_at": now(48 * 60), "agencies": [town.agency]}), 201)
    body = {"form": "cong-van-canh-bao", "warning": warning["id"]}
    refused(town.officer.call("POST", "/api/v1/papers", body), "directory.not_allowed", "an officer issues no warnings")
    draft = expect(town.office.call("POST", "/api/v1/papers", body), 201)
    assert draft["owner"]["warning"] == {"id": warning["id"], "number": warning["number"]}, draft["owner"]
    path = "/api/v1/papers/" + draft["id"]
    data = draft["data"]
    data["fields"]["contact"]["position"] = "Chuyên viên"
    expect(town.office.call("PUT", path, {"data": data}), 200)
    issued = expect(town.office.call("POST", path + "/issue"), 200)
    assert issued["number"] == 1 and "BC" not in issued["notation"], issued["notation"]
    page = shown(town, path)
    assert page is None or ("V/v cảnh báo lỗ hổng dịch vụ in" in " ".join(page.split()) and "Máy chủ in" in page and "Tắt dịch vụ" in page), page
    refused(town.officer.call("GET", f"/api/v1/incidents/{open_case(town, 'malware')}/papers/{draft['id']}"), "incident.paper_unknown")


def namesake(town):
    expect(town.admin.call("POST", "/api/v1/accounts", {"agency": town.agency, "person_name": "Nguyễn Văn An", "username": "an.khac"}), 201)
    case = open_case(town, "intrusion")
    base = f"/api/v1/incidents/{case}/papers"
    draft = expect(town.officer.call("POST", base, {"form": "bien-ban-tu-xu-ly", "fields": {
        **meeting(), "description": "Không mở được tệp.", "outcome": "beyond", "beyond_reason": "Không giải mã được", "actions": [{"action": "Cách ly máy"}]}}), 201)
    places = {one["field"]: one for one in draft["places"]}
    assert len(places["chair"]["candidates"]) == 2 and len(places["secretary"]["candidates"]) == 1, places
    error = refused(town.officer.call("POST", f"{base}/{draft['id']}/issue"), "incident.signer_ambiguous")
    assert "an.khac" in error["vi"], error
    other = [one["account"] for one in places["chair"]["candidates"] if one["username"] == "an.khac"][0]
    refused(town.officer.call("POST", f"{base}/{draft['id']}/issue", {"signers": {"secretary": other}}), "incident.signer_unknown")
    issued = expect(town.officer.call("POST", f"{base}/{draft['id']}/issue", {"signers": {"chair": other}}), 200)
    assert {one["field"]: one["account"] for one in issued["places"]}["chair"] == other, issued["places"]
    path = f"{base}/{draft['id']}"
    # The other An, with a registered certificate of that name, signs where he was not meant.
    half = expect(town.hand_in(path, town.sign_all(town.file(path), "bien-ban")), 200)
    assert half["state"] == "issued" and len(half["awaiting"]) == 1 and "Nguyễn Văn An" in half["awaiting"][0]["vi"], half["awaiting"]


def send_at_length(api, path, key):
    """200 MB as a browser sends them – base64 in JSON – until the hub answers. The answer, and how much was sent."""
    connection = http.client.HTTPSConnection(api.parts.hostname, api.parts.port, context=api.context, timeout=60)
    head, chunk, chunks = b'{"name": "anh.png", "' + key.encode() + b'": "', b"A" * (64 << 10), (200 << 20) // (64 << 10)
    connection.putrequest("POST", path)
    for name, value in (("X-Luy-Request", "1"), ("Cookie", api.cookie or ""), ("Content-Type", "application/json"),
                        ("Content-Length", str(len(head) + chunks * len(chunk) + 2))):
        connection.putheader(name, value)
    connection.endheaders()
    sent = 0
    try:
        for part in (head, *([chunk] * chunks), b'"}'):
            if select.select([connection.sock], [], [], 0)[0]:
                break
            connection.send(part)
            sent += len(part)
    except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
        pass
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer, sent


def far_too_large(town):
    case = open_case(town, "malware")
    before = memory_of(town)
    for path, key in ((f"/api/v1/incidents/{case}/files", "content"), ("/api/v1/reports", "photo")):
        status, answer, sent = send_at_length(town.officer, path, key)
        print(f"200 MB to {path.rsplit('/', 1)[1]}: {status} {answer['error']['code']} after {sent >> 20} MiB")
        assert status == 413 and answer["error"]["vi"] and answer["error"]["code"] == "http.body_too_large", (status, answer)
    grown = memory_of(town) - before
    print(f"memory after both: {grown} KiB more")
    assert grown < 100 << 10, f"{grown} KiB more"
    parts = town.officer.get(f"/api/v1/incidents/{case}")["parts"]
    assert not any(part["kind"] == "attachment" for part in parts), "the hub goes on, and nothing was kept"


def memory_of(town):
    with open(f"/proc/{town.world.hub.process.process.pid}/status") as file:
        return int([line for line in file if line.startswith("VmRSS")][0].split()[1])


def main():
    with World() as world:
        town = Town(world)
        town.trust()
        for who, certificate in (("agency_head", town.head_certificate), ("security_officer", town.secretary_certificate)):
            town.register(who, certificate)
        path = form_five(town)
        pdfa(town, path)
        warning_letter(town)
        namesake(town)
        far_too_large(town)
        metrics = world.hub.admin("/metrics")[1].decode()
        assert "luy_api_contract_breaches_total 0\n" in metrics, open(world.hub.log).read()[-3000:]
    print("form 05, warning letter, PDF/A, namesake, 200 MB: as the API says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
