#!/usr/bin/env python3
"""Goal: scanners that are not ours find nothing of medium severity or above on a hub as it is shipped.

Method: a hub of its own on loopback; testssl.sh and sslscan on the ports of console and agents, csp_evaluator on the policy it
sends, wapiti on every address that the contract lets one read, signed out and signed in. Prints what each found from "low" on, as it
stands in docs/security/scans.md, and ends with 1 if anything medium or above is left that ACCEPTED does not give the reason for.

    tests/campaign/scans.py [--only testssl,sslscan,csp,wapiti] [--keep FOLDER] [--seconds 600]

Needs the Debian packages testssl.sh, sslscan and wapiti, and npm for csp_evaluator, which goes into a folder of its own; without one of them it
says which and ends with 77. Many minutes.
"""
import argparse
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.parse
import xml.etree.ElementTree

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tests", "system"))
from harness import SKIPPED, World  # noqa: E402

CSP_EVALUATOR = "csp_evaluator@1.1.8"
GRAVE = ("MEDIUM", "HIGH", "CRITICAL")
# (scanner, what it names) -> why it stays.
ACCEPTED = {
    ("testssl", "cert_revocation"): "the hub's own authority, pinned; which certificates live is a list in its memory (docs/adr/0061)",
    ("csp", "script-src 'self'"): "nothing that anybody uploaded is served as a script, and there is neither JSONP nor Angular",
}


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, **more)


class Findings:
    def __init__(self):
        self.grave = 0

    def tell(self, scanner, target, severity, name, text):
        accepted = ACCEPTED.get((scanner, name))
        is_grave = severity in GRAVE
        self.grave += is_grave and accepted is None
        print(f"  {severity:8} {target}: {name}: {text}" + (f" – accepted: {accepted}" if is_grave and accepted else ""))


def testssl(hub, folder, found):
    print("testssl.sh", run("testssl", "--version").stdout.split("testssl")[1].split()[0])
    ca = os.path.join(hub.data, "keys", "ca.crt")
    for name, key in (("console", "console_url"), ("agents", "agent_url")):
        port = urllib.parse.urlsplit(hub.info[key]).port
        out = os.path.join(folder, f"testssl-{name}.json")
        done = run("testssl", "--quiet", "--color", "0", "--warnings", "off", "--ip", "127.0.0.1", "--add-ca", ca, "--jsonfile", out,
                   f"localhost:{port}")
        assert os.path.exists(out), done.stdout[-2000:] + done.stderr[-2000:]
        with open(out, encoding="utf-8") as file:
            lines = json.load(file)
        print(f"  {name}: {len(lines)} answers")
        for line in lines:
            # What says that a check could not be made is told, and is no finding.
            if line["severity"] in ("LOW", "WARN", "FATAL", *GRAVE):
                found.tell("testssl", name, line["severity"], line["id"], line["finding"])


def sslscan(hub, folder, found):
    print("sslscan", run("sslscan", "--version", "--no-colour").stdout.split()[0])
    for name, key in (("console", "console_url"), ("agents", "agent_url")):
        port = urllib.parse.urlsplit(hub.info[key]).port
        out = os.path.join(folder, f"sslscan-{name}.xml")
        run("sslscan", "--no-colour", f"--xml={out}", "--sni-name=localhost", f"127.0.0.1:{port}")
        test = xml.etree.ElementTree.parse(out).getroot().find("ssltest")
        protocols = sorted(f"{one.get('type').upper()}v{one.get('version')}" for one in test.findall("protocol") if one.get("enabled") == "1")
        ciphers = [one.get("cipher") for one in test.findall("cipher")]
        print(f"  {name}: {', '.join(protocols)}; {', '.join(ciphers)}")
        for protocol in protocols:
            if protocol not in ("TLSv1.3", "TLSv1.2"):
                found.tell("sslscan", name, "HIGH", protocol, "is spoken")
        for one in test.findall("cipher"):
            if one.get("strength") not in ("strong", "acceptable"):
                found.tell("sslscan", name, "MEDIUM", one.get("cipher"), one.get("strength"))
        for one in test.findall("heartbleed"):
            if one.get("vulnerable") == "1":
                found.tell("sslscan", name, "CRITICAL", "heartbleed", "vulnerable")
        for tag, good in (("compression", "0"), ("renegotiation", "0")):
            for one in test.findall(tag):
                if one.get("supported") not in (None, good) and not (tag == "renegotiation" and one.get("secure") == "1"):
                    found.tell("sslscan", name, "MEDIUM", tag, "supported")


def csp(hub, folder, found):
    prefix = os.path.join(folder, "csp")
    os.makedirs(prefix, exist_ok=True)
    done = run("npm", "install", "--prefix", prefix, "--no-audit", "--no-fund", "--ignore-scripts", CSP_EVALUATOR)
    assert done.returncode == 0, done.stderr
    print("csp_evaluator", CSP_EVALUATOR.split("@")[1])
    parts = urllib.parse.urlsplit(hub.info["console_url"])
    context = ssl.create_default_context(cafile=os.path.join(hub.data, "keys", "ca.crt"))
    connection = http.client.HTTPSConnection(parts.hostname, parts.port, context=context)
    connection.request("GET", "/")
    policy = connection.getresponse().getheader("Content-Security-Policy")
    print("  " + policy)
    script = """
      const {CspEvaluator} = require('csp_evaluator/dist/evaluator.js');
      const {CspParser} = require('csp_evaluator/dist/parser.js');
      const {Severity} = require('csp_evaluator/dist/finding.js');
      const found = new CspEvaluator(new CspParser(process.argv[1]).csp).evaluate();
      console.log(JSON.stringify(found.map((one) => [Severity[one.severity], one.directive, one.value, one.description])));"""
    done = run("node", "-e", script, policy, cwd=prefix)
    assert done.returncode == 0, done.stderr
    for severity, directive, value, text in json.loads(done.stdout):
        found.tell("csp", "console", severity.replace("_MAYBE", ""), f"{directive} {value}".strip(), text)


def addresses():
    """What may be read by the contract, without objects in the path; with the parameters of a search, so that there is something to attack."""
    out, path = [], None
    with open(os.path.join(ROOT, "api", "openapi.yaml"), encoding="utf-8") as file:
        for line in file:
            named = re.match(r"  (/\S+):$", line)
            path = named.group(1) if named else path
            if line == "    get:\n" and "{" not in path and path != "/api/v1/stream":
                out.append(path)
    searched = ["/api/v1/events?query=sshd&limit=5", "/api/v1/devices?q=may", "/api/v1/findings?q=ssh&limit=5", "/api/v1/persons?q=an",
                "/api/v1/rules?q=ssh", "/api/v1/audit?person=quantri", "/api/v1/verdicts?article=7", "/api/v1/reports/BC-1?secret=x", "/?page=1"]
    return out + searched


def wapiti(hub, folder, found, seconds):
    print("wapiti", run("wapiti", "--version").stdout.split()[-1])
    api = hub.signed_in(hub.secrets["username"], hub.secrets["password"])
    base = hub.info["console_url"].replace("127.0.0.1", "localhost").rstrip("/")
    for name, headers in (("signed out", []), ("signed in", ["-H", f"Cookie: {api.cookie}", "-H", "X-Luy-Request: 1"])):
        out = os.path.join(folder, f"wapiti-{name.replace(' ', '-')}.json")
        starts = [word for path in addresses() for word in ("-s", base + path)]
        kept = os.path.join(folder, "session-" + name.replace(" ", "-"))
        done = run("wapiti", "-u", base + "/", "--scope", "domain", *starts, *headers, "-f", "json", "-o", out,
                   "--flush-session", "--max-scan-time", str(seconds // 4), "--max-attack-time", str(seconds), "--no-bugreport",
                   "--store-session", kept, "--store-config", os.path.join(folder, "config"))
        assert os.path.exists(out), done.stdout[-2000:] + done.stderr[-2000:]
        with open(out, encoding="utf-8") as file:
            report = json.load(file)
        counts = [sum(len(one) for one in report[part].values()) for part in ("vulnerabilities", "anomalies")]
        print(f"  {name}: {len(addresses())} addresses to begin with, {counts[0]} vulnerabilities, {counts[1]} anomalies")
        levels = {0: "INFO", 1: "LOW", 2: "MEDIUM", 3: "HIGH", 4: "CRITICAL"}
        for part in ("vulnerabilities", "anomalies"):
            for kind, all_of in report[part].items():
                for one in all_of:
                    text = f"{one.get('method')} {one.get('path')} {one.get('info')}"[:300]
                    found.tell("wapiti", name, levels.get(one.get("level", 2), "MEDIUM"), kind, text)
        assert hub.process.alive(), "the hub ended during the scan; see " + hub.log
        searches = api.get("/api/v1/audit", act="evidence_search", searches="true", limit=1000)["items"]
        assert bool(searches) == bool(headers), "the scan was not what it should be: signed in or out"
        print(f"  {name}: {len(searches)} of its searches stand in the audit trail")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="testssl,sslscan,csp,wapiti")
    parser.add_argument("--keep")
    parser.add_argument("--seconds", type=int, default=600, help="for each of wapiti's modules")
    parser.add_argument("--console", default=os.path.join(ROOT, "console", "dist"))
    wanted = parser.parse_args()
    only = wanted.only.split(",")
    for name, program in (("testssl", "testssl"), ("sslscan", "sslscan"), ("csp", "npm"), ("wapiti", "wapiti")):
        if name in only and not shutil.which(program):
            print(f"skipped: there is no {program}")
            return SKIPPED
    folder = wanted.keep or tempfile.mkdtemp(prefix="luy-scans-")
    os.makedirs(folder, exist_ok=True)
    found = Findings()
    with World() as world:
        hub = world.hub
        hub.secrets = hub.setup()
        hub.start(console=wanted.console if os.path.isdir(wanted.console) else None)
        if "testssl" in only:
            testssl(hub, folder, found)
        if "sslscan" in only:
            sslscan(hub, folder, found)
        if "csp" in only:
            csp(hub, folder, found)
        if "wapiti" in only:
            wapiti(hub, folder, found, wanted.seconds)
    if not wanted.keep:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{found.grave} findings of medium severity or above are left")
    return 1 if found.grave else 0


sys.exit(main())
