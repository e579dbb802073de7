#!/usr/bin/env python3
"""Goal: what happens to a registered service, and what is on a list of indicators, becomes a finding that opens on its proof; what is ordinary
does not.

Method: a hub that may look at this machine and hurries (--probe-loopback, --watch-pace), a web server, a TLS server and a DNS server of the
test's own that are taken down, slowed and defaced; lists by POST and by the watched folder, lines sent by syslog.
"""
import datetime
import hashlib
import http.server
import json
import os
import re
import socket
import ssl
import struct
import subprocess
import threading
import time
import unittest

from harness import World, wait_until

# A day of learning becomes five seconds; looks are at least 200 ms apart.
HURRY = ["--probe-loopback", "--watch-pace", 17_280, "--syslog-udp", 0]
# A busy machine may take its time.
PATIENCE = 90


def rfc3339(seconds_from_now):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds_from_now)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Site:
    """A page with a clock in it, served on a port that stays the same when it is taken down and up again."""

    def __init__(self, certificate=None):
        self.port = 0
        self.delay = 0
        self.looks = 0
        self.title = "Cổng thông tin thị xã"
        self.news = "Lịch tiếp công dân tuần này"
        self.extra = ""
        self.certificate = certificate
        self.up()

    def page(self):
        self.looks += 1
        return (f"<!doctype html><html><head><meta charset='utf-8'><title>{self.title}</title></head><body><h1>Tin mới</h1>"
                f"<p id='tin'>{self.news}</p><p id='gio'>Lượt xem {self.looks}, lúc {time.time()}</p>{self.extra}"
                f"<p>Ủy ban nhân dân thị xã. Đường dây nóng 0237 000 000.</p></body></html>").encode()

    def up(self):
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                time.sleep(site.delay)
                body = site.page()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # The hub may end a look at any time.

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def down(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Names:
    """A name server that knows one address for every name."""

    def __init__(self):
        self.address = "192.0.2.10"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                question, peer = self.socket.recvfrom(512)
            except OSError:
                return
            end = question.index(b"\0", 12) + 5
            kind = struct.unpack(">H", question[end - 4:end - 2])[0]
            answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + socket.inet_aton(self.address) if kind == 1 else b""
            head = question[:2] + b"\x81\x80" + struct.pack(">HHHH", 1, 1 if answer else 0, 0, 0)
            self.socket.sendto(head + question[12:end] + answer, peer)


class Town:
    def __init__(self, world, extra):
        self.hub = world.hub
        self.seqs = []
        secrets = self.hub.setup()
        self.inputs = self.hub.start(extra=extra).get("inputs")
        self.api = self.hub.signed_in("quantri", secrets["password"])
        self.agency = self.api.get("/api/v1/agencies")["agencies"][0]["id"]

    def post(self, path, body, code):
        status, answer = self.api.call("POST", path, body)
        assert status == code, (path, status, answer)
        return answer

    def watch(self, name, kind, target):
        return self.post("/api/v1/services", {"agency": self.agency, "name": name, "kind": kind, "target": target, "interval_s": 10}, 201)["id"]

    def service(self, service):
        return self.api.get(f"/api/v1/services/{service}")

    def becomes(self, service, state):
        return wait_until(lambda: (lambda one: one if one["state"] == state else None)(self.service(service)), PATIENCE, f"{service} to be {state}")

    def findings(self, kind, entity):
        """Those about one entity, newest first."""
        items = self.api.get("/api/v1/findings", kind=kind, limit=200)["items"]
        return [one for one in items if any(named["value"] == entity for named in one["entities"])]

    def finding(self, kind, entity, words):
        def look():
            return [one for one in self.findings(kind, entity) if words in one["title"]["vi"]]

        return wait_until(look, PATIENCE, f"a finding “{words}” about {entity}; there are "
                          + str([one["title"]["vi"] for one in self.findings(kind, entity)]))[0]

    def newest_event(self, finding):
        """The finding opens on evidence; that this opens on its proof is looked at by proved()."""
        events = self.api.get(f"/api/v1/findings/{finding['id']}/events")["items"]
        assert events, finding
        self.seqs.append(events[0]["seq"])
        return events[0]

    def proved(self):
        """Every record that was looked at has its proof, once the next checkpoint is signed."""
        for seq in self.seqs:
            wait_until(lambda: self.api.call("GET", f"/api/v1/events/{seq}/proof")[0] == 200, PATIENCE, f"the proof of {seq}")

    def verdict(self, obligation, state):
        return wait_until(lambda: self.api.get("/api/v1/verdicts", obligation=obligation, agency=self.agency, state=state)["verdicts"], PATIENCE,
                          f"{obligation} to be {state}")[0]

    def say(self, line):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
            plain.sendto(f"<34>Nov 22 10:00:00 fw1 kernel: {line}".encode(), ("127.0.0.1", self.inputs["syslog_udp"]))

    def approve_this_machine(self, name):
        """Whatever comes from 127.0.0.1 without a certificate is one device from here on."""
        self.say("hello")
        sender = wait_until(lambda: self.api.get("/api/v1/senders", state="waiting")["senders"], 30, "a sender that waits")[0]
        return self.post(f"/api/v1/senders/{sender['id']}/approval", {"agency": self.agency, "name": name, "class": "network"}, 200)["device"]


def certificate(folder, days):
    """Of this machine's address, signed by itself, for so many days."""
    key, cert = os.path.join(folder, "site.key"), os.path.join(folder, "site.crt")
    out = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", cert,
                          "-days", str(days), "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    return cert, key


class Services(unittest.TestCase):
    def test_what_happens_to_services_becomes_findings_with_before_and_after(self):
        with World() as world:
            town = Town(world, HURRY)
            web, secure, names = Site(), Site(certificate(world.folder, 5)), Names()
            page = town.watch("Cổng thông tin", "http", f"http://127.0.0.1:{web.port}/")
            tls = town.watch("Một cửa", "tls", f"127.0.0.1:{secure.port}")
            dns = town.watch("Tên miền", "dns", f"bimson.example@127.0.0.1:{names.port}")
            port = town.watch("Cổng TCP", "tcp", f"127.0.0.1:{web.port}")
            for one in (page, tls, dns, port):
                town.becomes(one, "up")

            with self.subTest("a certificate that ends in five days"):
                told = town.finding("probe", tls, "Chứng thư sắp hết hạn")
                self.assertEqual((told["severity"], told["agency"]["id"]), ("medium", town.agency))
                self.assertEqual(town.newest_event(told)["fields"]["event.action"], "service_certificate")
                shown = town.service(tls)["certificate"]
                self.assertLess(shown["expires_at"], rfc3339(6 * 86_400))
                self.assertNotEqual(shown["problem"], "")

            # What moves by itself is learnt.
            wait_until(lambda: not town.service(page)["learning"] and town.service(page)["baseline"], PATIENCE, "the page to be learnt")
            wait_until(lambda: not town.service(dns)["learning"], PATIENCE, "the name to be learnt")
            self.assertEqual([one for one in town.findings("probe", page) if "Nội dung" in one["title"]["vi"]], [])

            with self.subTest("down and up again"):
                web.down()
                town.becomes(page, "down")
                told = town.finding("probe", page, "Không truy cập được")
                self.assertEqual(told["severity"], "high")
                self.assertIsNotNone(told["due_at"])
                self.assertEqual(town.newest_event(told)["fields"]["event.action"], "service_down")
                self.assertEqual(town.service(page)["failure"]["code"], "refused")
                town.becomes(port, "down")
                web.up()
                town.becomes(page, "up")
                said = "".join(one["raw"] for one in town.api.get("/api/v1/events", q="service_state", limit=1000)["events"])
                self.assertTrue('"service.state":"up"' in said and '"service.state":"down"' in said, said)

            with self.subTest("duty 8.2 is judged by it, with the record that shows it"):
                town.becomes(port, "up")
                town.verdict("8.2-web-integrity", "kept")
                with socket.socket() as closed:
                    closed.bind(("127.0.0.1", 0))  # Bound, so nobody else listens there.
                    printer = town.watch("Máy in", "tcp", f"127.0.0.1:{closed.getsockname()[1]}")
                    town.becomes(printer, "down")
                verdict = town.verdict("8.2-web-integrity", "violated")
                self.assertEqual(verdict["reason_code"], "services.down")
                self.assertIn("Máy in", verdict["reason"]["vi"])
                proof = town.api.get(f"/api/v1/events/{verdict['proof'][0]['seq']}")
                self.assertIn('"service.state":"down"', json.dumps(proof, ensure_ascii=False).replace('\\"', '"'))
                self.assertEqual(town.api.call("DELETE", f"/api/v1/services/{printer}")[0], 204)
                self.assertEqual(town.verdict("8.2-web-integrity", "kept")["reason_code"], "services.kept")

            with self.subTest("abnormally slow"):
                web.delay = 1.5
                town.becomes(page, "slow")
                told = town.finding("probe", page, "chậm bất thường")
                self.assertRegex(told["title"]["en"], "abnormally slow")
                web.delay = 0
                town.becomes(page, "up")
                points = town.api.get(f"/api/v1/services/{page}/history")["points"]
                self.assertTrue({"up", "down", "slow"} <= {one["state"] for one in points})

            with self.subTest("an announced change is no finding and is right from then on"):
                town.post(f"/api/v1/services/{page}/announcements", {"from": rfc3339(-1), "to": rfc3339(4), "reason": "Cập nhật trang"}, 201)
                self.assertEqual(town.service(page)["announced"]["reason"], "Cập nhật trang")
                web.news = "Thông báo nghỉ lễ, lịch làm việc mới của bộ phận một cửa"
                wait_until(lambda: town.service(page)["announced"] is None, PATIENCE, "the announcement to end")
                looks = web.looks
                wait_until(lambda: web.looks > looks + 4, PATIENCE, "some looks")
                self.assertEqual(town.service(page)["state"], "up")
                self.assertEqual([one for one in town.findings("probe", page) if "Nội dung" in one["title"]["vi"]], [])

            with self.subTest("a change that nobody announced, shown with before and after, then accepted"):
                web.news = "Trúng thưởng lớn, bấm vào đây"
                town.becomes(page, "changed")
                told = town.finding("probe", page, "Nội dung thay đổi")
                whole = town.api.get(f"/api/v1/findings/{told['id']}")
                for text in ("Thông báo nghỉ lễ", "Trúng thưởng lớn"):
                    self.assertIn(text, whole["story"]["vi"])
                shown = town.api.get(f"/api/v1/services/{page}/content")
                self.assertEqual([(one["kind"], one["after"]) for one in shown["changes"]], [("changed", "Trúng thưởng lớn, bấm vào đây")])
                record = json.loads(town.newest_event(told)["raw"])
                self.assertEqual(record["luy.changes"][0]["after"], "Trúng thưởng lớn, bấm vào đây")
                status, accepted = town.api.call("POST", f"/api/v1/services/{page}/accept", {"reason": "Đã hỏi đơn vị", "fingerprint": "0" * 64})
                self.assertEqual((status, accepted["error"]["code"]), (409, "watch.content_differs"))
                asked = {"reason": "Đã hỏi đơn vị", "fingerprint": shown["fingerprint"]}
                status, accepted = town.api.call("POST", f"/api/v1/services/{page}/accept", asked)
                self.assertEqual((status, accepted["state"]), (200, "up"))

            with self.subTest("a defaced page"):
                web.title, web.extra = "Hacked by X", "<h2>Website này đã bị hack, greetz to all</h2>"
                told = town.finding("probe", page, "thay đổi nội dung trái phép")
                self.assertEqual(told["severity"], "critical")
                self.assertIn("hacked by", json.dumps(town.api.get(f"/api/v1/services/{page}/content")["words"]))
                web.title, web.extra = "Cổng thông tin thị xã", ""
                town.becomes(page, "up")

            with self.subTest("a name that leads elsewhere"):
                names.address = "198.51.100.99"
                told = town.finding("probe", dns, "Nội dung thay đổi")
                self.assertIn("198.51.100.99", town.api.get(f"/api/v1/findings/{told['id']}")["story"]["vi"])

            town.proved()
            with self.subTest("what was learnt survives a restart, and so does the register"):
                town.hub.process.stop()
                town.hub.start(extra=HURRY)
                town.api = town.hub.signed_in("quantri", "x")
                after = town.becomes(page, "up")
                self.assertFalse(after["learning"])
                self.assertGreater(after["samples"], 30)
                self.assertEqual(town.api.call("DELETE", f"/api/v1/services/{page}")[0], 204)
                self.assertEqual(town.api.call("GET", f"/api/v1/services/{page}")[0], 404)
            for site in (web, secure):
                site.down()

    def test_a_hub_looks_neither_at_its_own_machine_nor_ever_at_its_own_ports(self):
        site = Site()
        for extra, target in ((["--watch-pace", 17_280], f"127.0.0.1:{site.port}"), (HURRY, None)):
            with World() as world:
                town = Town(world, extra)
                own = town.hub.info["console_url"].rsplit(":", 1)[1]
                service = town.watch("Nội bộ", "tcp", target or f"127.0.0.1:{own}")
                wait_until(lambda: town.service(service)["last_probe"], PATIENCE, "the first look")
                seen = town.service(service)
                self.assertEqual((seen["state"], seen["failure"]["code"]), ("unknown", "address_refused"))
        self.assertEqual(site.looks, 0)
        site.down()


class Indicators(unittest.TestCase):
    def lists(self, town):
        return {one["name"]: one for one in town.api.get("/api/v1/indicator_lists")["items"]}

    def add(self, town, name, kind, content, **more):
        return town.post("/api/v1/indicator_lists", {"name": name, "format": kind, "content": content, **more}, 201)

    def test_what_is_on_a_list_is_found_in_logs_and_in_the_inventory(self):
        with World() as world:
            town = Town(world, HURRY)
            device = town.approve_this_machine("camera.evil.example")
            digest = hashlib.sha256(b"malware").hexdigest()
            csv = self.add(town, "Danh sách Cục ATTT", "csv", "value,comment\n203.0.113.66,máy điều khiển\n203.0.113.67,máy điều khiển\n")
            stix = {"type": "bundle", "id": "bundle--1", "objects": [
                {"type": "indicator", "id": "indicator--1", "name": "C2", "pattern_type": "stix", "pattern": "[domain-name:value = 'evil.example']"},
                {"type": "indicator", "id": "indicator--2", "pattern_type": "yara", "pattern": "rule x"}]}
            shown = self.add(town, "STIX của đối tác", "stix", json.dumps(stix))
            self.assertEqual((shown["count"], shown["refused_count"], shown["refused"][0]["what"]), (1, 1, "indicator--2"))
            misp = {"Event": {"info": "Chiến dịch", "Attribute": [{"type": "sha256", "value": digest, "to_ids": True},
                                                                 {"type": "ip-dst", "value": "203.0.113.80", "to_ids": False}]}}
            self.add(town, "MISP", "misp", json.dumps(misp))
            self.add(town, "Hết hạn", "csv", "value\n203.0.113.90\n", expires_at=rfc3339(-60))
            found = town.api.get("/api/v1/indicators", q="203.0.113.90")["items"]
            self.assertEqual([one["expired"] for one in found], [True])

            with self.subTest("what the inventory holds already"):
                told = town.finding("indicator", device, "camera.evil.example nằm trong danh sách")
                self.assertIn("STIX của đối tác", town.api.get(f"/api/v1/findings/{told['id']}")["story"]["vi"])

            with self.subTest("an address, a name and a hash in logs"):
                town.say("DROP OUT SRC=10.0.0.5 DST=203.0.113.90 of an expired list")
                town.say("ALLOW OUT SRC=10.0.0.5 DST=203.0.113.80 not for detection")
                town.say("ALLOW OUT SRC=10.0.0.5 DST=203.0.113.66 PROTO=TCP")
                told = town.finding("indicator", "203.0.113.66", "203.0.113.66")
                self.assertEqual((told["severity"], told["device"]["id"]), ("high", device))
                story = town.api.get(f"/api/v1/findings/{told['id']}")["story"]
                self.assertIn("Danh sách Cục ATTT", story["vi"])
                self.assertIn("csv, upload", story["en"])
                self.assertIn("máy điều khiển", story["vi"])
                self.assertIn("DST=203.0.113.66", town.newest_event(told)["raw"])
                town.say("query www.evil.example IN A")
                self.assertEqual(town.finding("indicator", "www.evil.example", "www.evil.example")["count"], 1)
                town.say(f"quarantined file sha256={digest.upper()}")
                town.finding("indicator", digest.upper(), "Dấu hiệu tấn công")
                for silent in ("203.0.113.90", "203.0.113.80"):
                    self.assertEqual(town.findings("indicator", silent), [])

            with self.subTest("a list that is deleted is looked for no longer"):
                self.assertEqual(town.api.call("DELETE", f"/api/v1/indicator_lists/{csv['id']}")[0], 204)
                town.say("ALLOW OUT DST=203.0.113.67")
                town.say("query later.evil.example IN A")
                # The same indicator on the same device: one finding that grows.
                self.assertEqual(town.finding("indicator", "later.evil.example", "www.evil.example")["count"], 2)
                self.assertEqual(town.findings("indicator", "203.0.113.67"), [])

            with self.subTest("the watched folder"):
                folder = os.path.join(town.hub.data, "indicators")
                path = os.path.join(folder, "c2.csv")
                with open(path + ".part", "w") as file:
                    file.write("type,value,note\naddress,203.0.113.100,mạng máy tính ma\n")
                os.rename(path + ".part", path)
                kept = wait_until(lambda: self.lists(town).get("c2.csv"), PATIENCE, "the file to be imported")
                self.assertEqual((kept["source"], kept["count"]), ("folder:c2.csv", 1))
                town.say("ALLOW OUT DST=203.0.113.100")
                told = town.finding("indicator", "203.0.113.100", "203.0.113.100")
                self.assertIn("folder:c2.csv", town.api.get(f"/api/v1/findings/{told['id']}")["story"]["vi"])
                status, body = town.api.call("DELETE", f"/api/v1/indicator_lists/{kept['id']}")
                self.assertEqual((status, body["error"]["code"]), (409, "indicator.list_of_folder"))
                os.unlink(path)
                wait_until(lambda: "c2.csv" not in self.lists(town), PATIENCE, "the list to go with its file")

                def acts():
                    return sorted(re.search(r'"event.action":"(\w+)"', one["raw"]).group(1)
                                  for one in town.api.get("/api/v1/events", q="c2.csv", limit=100)["events"] if "file.name" in one["raw"])

                # The entry of an act follows the act into the evidence.
                wait_until(lambda: acts() == ["indicators_imported", "indicators_removed"], PATIENCE, "the acts in the evidence")
            town.proved()


if __name__ == "__main__":
    unittest.main()
