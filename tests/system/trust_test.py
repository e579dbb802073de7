#!/usr/bin/env python3
"""Goal: revocation lists are fetched and responders asked only where the administrator allowed it, what they say counts at once for papers, and a list
that is over or a responder that is away is named.

Method: a real hub, a CA of openssl's with lists, an HTTP server on loopback, papers signed with `luy paper sign`.
"""
import http.server
import json
import os
import sys
import threading

from harness import World
from incident_test import Town, expect, now, openssl, refused

TRUST = "/api/v1/signature-trust"


class Lists:
    """An HTTP server on loopback that counts who asked."""

    def __init__(self):
        self.asked, self.body = [], b""
        self.questions, self.answer = 0, lambda question: b""
        lists = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                lists.asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Length", str(len(lists.body)))
                self.end_headers()
                self.wfile.write(lists.body)

            def do_POST(self):
                question = self.rfile.read(int(self.headers["Content-Length"]))
                lists.questions += 1
                said = lists.answer(question)
                self.send_response(200 if said else 503)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Revoker:
    def __init__(self, authority):
        self.authority = authority
        self.config, self.database = authority.at("crl.cnf"), authority.at("crl.db")
        with open(self.config, "w") as file:
            file.write(f"[ca]\ndefault_ca=d\n[d]\ndatabase={self.database}\ndefault_md=sha256\n")
        open(self.database, "w").close()

    def list(self, begun, until):
        out = self.authority.at("list.crl")
        openssl("ca", "-gencrl", "-config", self.config, "-keyfile", self.authority.ca_key, "-cert", self.authority.ca, "-crl_lastupdate", begun,
                "-crl_nextupdate", until, "-out", out)
        with open(out, "rb") as file:
            return file.read()

    def answer(self, question):
        """As the CA's OCSP responder says it now."""
        asked, said = self.authority.at("question"), self.authority.at("answer")
        with open(asked, "wb") as file:
            file.write(question)
        openssl("ocsp", "-index", self.database, "-CA", self.authority.ca, "-rsigner", self.authority.ca, "-rkey", self.authority.ca_key, "-reqin", asked,
                "-respout", said)
        with open(said, "rb") as file:
            return file.read()

    def know(self, certificate):
        openssl("ca", "-valid", certificate, "-config", self.config, "-keyfile", self.authority.ca_key, "-cert", self.authority.ca)

    def revoke(self, certificate):
        openssl("ca", "-revoke", certificate, "-config", self.config, "-keyfile", self.authority.ca_key, "-cert", self.authority.ca)


def when(minutes):
    return now(minutes).replace("-", "").replace(":", "").replace("T", "")


def allow(town, **rules):
    with open(os.path.join(town.world.hub.data, "trust", "fetch.json"), "w") as file:
        json.dump(rules, file)


def fetched(town, served, revoker):
    state = town.officer.get(TRUST)
    assert [one["subject"] for one in state["anchors"]] == ["CN=Luy test CA"] and state["crls"] == [], state
    assert state["fetch"] == {"allowed_hosts": [], "last_at": None, "problem": None} and state["time_stamp"] == {"url": None}, state
    refused(town.officer.call("POST", TRUST + "/refresh"), "directory.not_allowed", "an officer")
    refused(town.world.hub.api().call("GET", TRUST), "api.sign_in_required")
    served.body = revoker.list(when(-60), when(2))
    address = f"http://{served.place}/ca.crl"
    expect(town.admin.call("POST", TRUST + "/refresh"), 200)
    allow(town, hosts=["crl.example.vn"], lists=[address])
    expect(town.admin.call("POST", TRUST + "/refresh"), 200)
    assert served.asked == [], "no host was allowed, then another one"
    allow(town, host=["x"])
    refused(town.admin.call("POST", TRUST + "/refresh"), "seal.bad_fetch_file")
    assert "fetch.json" in town.officer.get(TRUST)["fetch"]["problem"]["vi"]
    allow(town, hosts=[served.place], lists=[address])
    state = expect(town.admin.call("POST", TRUST + "/refresh"), 200)
    assert served.asked == ["/ca.crl"] and len(state["crls"]) == 1, (served.asked, state)
    assert state["crls"][0]["source"] == address and not state["crls"][0]["stale"] and state["fetch"]["problem"] is None, state
    served.body = b"<html>no list</html>"
    state = expect(town.admin.call("POST", TRUST + "/refresh"), 200)
    assert state["fetch"]["problem"] and len(state["crls"]) == 1, "told, and the good one stays"


def counts(town, served, revoker):
    case = expect(town.officer.call("POST", "/api/v1/incidents", {
        "agency": town.agency, "title": "Máy chủ tệp bị mã hóa", "description": "Không mở được tệp.", "system": "FS-01", "discovered_at": now(-30)}), 201)
    path, _ = town.issue_paper(case["id"], "phuong-an-khac-phuc", town_fields(town))
    signed = town.sign(town.file(path), town.head_key)
    # Its list is over: nobody says that the certificate was not revoked.
    os.unlink(os.path.join(town.world.hub.data, "trust", "crls", os.listdir(os.path.join(town.world.hub.data, "trust", "crls"))[0]))
    served.body = revoker.list(when(-120), when(-60))
    state = expect(town.admin.call("POST", TRUST + "/refresh"), 200)
    assert state["crls"][0]["stale"], state["crls"]
    error = refused(town.hand_in(path, signed), "signature.returned_invalid")
    assert "quá hạn: CN=Luy test CA" in error["vi"], error
    served.body = revoker.list(when(-2), when(60 * 24))
    expect(town.admin.call("POST", TRUST + "/refresh"), 200)
    expect(town.hand_in(path, signed), 200)
    # What is revoked from now on does not sign any more.
    revoker.revoke(town.authority.at("Nguyen Van An.pem"))
    served.body = revoker.list(when(0), when(60 * 24))
    expect(town.admin.call("POST", TRUST + "/refresh"), 200)
    other, _ = town.issue_paper(case["id"], "phuong-an-khac-phuc", town_fields(town))
    refused(town.hand_in(other, town.sign(town.file(other), town.head_key)), "signature.returned_invalid")


def answered(town, served, revoker):
    """No list at all: the responder that the certificate names is asked, and without it nothing counts."""
    crls = os.path.join(town.world.hub.data, "trust", "crls")
    for name in os.listdir(crls):
        os.unlink(os.path.join(crls, name))
    allow(town, hosts=[served.place])
    key, certificate = town.authority.issue("Nguyen Van An", f"authorityInfoAccess=OCSP;URI:http://{served.place}/ocsp\n")
    town.register("agency_head", certificate)
    revoker.know(town.authority.at("Nguyen Van An.pem"))
    case = expect(town.officer.call("POST", "/api/v1/incidents", {
        "agency": town.agency, "title": "Thư lừa đảo", "description": "Nhiều người bấm vào liên kết.", "system": "TD-01", "discovered_at": now(-30)}), 201)
    path, _ = town.issue_paper(case["id"], "phuong-an-khac-phuc", town_fields(town))
    signed = town.sign(town.file(path), key)
    error = refused(town.hand_in(path, signed), "signature.returned_invalid", "the responder is away")
    assert "OCSP" in error["vi"] and served.place in error["vi"], error
    served.answer = revoker.answer
    expect(town.hand_in(path, signed), 200)
    assert served.questions == 2, served.questions
    assert town.officer.get(TRUST)["ocsp"] == {"enabled": True}
    revoker.revoke(town.authority.at("Nguyen Van An.pem"))
    other, _ = town.issue_paper(case["id"], "phuong-an-khac-phuc", town_fields(town))
    error = refused(town.hand_in(other, town.sign(town.file(other), key)), "signature.returned_invalid", "revoked a moment ago")
    assert "thu hồi" in error["vi"], error
    allow(town, hosts=["ocsp.example.vn"])
    asked = served.questions
    refused(town.hand_in(other, town.sign(town.file(other), key)), "signature.returned_invalid", "a responder that nobody allowed")
    assert served.questions == asked, "it was not asked"


def town_fields(town):
    return town.officer.get("/api/v1/forms/phuong-an-khac-phuc")["sample"]


def main():
    served = Lists()
    with World() as world:
        town = Town(world)
        town.trust()
        town.register("agency_head", town.head_certificate)
        revoker = Revoker(town.authority)
        fetched(town, served, revoker)
        counts(town, served, revoker)
        answered(town, served, revoker)
        metrics = world.hub.admin("/metrics")[1].decode()
        assert "luy_api_contract_breaches_total 0\n" in metrics, open(world.hub.log).read()[-3000:]
    print("lists and responders: asked only where allowed, taken, over, away, revoked: all told")
    return 0


if __name__ == "__main__":
    sys.exit(main())
