#!/usr/bin/env python3
"""Goal: the forms of papers are changed over the API by those who may, looked at before, and never under a paper that was begun; what process and
law need cannot be edited away.

Method: a real hub with a town office, an officer and a head; `pdftotext` reads the pages where it is installed.
"""
import os
import shutil
import subprocess
import sys

from harness import World
from incident_test import Town, expect, now, refused

REPORT = "/api/v1/forms/bao-cao-ban-dau"


def text_of(town, pdf):
    if not shutil.which("pdftotext"):
        return None
    source = os.path.join(town.world.folder, "shown.pdf")
    with open(source, "wb") as file:
        file.write(pdf)
    return subprocess.run(["pdftotext", "-layout", source, "-"], capture_output=True, text=True, check=True).stdout


def looked_at(town):
    listed = town.officer.get("/api/v1/forms")["items"]
    assert len(listed) >= 8 and not any(one["own"] or one["changed_at"] for one in listed), listed
    for one in listed:
        form = town.officer.get("/api/v1/forms/" + one["id"])
        assert form["yaml"] == form["pack_yaml"] and form["versions"][0]["version"] == 1, form["versions"]
        page = expect(town.office.call("POST", f"/api/v1/forms/{one['id']}/preview", {"yaml": form["yaml"]}), 200, one["id"])
        assert page.startswith(b"%PDF-"), one["id"]
    form = town.officer.get(REPORT)
    docx = expect(town.office.call("POST", REPORT + "/preview", {"yaml": form["yaml"], "as": "docx"}), 200)
    assert docx.startswith(b"PK"), docx[:8]
    shown = text_of(town, expect(town.office.call("POST", REPORT + "/preview", {
        "yaml": form["yaml"], "data": {"description": "Máy chủ bị mã hóa lúc nửa đêm."}}), 200))
    assert shown is None or "Máy chủ bị mã hóa lúc nửa đêm" in shown, shown
    refused(town.office.call("POST", REPORT + "/preview", {"yaml": form["yaml"], "data": {"khong_co": "x"}}), "paper.unknown_field")
    return form


def refusals(town, form):
    yaml = form["yaml"]

    def put(text, api=town.office, version=1, reason="Thử"):
        return api.call("PUT", REPORT, {"yaml": text, "reason": reason, "version": version})

    refused(put(yaml + "\n# x\n", town.officer), "directory.not_allowed", "an officer of one agency")
    refused(town.officer.call("POST", REPORT + "/preview", {"yaml": yaml}), "directory.not_allowed")
    refused(town.officer.call("POST", REPORT + "/reset", {"reason": "x"}), "directory.not_allowed")
    refused(town.world.hub.api().call("GET", REPORT), "api.sign_in_required")
    error = refused(put(yaml.replace("\nfields:", "\ncolour: red\nfields:", 1)), "paper.form_bad")
    assert "dòng" in error["vi"] and "colour" in error["vi"], error
    for hostile in ("a: &x [1]\nb: *x\n", "[" * 3000, "x: " + "y," * 3000, "\0", "id: [\n" * 500):
        refused(put(hostile), "paper.form_bad|api.bad_request", hostile[:20])
    refused(put("#" * 262145), "api.bad_request|paper.form_bad|api.body_too_large")
    error = refused(put(yaml.replace("{id: description,", "{id: beschreibung,", 1).replace("description", "beschreibung")), "paper.form_binding")
    assert "description" in error["en"], error
    refused(put(yaml.replace("id: bao-cao-ban-dau", "id: khac", 1)), "paper.form_binding")
    refused(put(yaml + "\n# x\n", version=9), "paper.form_moved_on")
    refused(put(yaml), "paper.form_same")
    refused(put(yaml + "\n# x\n", reason="  "), "incident.text_missing")
    refused(town.office.call("POST", REPORT + "/reset", {"reason": "x"}), "paper.form_same")
    refused(town.office.call("GET", "/api/v1/forms/khong-co"), "paper.form_unknown")
    refused(town.office.call("GET", REPORT + "?version=7"), "paper.form_unknown")
    assert len(town.officer.get(REPORT)["versions"]) == 1


def changed(town, form):
    case = expect(town.officer.call("POST", "/api/v1/incidents",
                                    {"agency": town.agency, "title": "Máy chủ tệp", "system": "FS-01", "discovered_at": now(-30)}), 201)
    papers = f"/api/v1/incidents/{case['id']}/papers"
    before = expect(town.officer.call("POST", papers, {"form": "bao-cao-ban-dau", "fields": {}}), 201)
    text = form["yaml"].replace("\nfields:", "\nfields:\n  - {id: so_may, type: number, label: {vi: \"Số máy bị ảnh hưởng\", en: \"Machines\"}}", 1)
    text = text.replace("\nbody:", "\nbody:\n  - {field: so_may}", 1)
    done = expect(town.office.call("PUT", REPORT, {"yaml": text, "reason": "Theo ý kiến chỉ đạo", "version": 1}), 200)
    assert done["version"] == 2 and done["own"] and done["versions"][1]["reason"] == "Theo ý kiến chỉ đạo", done["versions"]
    listed = {one["id"]: one for one in town.officer.get("/api/v1/forms")["items"]}["bao-cao-ban-dau"]
    assert listed["own"] and listed["changed_by"] == "Trần Thị Dung" and listed["version"] == 2, listed
    after = expect(town.officer.call("POST", papers, {"form": "bao-cao-ban-dau", "fields": {}}), 201)
    assert (before["form_version"], after["form_version"]) == (1, 2)
    names = [{field["id"] for field in paper["form_fields"]} for paper in (before, after)]
    assert "so_may" not in names[0] and "so_may" in names[1]
    town.world.hub.process.kill9()
    town.world.hub.start(extra=["--check-responses"])
    for api in (town.admin, town.officer, town.head, town.office):
        api.parts = town.world.hub.api().parts
    kept = town.officer.get(f"{papers}/{before['id']}")
    assert kept["form_version"] == 1 and "so_may" not in {field["id"] for field in kept["form_fields"]}, "after a restart, too"
    back = expect(town.office.call("POST", REPORT + "/reset", {"reason": "Bỏ bản thử"}), 200)
    assert back["version"] == 3 and not back["own"] and back["yaml"] == back["pack_yaml"], back["versions"]


def main():
    with World() as world:
        town = Town(world)
        form = looked_at(town)
        refusals(town, form)
        changed(town, form)
    print("forms: looked at, refused, changed, kept and reset")
    return 0


if __name__ == "__main__":
    sys.exit(main())
