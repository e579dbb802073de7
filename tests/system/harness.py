"""Starts a hub and agents for a test, on loopback and free ports, and ends only what it started.

Standard library only. The programs come from the folder LUY_BIN names (ctest sets it). Every process is killed when the
test ends, also when it fails.
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import ssl
import struct
import subprocess
import tempfile
import time
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77  # What a test ends with that cannot run here; ctest then says so (tests/CMakeLists.txt).
BIN = os.environ.get("LUY_BIN", os.path.join(ROOT, "build", "dev", "bin"))
PASSWORD = "Lúa chín vàng đồng 2026"


def wait_until(condition, seconds=90.0, what="condition"):
    """The first true answer of condition(); fails the test after the given time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


def totp(secret, now=None):
    """The six digits an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = int((now or time.time()) // 30)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class Process:
    """A program of ours with its log file; ended by pid."""

    def __init__(self, arguments, log):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(arguments, stdout=out, stderr=out, stdin=subprocess.DEVNULL)

    def alive(self):
        return self.process.poll() is None

    def kill9(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=20):
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill9()
                raise AssertionError(f"{self.process.args[0]} did not end on SIGTERM; see {self.log}")
        return self.process.returncode


class Api:
    """A client of the console's API with a cookie, over TLS that trusts the hub's own CA alone."""

    def __init__(self, url, ca_file):
        self.parts = urllib.parse.urlsplit(url)
        self.context = ssl.create_default_context(cafile=ca_file)
        self.cookie = None

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPSConnection(self.parts.hostname, self.parts.port, context=self.context, timeout=60)
        sent = {"X-Luy-Request": "1", **(headers or {})}
        if self.cookie:
            sent["Cookie"] = self.cookie
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        connection.request(method, path, data, sent)
        response = connection.getresponse()
        text = response.read()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self.cookie = cookie.split(";")[0]
        connection.close()
        content_type = response.headers.get("Content-Type", "")
        return response.status, json.loads(text) if text and content_type.startswith("application/json") else text

    def get(self, path, **query):
        status, body = self.call("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))
        assert status == 200, (path, status, body)
        return body


class Hub:
    def __init__(self, folder, program_folder=BIN):
        self.data = os.path.join(folder, "hub")
        self.log = os.path.join(folder, "hub.log")
        self.program = os.path.join(program_folder, "luy-hub")
        self.process = None
        self.info = None
        self.codes = []  # Recovery codes that are left, of the one who signs in.

    def setup(self):
        out = subprocess.run(
            [self.program, "setup", "--data", self.data, "--agency-code", "UBND-BS", "--agency-name", "Ủy ban nhân dân thị xã Bỉm Sơn",
             "--admin-username", "quantri", "--json"], capture_output=True, text=True)
        assert out.returncode == 0, out.stderr
        return json.loads(out.stdout)

    def arguments(self, port=0, pack=None, console=None, extra=()):
        arguments = [self.program, "serve", "--data", self.data, "--listen", "127.0.0.1", "--port", str(port), "--agent-port",
                     str(self.info_port("agent_url")), "--admin-port", "0", "--pack", pack or os.path.join(ROOT, "regulation", "4448-2017"),
                     "--openapi", os.path.join(ROOT, "api", "openapi.yaml"),
                     "--rules", os.path.join(ROOT, "rules")]
        if console:
            arguments += ["--console", console]
        return arguments + [str(one) for one in extra]

    def info_port(self, key):
        """The port of an earlier start, so that agents find a restarted hub; 0 at first."""
        return urllib.parse.urlsplit(self.info[key]).port if self.info else 0

    def start(self, seconds=60, **options):
        ready = os.path.join(self.data, "run", "hub.json")
        if os.path.exists(ready):
            os.unlink(ready)
        arguments = self.arguments(port=self.info_port("console_url"), **options)
        self.process = Process(arguments, self.log)

        def is_ready():
            assert self.process.alive(), "the hub ended: " + open(self.log).read()[-2000:]
            return os.path.exists(ready)

        wait_until(is_ready, seconds, "the hub")
        with open(ready) as file:
            self.info = json.load(file)
        return self.info

    def api(self):
        return Api(self.info["console_url"], os.path.join(self.data, "keys", "ca.crt"))

    def signed_in(self, username, password):
        """Signs in; changes a one-time password and adds a second factor where the hub demands it."""
        api = self.api()
        status, body = api.call("POST", "/api/v1/session", {"username": username, "password": password})
        if status == 401 and self.codes:
            status, body = api.call("POST", "/api/v1/session",
                                    {"username": username, "password": PASSWORD, "code": self.codes.pop()})
        assert status == 200, body
        if body["must_change_password"]:
            status, body = api.call("POST", "/api/v1/session/password", {"current": password, "new": PASSWORD})
            assert status == 200, body
        if body["must_enrol_factor"]:
            self.add_factor(api)
        return api

    def add_factor(self, api):
        status, offer = api.call("POST", "/api/v1/factors/totp", {"password": PASSWORD})
        assert status == 200, offer
        status, made = api.call("POST", "/api/v1/factors/totp/confirm", {"code": totp(offer["secret"])})
        assert status == 200, made
        self.codes = made["recovery_codes"]

    def admin(self, path):
        """The administration port, with the token that only the hub's own user can read."""
        parts = urllib.parse.urlsplit(self.info["admin_url"])
        with open(os.path.join(self.data, "run", "admin.token")) as file:
            token = file.read().strip()
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer


class Agent:
    def __init__(self, folder, name="agent", program_folder=BIN):
        self.data = os.path.join(folder, name)
        self.log = os.path.join(folder, name + ".log")
        self.program = os.path.join(program_folder, "luy-agent")
        self.process = None

    def enrol(self, url, token, fingerprint):
        return subprocess.run([self.program, "enrol", "--hub", url, "--token", token, "--fingerprint", fingerprint, "--data", self.data],
                              capture_output=True, text=True)

    def start(self, *options):
        self.process = Process([self.program, "run", "--data", self.data, *options], self.log)


class World:
    """A temporary folder with a hub and agents in it. Use as a context manager."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="luy-test-")
        self.hub = Hub(self.folder)
        self.agents = []

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        for part in [*self.agents, self.hub]:
            if part.process and part.process.alive():
                part.process.kill9()
        if kind is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"what the programs said: {self.folder}/*.log")

    def agent(self, name="agent", program_folder=BIN):
        agent = Agent(self.folder, name, program_folder)
        self.agents.append(agent)
        return agent

    def start_enrolled(self):
        """A hub with one agent enrolled but not yet running."""
        secrets = self.hub.setup()
        info = self.hub.start()
        agent = self.agent()
        done = agent.enrol(info["console_url"], secrets["token"], info["fingerprint"])
        assert done.returncode == 0, done.stderr
        return secrets, info, agent
