#!/usr/bin/env python3
"""Goal: people are told by official mail and programs by signed webhooks; a server that is away and a restart of the hub lose nothing and double nothing;
nothing goes to an address or a host that two people did not allow.

Method: a real hub; a mail server of python3-aiosmtpd with STARTTLS and a password, a receiver of our own over HTTPS, both on loopback with a CA of openssl's.
"""
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time

from harness import SKIPPED, World, wait_until

# Debian's packages, also for a Python that is not Debian's.
sys.path.append("/usr/lib/python3/dist-packages")
try:
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult
except ImportError:
    Controller = None

USER, SECRET = "luy", "mật khẩu của máy chủ thư".encode()


def run(*arguments):
    subprocess.run(arguments, check=True, capture_output=True)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Authority:
    """A CA with a certificate for this machine."""

    def __init__(self, folder):
        self.ca, self.cert, self.key = (os.path.join(folder, name) for name in ("ca.pem", "server.pem", "server.key"))
        ca_key, request, extensions = (os.path.join(folder, name) for name in ("ca.key", "server.csr", "server.ext"))
        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        run("openssl", "req", "-x509", *new_key, "-keyout", ca_key, "-out", self.ca, "-days", "2", "-subj", "/CN=CA")
        run("openssl", "req", *new_key, "-keyout", self.key, "-out", request, "-subj", "/CN=localhost")
        with open(extensions, "w") as file:
            file.write("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        run("openssl", "x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-days", "2", "-extfile", extensions, "-out", self.cert)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.cert, self.key)
        return context


class MailServer:
    def __init__(self, authority):
        self.authority, self.port, self.controller = authority, free_port(), None
        self.mails = []  # (recipients, message), in the order in which they came.

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("khong.co"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        assert session.ssl, "a mail came without TLS"
        assert session.authenticated, "a mail came without a password"
        self.mails.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"

    def check(self, server, session, envelope, mechanism, data):
        return AuthResult(success=data.login == USER.encode() and data.password == SECRET)

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, tls_context=self.authority.context(), require_starttls=True,
                                     authenticator=self.check, auth_required=True)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()
        self.controller = None

    def of(self, address):
        return [message for recipients, message in list(self.mails) if recipients == [address]]

    def subjects(self, address):
        return [message["Subject"] for message in self.of(address)]


class Receiver:
    """Takes calls, says of each whether it was signed by one of the secrets, and answers with `status`."""

    def __init__(self, authority):
        self.authority, self.port, self.server = authority, free_port(), None
        self.secrets, self.status, self.calls, self.elsewhere = [], 204, [], 0

    def start(self):
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                receiver.elsewhere += 1
                self.send_response(200)
                self.end_headers()

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path != "/luy":
                    receiver.elsewhere += 1
                parts = [part.split("=", 1) for part in self.headers["Luy-Signature"].split(",")]
                moment = next(value for name, value in parts if name == "t")
                right = [hmac.new(one.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest() for one in receiver.secrets]
                signed = [any(name == "v1" and hmac.compare_digest(value, wanted) for name, value in parts) for wanted in right]
                assert abs(time.time() - int(moment)) < 300
                document = json.loads(body)
                assert document["id"] == self.headers["Luy-Delivery"]
                receiver.calls.append((document, signed))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", f"https://localhost:{receiver.port}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            allow_reuse_address = True
            daemon_threads = True

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.socket = self.authority.context().wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None

    def of(self, kind):
        return [document for document, _ in list(self.calls) if document["kind"] == kind]


def done(answer, *statuses):
    assert answer[0] in (statuses or (200,)), answer
    return answer[1]


def settings(mail, **more):
    server = {"enabled": True, "host": "127.0.0.1", "port": mail.port, "security": "starttls", "username": USER, "secret_file": "smtp.key", "ca_file": "ca.pem",
              "sender": "luy@bimson.gov.vn", **more}
    return {"mail": server, "domains": ["gov.vn"], "webhook_hosts": [{"host": "localhost", "networks": ["127.0.0.0/8"]}]}


def account(admin, agency, username, roles, address):
    body = {"agency": agency, "person_name": "Nguyễn Thị " + username.title(), "username": username,
            "grants": [{"role": role, "agency": agency} for role in roles]}
    made = done(admin.call("POST", "/api/v1/accounts", body), 201)
    set_email(admin, made["account"], address)
    return made


def set_email(admin, one, address):
    done(admin.call("PATCH", f"/api/v1/persons/{one['person']['id']}", {"email": address}))


class Scenario:
    def __init__(self, world, authority, mail, receiver):
        self.world, self.mail, self.receiver = world, mail, receiver
        secrets = world.hub.setup()
        world.hub.start()
        self.admin = world.hub.signed_in(secrets["username"], secrets["password"])
        self.agency = self.admin.get("/api/v1/agencies")["agencies"][0]["id"]
        folder = os.path.join(world.hub.data, "notices")
        shutil.copy(authority.ca, os.path.join(folder, "ca.pem"))
        with open(os.path.join(folder, "smtp.key"), "wb") as file:
            file.write(SECRET + b"\n")
        os.chmod(file.name, 0o600)

    def test_mail(self):
        return done(self.admin.call("POST", "/api/v1/notices/test"))

    def notices(self, **query):
        return self.admin.get("/api/v1/notices", **query)["items"]

    def official_mail(self):
        admin, mail = self.admin, self.mail
        elsewhere = admin.call("PUT", "/api/v1/notices/settings", settings(mail, sender="luy@gmail.com"))
        assert done(elsewhere, 409)["error"]["code"] == "notice.address_not_official"
        open_way = admin.call("PUT", "/api/v1/notices/settings", settings(mail, host="mail.bimson.gov.vn", security="none"))
        assert done(open_way, 400)["error"]["code"] == "notice.settings_invalid"
        mine = admin.get("/api/v1/me/notices")
        assert not mine["goes"] and mine["problem"], mine
        assert done(admin.call("PUT", "/api/v1/notices/settings", settings(mail, ca_file=None)))["done"]
        own = next(one for one in admin.get("/api/v1/accounts")["accounts"] if one["username"] == "quantri")
        set_email(admin, own, "quantri@bimson.gov.vn")
        tested = self.test_mail()
        assert not tested["ok"], "a server was believed that nobody vouches for"
        assert not mail.mails
        done(admin.call("PUT", "/api/v1/notices/settings", settings(mail)))
        tested = self.test_mail()
        assert tested["ok"], tested
        message = mail.of("quantri@bimson.gov.vn")[0]
        assert message["Subject"] == "[Lũy] Thư thử", message["Subject"]
        assert message["Auto-Submitted"] == "auto-generated" and message["Message-ID"] and message["Date"].datetime
        assert "Máy chủ thư đã nhận thư này." in message.get_content()
        assert admin.get("/api/v1/me/notices")["goes"]
        assert done(admin.call("PUT", "/api/v1/me/notices", {"language": "en"}))["language"] == "en"
        assert self.test_mail()["ok"]
        message = mail.of("quantri@bimson.gov.vn")[1]
        assert message["Subject"] == "[Lũy] Test mail" and message["Content-Language"] == "en", message["Subject"]
        assert "Máy chủ thư" not in message.get_content(), message.get_content()
        done(admin.call("PUT", "/api/v1/me/notices", {"language": "vi"}))

    def two_people(self):
        admin, agency = self.admin, self.agency
        made = account(admin, agency, "thutruong", ["agency_head"], "thutruong@bimson.gov.vn")
        self.head = self.world.hub.signed_in("thutruong", made["one_time_password"])
        self.lan = account(admin, agency, "lan", [], "lan@bimson.gov.vn")["account"]
        wanted = {"name": "Trung tâm giám sát", "agency": agency, "url": f"https://localhost:{self.receiver.port}/luy", "ca_file": "ca.pem",
                  "kinds": ["account", "act"], "enabled": True}
        astray = admin.call("POST", "/api/v1/webhooks", {**wanted, "url": "https://example.com/"})
        assert done(astray, 409)["error"]["code"] == "notice.host_not_allowed"
        made = done(admin.call("POST", "/api/v1/webhooks", wanted), 202)
        assert not made["done"] and not admin.get("/api/v1/webhooks")["items"]
        subject = "[Lũy] Có việc chờ người thứ hai đồng ý: Lập webhook – Ủy ban nhân dân thị xã Bỉm Sơn"
        wait_until(lambda: subject in self.mail.subjects("thutruong@bimson.gov.vn"), 60, "the mail to the second person")
        assert subject not in self.mail.subjects("quantri@bimson.gov.vn"), "who asked cannot be the second person"
        done(self.head.call("POST", f"/api/v1/acts/{made['act']}/agree"), 204)
        self.webhook = made["webhook"]

    def signed_calls(self):
        admin, receiver = self.admin, self.receiver
        test = f"/api/v1/webhooks/{self.webhook}/test"
        assert not done(admin.call("POST", test))["ok"], "it was called without a secret"
        receiver.secrets = [done(admin.call("POST", f"/api/v1/webhooks/{self.webhook}/secret"))["secret"]]
        assert done(admin.call("POST", test))["ok"]
        document, signed = receiver.calls[-1]
        assert document["kind"] == "test" and signed == [True], (document, signed)
        renewed = done(admin.call("POST", f"/api/v1/webhooks/{self.webhook}/secret"))
        receiver.secrets.append(renewed["secret"])
        assert renewed["previous_until"] and done(admin.call("POST", test))["ok"]
        assert receiver.calls[-1][1] == [True, True], "the secret before counts for a day"
        receiver.status = 302
        assert not done(admin.call("POST", test))["ok"]
        assert receiver.elsewhere == 0, "a redirect was followed"
        receiver.status = 204

    def issue(self):
        done(self.admin.call("POST", f"/api/v1/accounts/{self.lan['id']}/password", {}))

    def own_account(self):
        self.issue()
        subject = "[Lũy] Tài khoản được cấp mật khẩu mới – Ủy ban nhân dân thị xã Bỉm Sơn"
        wait_until(lambda: self.mail.subjects("lan@bimson.gov.vn") == [subject], 60, "the mail to the account's owner")
        wait_until(lambda: len(self.receiver.of("account")) == 1, 60, "the call of the webhook")
        text = self.mail.of("lan@bimson.gov.vn")[0].get_content()
        assert "Cơ quan:" in text and "Agency:" not in text, text
        assert self.world.hub.info["console_url"] + "/account" in text, text
        document, signed = self.receiver.calls[-1]
        assert signed == [True, True] and document["agency"]["code"] == "UBND-BS", document
        assert "lan" not in json.dumps(document).lower().replace("bimson.gov.vn", ""), "a person's name left"
        fixed = self.admin.call("PUT", "/api/v1/me/notices", {"items": [{"kind": "account", "how": "none"}]})
        assert done(fixed, 409)["error"]["code"] == "notice.kind_fixed"

    def own_language(self):
        """Who chose English is told in English alone; the others are told as before."""
        mail = self.mail
        done(self.head.call("PUT", "/api/v1/me/notices", {"language": "en"}))
        moved = done(self.admin.call("PUT", f"/api/v1/webhooks/{self.webhook}", {"name": "Trung tâm giám sát 2", "agency": self.agency, "ca_file": "ca.pem",
                     "url": f"https://localhost:{self.receiver.port}/luy", "kinds": ["account", "act"], "enabled": True}), 202)
        english = [one for one in wait_until(lambda: [one for one in mail.of("thutruong@bimson.gov.vn") if one["Content-Language"] == "en"], 60, "the mail in English")]
        assert "waits for a second person" in english[0]["Subject"], english[0]["Subject"]
        assert "Agency:" in english[0].get_content() and "Cơ quan:" not in english[0].get_content(), english[0].get_content()
        done(self.head.call("POST", f"/api/v1/acts/{moved['act']}/agree"), 204)
        done(self.head.call("PUT", "/api/v1/me/notices", {"language": "vi"}))

    def away(self):
        """Both servers are away, the hub is killed: each is told once all the same."""
        mail, receiver, admin = self.mail, self.receiver, self.admin
        mail.stop()
        receiver.stop()
        self.issue()
        waiting = wait_until(lambda: [one for one in self.notices(state="waiting") if one["attempts"] > 0 and one["problem"]], 60, "a failed attempt")
        assert waiting
        assert admin.get("/api/v1/notices/settings")["problem"]
        self.world.hub.process.kill9()
        self.world.hub.start()
        assert len(self.notices(state="waiting")) == 2, self.notices(state="waiting")
        self.issue()
        mail.start()
        receiver.start()
        assert self.test_mail()["ok"]
        assert done(admin.call("POST", f"/api/v1/webhooks/{self.webhook}/test"))["ok"]
        wait_until(lambda: not self.notices(state="waiting"), 60, "what waited to be sent")
        ids = [message["Message-ID"] for message in mail.of("lan@bimson.gov.vn")]
        lines = sum(message.get_content().count("- Tài khoản được cấp mật khẩu mới") for message in mail.of("lan@bimson.gov.vn"))
        assert len(set(ids)) == len(ids) and lines == 3, (ids, lines)
        calls = [document["id"] for document in receiver.of("account")]
        assert len(calls) == 3 and len(set(calls)) == 3, calls

    def refused_address(self):
        set_email(self.admin, self.lan, "khong.co@bimson.gov.vn")
        self.issue()
        failed = wait_until(lambda: self.notices(state="failed"), 60, "the refused mail to be given up")
        assert len(failed) == 1 and failed[0]["person"]["id"] == self.lan["person"]["id"], failed
        wait_until(lambda: any(one["act"] == "notice_give_up" for one in self.admin.get("/api/v1/audit")["items"]), 60, "the word in the audit trail")
        set_email(self.admin, self.lan, "lan@gmail.com")
        before = len(self.mail.mails)
        self.issue()
        wait_until(lambda: len(self.receiver.of("account")) == 5, 60, "the calls of the webhook")
        assert not self.notices(state="waiting") and len(self.mail.mails) == before, "a mail went to an address that is none of the town's"


def scenario(*parts):
    one = Scenario(*parts)
    one.official_mail()
    one.two_people()
    one.signed_calls()
    one.own_account()
    one.own_language()
    one.away()
    one.refused_address()


def main():
    if Controller is None:
        print("python3-aiosmtpd is not installed")
        return SKIPPED
    with World() as world:
        authority = Authority(world.folder)
        mail, receiver = MailServer(authority), Receiver(authority)
        mail.start()
        receiver.start()
        try:
            scenario(world, authority, mail, receiver)
        finally:
            mail.stop()
            receiver.stop()
    print("notices: all seen")
    return 0


if __name__ == "__main__":
    sys.exit(main())
