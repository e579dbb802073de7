#!/usr/bin/env python3
"""Goal: people sign in through a directory and through a provider of OpenID Connect as whom two keys say they are; who is renamed stays who they are, who
is gone there is gone here, and nothing forged, replayed or asked over a channel of somebody else's is believed.

Method: a real hub; slapd from Debian's package, taken apart into a folder and never installed, with TLS by a CA of openssl's; a provider of our own over
HTTPS on loopback, which is told what to get wrong.
"""
import base64
import glob
import hashlib
import http.client
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
import urllib.parse

from harness import ROOT, SKIPPED, World, wait_until

BASE = "dc=bimson,dc=vn"
UUIDS = {name: f"597ae2f6-16a6-1027-98f4-d28b5365dc{number}" for name, number in (("lan", 10), ("minh", 11), ("hoa", 12))}


def run(*arguments, **more):
    return subprocess.run(arguments, check=True, capture_output=True, **more).stdout


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Authority:
    """A CA with a certificate for this machine."""

    def __init__(self, folder, name):
        self.ca, self.cert, self.key = (os.path.join(folder, name + end) for end in (".ca", ".crt", ".key"))
        ca_key, request = os.path.join(folder, name + ".cakey"), os.path.join(folder, name + ".csr")
        new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        run("openssl", "req", "-x509", *new_key, "-keyout", ca_key, "-out", self.ca, "-days", "2", "-subj", "/CN=CA " + name)
        run("openssl", "req", *new_key, "-keyout", self.key, "-out", request, "-subj", "/CN=127.0.0.1")
        extensions = os.path.join(folder, name + ".ext")
        with open(extensions, "w") as file:
            file.write("subjectAltName=IP:127.0.0.1\n")
        run("openssl", "x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", ca_key, "-days", "2", "-extfile", extensions, "-out", self.cert)


def slapd_folder():
    """Debian's package taken apart: installing it would start a daemon. None where it cannot be had."""
    folder = os.environ.get("LUY_SLAPD") or os.path.join(ROOT, "build", "slapd")
    program = os.path.join(folder, "usr", "sbin", "slapd")
    if not os.path.exists(program):
        if not shutil.which("apt-get"):
            return None
        os.makedirs(folder, exist_ok=True)
        try:
            got = subprocess.run(["apt-get", "download", "slapd", "libwrap0", "libltdl7", "libodbc2"], cwd=folder, capture_output=True, timeout=60)
        except subprocess.TimeoutExpired:
            return None
        packages = glob.glob(os.path.join(folder, "*.deb"))
        if got.returncode != 0 or not packages:
            return None
        for package in packages:
            run("dpkg-deb", "-x", package, folder)
    return folder


class Directory:
    """slapd over the people it is told of; its keys are told, too, so that they outlive a name."""

    def __init__(self, package, folder, authority):
        self.package, self.folder, self.authority = package, folder, authority
        self.ldaps, self.ldap = free_port(), free_port()
        self.process = None
        libraries = glob.glob(os.path.join(package, "*", "*", "*-linux-gnu")) + glob.glob(os.path.join(package, "*", "*-linux-gnu"))
        self.environment = {**os.environ, "LD_LIBRARY_PATH": ":".join(libraries)}
        self.program = os.path.join(package, "usr", "sbin", "slapd")

    def works(self):
        return subprocess.run([self.program, "-VV"], env=self.environment, capture_output=True).returncode == 0

    def start(self, people):
        self.stop()
        data, config, ldif = (os.path.join(self.folder, name) for name in ("ldap-data", "slapd.conf", "people.ldif"))
        shutil.rmtree(data, ignore_errors=True)
        os.makedirs(data)
        schema = os.path.join(self.package, "etc", "ldap", "schema")
        with open(config, "w") as file:
            file.write("".join(f"include {schema}/{name}.schema\n" for name in ("core", "cosine", "inetorgperson")))
            file.write(f"modulepath {self.package}/usr/lib/ldap\nmoduleload back_mdb\n"
                       f"TLSCACertificateFile {self.authority.ca}\nTLSCertificateFile {self.authority.cert}\n"
                       f"TLSCertificateKeyFile {self.authority.key}\ndatabase mdb\nsuffix {BASE}\ndirectory {data}\n"
                       "access to attrs=userPassword by anonymous auth\n"
                       f"access to * by dn.exact=\"cn=luy,{BASE}\" read\n")
        with open(ldif, "w") as file:
            file.write(f"dn: {BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Bỉm Sơn\ndc: bimson\n\n"
                       f"dn: cn=luy,{BASE}\nobjectClass: person\ncn: luy\nsn: luy\nuserPassword: bí mật của Lũy\n\n")
            for key, (uid, name) in people.items():
                file.write(f"dn: uid={uid},{BASE}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {name}\nsn: {name}\nmail: {uid}@bimson.gov.vn\n"
                           f"userPassword: mat khau {key}\nentryUUID: {UUIDS[key]}\n\n")
        done = subprocess.run([self.program, "-Tadd", "-f", config, "-l", ldif], env=self.environment, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        log = os.path.join(self.folder, "slapd.log")
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                [self.program, "-d", "0", "-f", config, "-h", f"ldaps://127.0.0.1:{self.ldaps} ldap://127.0.0.1:{self.ldap}"],
                env=self.environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL)

        def listens():
            assert self.process.poll() is None, "slapd ended: " + open(log).read()[-2000:]
            with socket.socket() as one:
                return one.connect_ex(("127.0.0.1", self.ldaps)) == 0

        wait_until(listens, 20, "slapd")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Provider:
    """OpenID Connect as far as the hub needs it. `wrong` says what to get wrong in the next ID token."""

    def __init__(self, folder, authority):
        self.keys = {}
        for name in ("real", "forged"):
            path = os.path.join(folder, name + ".rsa")
            run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path)
            self.keys[name] = path
        modulus = run("openssl", "rsa", "-in", self.keys["real"], "-noout", "-modulus").decode().strip().split("=")[1]
        self.key_set = {"keys": [{"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", "n": b64(bytes.fromhex(modulus)), "e": "AQAB"}]}
        self.codes, self.wrong, self.methods = {}, "", ["pwd"]
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, body):
                data = json.dumps(body).encode()
                self.send_response(200 if body else 400)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                if self.path == "/.well-known/openid-configuration":
                    self.answer({"issuer": provider.url, "authorization_endpoint": provider.url + "/auth", "token_endpoint": provider.url + "/token",
                                 "jwks_uri": provider.url + "/keys"})
                else:
                    self.answer(provider.key_set if self.path == "/keys" else {})

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                known = base64.b64decode(self.headers.get("Authorization", "Basic ").split()[-1] + "==").decode() == "luy:bi%20mat"
                self.answer(provider.token(form) if known else {})

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.cert, authority.key)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def sign_in(self, location):
        """What the person's browser would do at the provider; the code and the state it comes back with."""
        parts = urllib.parse.urlsplit(location)
        asked = dict(urllib.parse.parse_qsl(parts.query))
        assert location.startswith(self.url + "/auth?") and asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split(), location
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form):
        asked = self.codes.pop(form.get("code"), None)
        if not asked or form["redirect_uri"] != asked["redirect_uri"] or b64(hashlib.sha256(form["code_verifier"].encode()).digest()) != asked["code_challenge"]:
            return {}
        wrong, now = self.wrong, int(time.time())
        head = {"alg": "none" if wrong == "unsigned" else "RS256", "kid": "1"}
        claims = {"iss": self.url, "sub": "248289761001", "aud": "other" if wrong == "audience" else "luy", "exp": now + 300, "iat": now,
                  "nonce": "x" if wrong == "nonce" else asked["nonce"], "amr": self.methods}
        text = b64(json.dumps(head).encode()) + "." + b64(json.dumps(claims).encode())
        if wrong == "unsigned":
            return {"access_token": "a", "token_type": "Bearer", "id_token": text + "."}
        key = self.keys["forged" if wrong == "forged" else "real"]
        return {"access_token": "a", "token_type": "Bearer",
                "id_token": text + "." + b64(run("openssl", "dgst", "-sha256", "-sign", key, input=text.encode()))}


class Browser:
    """Cookies by name, and redirects that are looked at."""

    def __init__(self, api):
        self.api, self.cookies = api, {}

    def call(self, method, path, body=None):
        parts = self.api.parts
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=self.api.context, timeout=30)
        headers = {"X-Luy-Request": "1", "Content-Type": "application/json"} if method != "GET" else {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        text = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            assert "Secure" in cookie and "HttpOnly" in cookie and "Path=/" in cookie, cookie
            self.cookies.pop(name, None) if not value else self.cookies.update({name: value})
        connection.close()
        return response.status, json.loads(text) if text else {}, response.headers.get("Location")


class Town:
    def __init__(self, world):
        self.world = world
        secrets = world.hub.setup()
        world.hub.start()
        self.admin = world.hub.signed_in(secrets["username"], secrets["password"])
        self.agency = self.ok("GET", "/api/v1/agencies")["agencies"][0]["id"]
        self.folder = os.path.join(world.hub.data, "sources")

    def ok(self, method, path, body=None):
        status, answer = self.admin.call(method, path, body)
        assert status in (200, 201, 204), (method, path, status, answer)
        return answer

    def keep(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def sign_in(self, source, username, password, code=200, **more):
        status, answer = self.world.hub.api().call("POST", "/api/v1/session", {"source": source, "username": username, "password": password, **more})
        assert status == code, (username, status, answer)
        return answer if status == 200 else answer["error"]["code"]


def ldap_source(town, directory, name, **more):
    settings = {"urls": [f"ldaps://127.0.0.1:{directory.ldaps}"], "base": BASE, "filter": "(objectClass=inetOrgPerson)", "key": "entryUUID",
                "bind_dn": f"cn=luy,{BASE}", "secret_file": "ldap.secret", "ca_file": "ldap.crt",
                "map": {"username": "uid", "name": "cn", "mail": "mail", "position": None, "department": None}, **more}
    return town.ok("POST", "/api/v1/sources", {"kind": "ldap", "name": name, "agency": town.agency, "ldap": settings})["source"]


def failing_step(town, source):
    tested = town.ok("POST", f"/api/v1/sources/{source}/test")
    return next((step["name"] for step in tested["steps"] if not step["ok"]), None)


def channels(town, directory):
    """Only a directory that the named authority vouches for is asked, over ldaps and StartTLS."""
    source = ldap_source(town, directory, "Thư mục thị xã")
    assert failing_step(town, source) == "files"
    secret = town.keep("ldap.secret", "bí mật của Lũy\n")
    with open(directory.authority.ca) as file:
        town.keep("ldap.crt", file.read())
    assert failing_step(town, source) is None
    os.chmod(secret, 0o644)
    assert failing_step(town, source) == "files"
    os.chmod(secret, 0o600)
    with open(Authority(town.world.folder, "stranger").ca) as file:
        town.keep("stranger.crt", file.read())
    assert failing_step(town, ldap_source(town, directory, "Lạ", ca_file="stranger.crt")) == "connect"
    started = ldap_source(town, directory, "StartTLS", urls=[f"ldap://127.0.0.1:{directory.ldap}"], start_tls=True)
    assert failing_step(town, started) is None
    town.keep("other.secret", "sai")
    assert failing_step(town, ldap_source(town, directory, "Sai", secret_file="other.secret")) == "bind"
    return source


def sync(town, source):
    made = town.ok("POST", f"/api/v1/sources/{source}/preview")
    town.ok("POST", f"/api/v1/sources/{source}/apply", {"preview": made["id"]})
    return {one["name"]: one["does"] for one in made["items"]}


def directory_sign_in(town, directory, source):
    people = {"lan": ("lan", "Nguyễn Thị Lan"), "minh": ("minh", "Trần Văn Minh"), "hoa": ("hoa", "Lê Thị Hoa")}
    assert set(sync(town, source).values()) == {"create"}
    assert set(sync(town, source).values()) == {"nothing"}
    assert town.sign_in(source, "lan", "mat khau lan")["username"] == "lan"
    for name, password in (("lan", "mat khau hoa"), ("nobody", "mat khau lan"), ("lan)(uid=*", "x"), ("*", "mat khau lan")):
        assert town.sign_in(source, name, password, 401) == "directory.sign_in_failed", name
    # Renamed there: the same account here.
    directory.start({**people, "lan": ("nguyenlan", "Nguyễn Lan Hương")})
    assert sync(town, source)["Nguyễn Lan Hương"] == "change"
    seen = town.sign_in(source, "nguyenlan", "mat khau lan")
    assert (seen["username"], seen["display_name"]) == ("lan", "Nguyễn Lan Hương"), seen
    assert town.sign_in(source, "lan", "mat khau lan", 401) == "directory.sign_in_failed"
    # Gone there: a leave here, and no way back by a sync.
    del people["hoa"]
    directory.start(people)
    assert sync(town, source)["Lê Thị Hoa"] == "leave"
    leaves = town.ok("GET", "/api/v1/leaves")["items"]
    assert [one["person"]["name"] for one in leaves] == ["Lê Thị Hoa"], leaves
    directory.start({**people, "hoa": ("hoa", "Lê Thị Hoa")})
    assert sync(town, source)["Lê Thị Hoa"] == "refuse"
    assert town.sign_in(source, "hoa", "mat khau hoa", 403) == "directory.account_disabled"
    directory.stop()
    assert town.sign_in(source, "minh", "mat khau minh", 503) == "directory.source_silent"
    listed = {one["id"]: one["problem"] for one in town.ok("GET", "/api/v1/sources")["items"]}
    assert listed[source] is not None


def provider_sign_in(town, provider):
    town.keep("oidc.secret", "bi mat\n")
    with open(os.path.join(town.world.folder, "provider.ca")) as file:
        town.keep("oidc.crt", file.read())
    settings = {"issuer": provider.url, "client_id": "luy", "scopes": ["openid"], "secret_file": "oidc.secret", "ca_file": "oidc.crt", "second_factor": False}
    source = town.ok("POST", "/api/v1/sources", {"kind": "oidc", "name": "Cổng", "agency": town.agency, "oidc": settings})["source"]
    assert failing_step(town, source) is None
    back = f"/api/v1/sign-in/oidc/{source}?"

    def begin():
        browser = Browser(town.world.hub.api())
        status, answer, _ = browser.call("POST", "/api/v1/session/oidc", {"source": source})
        assert status == 200, answer
        return browser, provider.sign_in(answer["location"])

    def come_back(browser, query):
        status, _, location = browser.call("GET", back + urllib.parse.urlencode(query))
        assert status == 303, status
        return location

    assert come_back(*begin()) == "/sign-in?error=directory.identity_unlinked&key=248289761001"
    accounts = {one["username"]: one["id"] for one in town.ok("GET", "/api/v1/accounts")["accounts"]}
    town.ok("POST", f"/api/v1/accounts/{accounts['minh']}/identities", {"source": source, "subject": "248289761001"})
    town.ok("POST", f"/api/v1/accounts/{accounts['minh']}/roles", {"role": "staff", "agency": town.agency})
    browser, query = begin()
    assert come_back(browser, query) == "/"
    assert browser.call("GET", "/api/v1/session")[1]["username"] == "minh"
    assert come_back(browser, query) == "/sign-in?error=directory.sign_in_state_over", "replayed"
    _, query = begin()
    assert come_back(Browser(town.world.hub.api()), query) == "/sign-in?error=directory.sign_in_state_over", "another browser"
    for wrong in ("forged", "unsigned", "audience", "nonce"):
        provider.wrong = wrong
        browser, query = begin()
        assert come_back(browser, query) == "/sign-in?error=directory.id_token_refused", wrong
        assert browser.call("GET", "/api/v1/session")[0] == 401, wrong
    provider.wrong = ""
    browser, query = begin()
    provider.server.shutdown()
    provider.server.server_close()
    assert come_back(browser, query) == "/sign-in?error=directory.source_silent"


def main():
    package = slapd_folder()
    if package is None:
        print("slapd's package cannot be had here: skipped")
        return SKIPPED
    with World() as world:
        directory = Directory(package, world.folder, Authority(world.folder, "directory"))
        if not directory.works():
            print("slapd does not run here: skipped")
            return SKIPPED
        try:
            directory.start({"lan": ("lan", "Nguyễn Thị Lan"), "minh": ("minh", "Trần Văn Minh"), "hoa": ("hoa", "Lê Thị Hoa")})
            town = Town(world)
            source = channels(town, directory)
            directory_sign_in(town, directory, source)
            provider_sign_in(town, Provider(world.folder, Authority(world.folder, "provider")))
        finally:
            directory.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
