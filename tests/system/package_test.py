#!/usr/bin/env python3
"""Goal: the Debian packages install on a machine that has what they depend on, put every program where the others look for
it, start to work, go away without a trace but the agency's evidence, and are made the same twice.

Method: packages of this build's programs; a whole machine as a private view of this one (an overlay on a memory file
system in a mount namespace, so nothing outside changes), where real dpkg installs, verifies, removes and purges them.
Needs root for the namespace; without it the packages' contents alone are looked at.
"""
import hashlib
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("LUY_BIN", os.path.join(ROOT, "build", "dev", "bin"))

# Runs inside the private machine. ASan reserves more address space than a chroot with /proc missing can explain, so
# /proc is there too.
INSIDE = r"""
set -eu
cd /packages
have() { [ -e "$1" ] || { echo "missing: $1" >&2; exit 1; }; }
gone() { [ ! -e "$1" ] || { echo "still there: $1" >&2; exit 1; }; }
dpkg -i luy-agent_*.deb luy_*.deb luy-hub_*.deb
dpkg --audit
[ -z "$(dpkg --verify luy-agent luy luy-hub)" ]
luy-agent --version
luy --help >/dev/null
have /usr/lib/luy/luy-agent-apt
have /lib/systemd/system/luy-agent.service
getent passwd luy-hub >/dev/null
[ "$(stat -c '%U %a' /var/lib/luy-hub)" = "luy-hub 700" ]
# Every fact that asks a helper beside the program gets its answer.
luy-agent facts --kind hardening | grep -q '"results":\[{'
luy-agent facts --kind updates | grep -q '"fact":"updates"'
# Each program that a unit starts is there.
sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' /lib/systemd/system/luy-*.service | while read -r program; do [ -x "$program" ] || { echo "not a program: $program" >&2; exit 1; }; done
# Everything the hub's unit names is there, and the hub works with it as the user it gets.
sed -n 's/^ExecStart=//p' /lib/systemd/system/luy-hub.service | tr ' ' '\n' | grep ^/usr/share | while read -r file; do have "$file"; done
su -s /bin/sh luy-hub -c 'luy-hub setup --data /var/lib/luy-hub --agency-code UBND-T --agency-name "Ủy ban nhân dân thử" --admin-username quantri --json' | grep -q '"password"'
have /var/lib/luy-hub/records.db
echo "changed" >>/etc/luy/hub.env
dpkg -i --force-confold luy-hub_*.deb >/dev/null
grep -q changed /etc/luy/hub.env
mkdir -p /var/lib/luy-agent
dpkg --purge luy-hub luy luy-agent
gone /usr/bin/luy-agent; gone /usr/bin/luy; gone /usr/bin/luy-hub; gone /usr/lib/luy; gone /usr/share/luy; gone /etc/luy/hub.env; gone /var/lib/luy-agent
# The evidence is the agency's.
have /var/lib/luy-hub/records.db
[ -z "$(dpkg --audit)" ]
echo ALL-WELL
"""

MACHINE = r"""
set -eu
mount -t tmpfs -o size=3g none "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
mount -t proc proc "$1/root/proc"
mount -t tmpfs none "$1/root/run"
mount -t tmpfs none "$1/root/tmp"
mkdir "$1/root/packages"
cp "$2"/*.deb "$1/root/packages/"
cp "$2/inside.sh" "$1/root/packages/"
exec chroot "$1/root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 ASAN_OPTIONS=detect_leaks=0 sh /packages/inside.sh
"""


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def make(out, console):
    said = subprocess.run([os.path.join(ROOT, "tools", "package"), "--bin", BIN, "--out", out, "--console", console, "--plain"], capture_output=True, text=True,
                          env={**os.environ, "SOURCE_DATE_EPOCH": "1764000000"})
    assert said.returncode == 0, said.stdout + said.stderr
    return sorted(name for name in os.listdir(out) if name.endswith(".deb"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        console = os.path.join(ROOT, "console", "dist")
        if not os.path.exists(os.path.join(console, "index.html")):
            console = os.path.join(folder, "console")
            os.makedirs(console)
            with open(os.path.join(console, "index.html"), "w", encoding="ascii") as file:
                file.write("<!doctype html>\n")
        out = os.path.join(folder, "out")
        names = make(out, console)
        assert sorted(name.split("_")[0] for name in names) == ["luy", "luy-agent", "luy-hub"], names
        again = os.path.join(folder, "again")
        for name in make(again, console):
            assert digest(os.path.join(out, name)) == digest(os.path.join(again, name)), f"{name} is another one the second time"
        for name in names:
            listing = subprocess.run(["dpkg-deb", "--contents", os.path.join(out, name)], capture_output=True, text=True, check=True).stdout
            for line in listing.splitlines():
                mode, owner = line.split()[:2]
                assert owner == "root/root", line
                assert mode[0] == "l" or (mode[5] != "w" and mode[8] != "w"), line
            depends = subprocess.run(["dpkg-deb", "--field", os.path.join(out, name), "Depends"], capture_output=True, text=True, check=True).stdout
            assert "libc6 (>=" in depends, f"{name}: {depends}"
        if os.geteuid() != 0:
            print("the packages are sound; installing them was skipped: needs root for a mount namespace")
            return 77
        with open(os.path.join(out, "inside.sh"), "w", encoding="utf-8") as file:
            file.write(INSIDE)
        place = os.path.join(folder, "machine")
        os.makedirs(place)
        said = subprocess.run(["unshare", "--mount", "--propagation", "private", "sh", "-c", MACHINE, "sh", place, out], capture_output=True, text=True)
        if said.returncode != 0 and "mount:" in said.stderr and "ALL-WELL" not in said.stdout:
            print("the packages are sound; installing them was skipped: no overlay here: " + said.stderr.strip())
            return 77
        assert said.returncode == 0 and "ALL-WELL" in said.stdout, said.stdout + said.stderr
        print(said.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
