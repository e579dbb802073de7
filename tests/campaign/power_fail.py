#!/usr/bin/env python3
"""Goal: a power cut loses nothing that was acknowledged, whatever the disk had not written yet.

Method: a store is filled on ext4 and XFS over a block device that keeps a log of every write and flush (QEMU's blklogwrites behind a FUSE export and a
loop device). The log is replayed up to a point – cut there, or with the last write torn, or with an arbitrary part of what no flush had confirmed left
out – and the disk that comes of it is mounted and the store opened, read and verified: each acknowledged batch must be there once, as it was.

    tests/campaign/power_fail.py [--points 100] [--batches 120] [--seed 1] [--systems ext4,xfs] [--keep FOLDER]

A bad cut is made and checked a second time, to tell a loss from a fault of the machine, and what the kernel said of the file system meanwhile is told
with it; with --keep the disk as it was found is put into FOLDER, with what was acknowledged and the log of writes. Before any cut the whole log is
replayed and compared with the disk it was taken from: a recorder that missed a write is no witness, and the filling is recorded anew.

Needs root, /dev/fuse, loop devices, qemu-storage-daemon, mkfs of each file system; without one of them it says which and ends with 77.
"""
import argparse
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("LUY_BIN", os.path.join(ROOT, "build", "dev", "bin"))
SKIPPED = 77
SECTOR = 512
DISK_BYTES = 320 << 20  # mkfs.xfs takes no less than 300 MiB.
LOG_BYTES = 2 << 30
RECORDINGS = 3  # A cut of a log that missed a write would tell of losses that were none; a recorder that never works is told as bad.
FLUSH, FUA, DISCARD = 1, 2, 4  # Flags of an entry, as in Linux's dm-log-writes.
MAKE = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}


def skip(why):
    print("skipped:", why)
    sys.exit(SKIPPED)


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout.strip()


class Recorded:
    """A block device in a folder whose writes are kept."""

    def __init__(self, folder):
        self.folder = folder
        self.log, export, disk = (os.path.join(folder, name) for name in ("log.img", "device", "disk.img"))
        for path, size in ((disk, DISK_BYTES), (self.log, LOG_BYTES), (export, 0)):
            with open(path, "wb") as file:
                file.truncate(size)
        self.daemon = subprocess.Popen([
            "qemu-storage-daemon", "--blockdev", f"driver=file,node-name=disk,filename={disk}", "--blockdev", f"driver=file,node-name=log,filename={self.log}",
            "--blockdev", f"driver=blklogwrites,node-name=kept,file=disk,log=log,log-sector-size={SECTOR}",
            "--export", f"type=fuse,id=out,node-name=kept,mountpoint={export},writable=on"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(100):
            if os.path.getsize(export) == DISK_BYTES:
                break
            if self.daemon.poll() is not None:
                skip("qemu-storage-daemon: " + self.daemon.stderr.read().strip())
            time.sleep(0.05)
        else:
            self.end()
            skip("the FUSE export did not come")
        try:
            self.loop = run("losetup", "-f", "--show", export)
        except subprocess.CalledProcessError as error:
            self.loop = None
            self.end()
            skip("losetup: " + error.stderr.strip())

    def end(self):
        if getattr(self, "loop", None):
            subprocess.run(["losetup", "-d", self.loop], check=False, capture_output=True)
        self.daemon.terminate()
        self.daemon.wait(30)


class Entries:
    """The log of a block device: where each entry goes, what it is, and where its bytes lie."""

    def __init__(self, path):
        self.file = open(path, "rb")  # Open as long as this lives.
        magic, _, count, size = struct.unpack("<QQQI", self.file.read(28))
        assert magic == 0x6A736677736872 and size == SECTOR, (hex(magic), size)
        self.all, at = [], SECTOR
        for _ in range(count):
            self.file.seek(at)
            sector, sectors, flags, _ = struct.unpack("<QQQQ", self.file.read(32))
            at += SECTOR
            self.all.append((sector * SECTOR, sectors * SECTOR, flags, at))
            if not flags & DISCARD:
                at += sectors * SECTOR

    def put(self, image, index, sectors=None):
        """Writes an entry into an image; of a torn one the first sectors alone."""
        offset, size, flags, at = self.all[index]
        if sectors is not None:
            size = min(size, sectors * SECTOR)
        image.seek(offset)
        if flags & DISCARD:
            image.write(bytes(size))
        elif size:
            self.file.seek(at)
            image.write(self.file.read(size))


def copy_sparse(source, target):
    """The data of a sparse file, not its holes."""
    with open(source, "rb") as from_file, open(target, "wb") as to_file:
        end, at = os.fstat(from_file.fileno()).st_size, 0
        to_file.truncate(end)
        while at < end:
            try:
                begin = os.lseek(from_file.fileno(), at, os.SEEK_DATA)
            except OSError:
                break
            at = os.lseek(from_file.fileno(), begin, os.SEEK_HOLE)
            os.lseek(from_file.fileno(), begin, os.SEEK_SET)
            os.lseek(to_file.fileno(), begin, os.SEEK_SET)
            while begin < at:
                begin += os.sendfile(to_file.fileno(), from_file.fileno(), None, at - begin)


def kernel_words(since, device):
    """What the kernel said of a device since a time of its clock; nothing where it may not be read."""
    said = subprocess.run(["dmesg"], check=False, capture_output=True, text=True).stdout.splitlines()
    times = [(re.match(rf"\[ *([0-9.]+)\] (.*\b{device}\b.*)", line)) for line in said]
    return "".join(f"\n  kernel: {one[2]}" for one in times if one and float(one[1]) >= since - 0.1)


class Replay:
    def __init__(self, folder, system, rng):
        self.entries, self.rng, self.system = Entries(os.path.join(folder, "log.img")), rng, system
        # What flushes have confirmed; made up to `settled`.
        self.folder, self.cuts = folder, 0
        self.base, self.cut, self.place = (os.path.join(folder, name) for name in ("base.img", "cut-0.img", "cut"))
        os.makedirs(self.place, exist_ok=True)
        self.settled = self.restart()
        with open(os.path.join(folder, "acks"), encoding="ascii") as file:
            self.acks = [tuple(map(int, line.split())) for line in file]

    def fresh(self):
        """A name that no device and no mount ever had: what still holds the cut before must not be taken for this one."""
        if os.path.exists(self.cut):
            os.unlink(self.cut)
        self.cuts += 1
        self.cut = os.path.join(self.folder, f"cut-{self.cuts}.img")

    def restart(self):
        with open(self.base, "wb") as file:
            file.truncate(DISK_BYTES)
        return 0

    def settle(self, point):
        """Everything before the last flush at or before `point` is on the disk for good; answers where the rest begins."""
        last = max((i + 1 for i in range(self.settled, point) if self.entries.all[i][2] & FLUSH), default=self.settled)
        with open(self.base, "r+b") as image:
            for i in range(self.settled, last):
                self.entries.put(image, i)
        self.settled = last
        return last

    def make(self, point, how):
        """The disk as it may be found after a cut at `point`."""
        begin = self.settle(point)
        self.fresh()
        copy_sparse(self.base, self.cut)
        with open(self.cut, "r+b") as image:
            for i in range(begin, point):
                _, size, flags, _ = self.entries.all[i]
                if how == "reordered" and not flags & FUA and self.rng.random() < 0.5:
                    continue
                torn = how != "cut" and not flags & FUA and size > SECTOR and (i + 1 == point or (how == "reordered" and self.rng.random() < 0.1))
                self.entries.put(image, i, self.rng.randrange(size // SECTOR) if torn else None)

    def is_faithful(self, disk):
        """Whether the whole log gives the very disk that it was taken from."""
        self.fresh()
        with open(self.cut, "wb") as file:
            file.truncate(DISK_BYTES)
        with open(self.cut, "r+b") as image:
            for i in range(len(self.entries.all)):
                self.entries.put(image, i)
        return subprocess.run(["cmp", "-s", self.cut, disk], check=False).returncode == 0

    def acknowledged(self, point):
        return max(batch for batch, entries in self.acks if entries <= point)

    def check(self, acknowledged):
        """What is wrong with the store of the present cut; empty for nothing."""
        begun = time.clock_gettime(time.CLOCK_BOOTTIME)
        mounted = subprocess.run(["mount", "-t", self.system, "-o", "loop", self.cut, self.place], capture_output=True, text=True)
        if mounted.returncode != 0:
            return "does not mount: " + mounted.stderr.strip()
        device = os.path.basename(run("findmnt", "-n", "-o", "SOURCE", self.place))
        try:
            found = subprocess.run([os.path.join(BIN, "evidence_power_fail"), "check", os.path.join(self.place, "rig"), str(acknowledged)],
                                   capture_output=True, text=True)
        finally:
            run("umount", self.place)
        if found.returncode == 0:
            return ""
        return f"batch {acknowledged}: ended with {found.returncode}: {found.stdout.strip()} {found.stderr.strip()[-4000:]}{kernel_words(begun, device)}"

    def try_cut(self, point, how, keep):
        """What is wrong with a cut; a bad one is made again from the same numbers, kept, and checked once more."""
        state = self.rng.getstate()
        self.make(point, how)
        wrong = self.check(self.acknowledged(point))
        if not wrong:
            return ""
        self.rng.setstate(state)
        self.make(point, how)
        name = f"{self.system}-{point}-{how}"
        if keep:
            copy_sparse(self.cut, os.path.join(keep, name + ".img"))
            copy_sparse(self.entries.file.name, os.path.join(keep, self.system + "-writes.img"))
        again = self.check(self.acknowledged(point))
        wrong += "\n  the same cut again: " + (again or "whole")
        if keep:
            with open(os.path.join(keep, name + ".txt"), "w", encoding="utf-8") as file:
                file.write(f"acknowledged {self.acknowledged(point)}\n{wrong}\n")
        return wrong


def fill(folder, system, batches):
    device = Recorded(folder)
    place = os.path.join(folder, "disk")
    os.makedirs(place)
    mounted = False
    try:
        run(*MAKE[system], device.loop)
        made = subprocess.run(["mount", "-t", system, device.loop, place], capture_output=True, text=True)
        if made.returncode != 0:
            skip(f"mount of {system}: {made.stderr.strip()}")
        mounted = True
        os.makedirs(os.path.join(place, "rig"))
        run(os.path.join(BIN, "evidence_power_fail"), "fill", os.path.join(place, "rig"), device.log, os.path.join(folder, "acks"), str(batches))
    finally:
        if mounted:
            run("umount", place)
        device.end()


def record(folder, system, batches, rng):
    """The replay of a log that gives the disk it was taken from; none where the recorder failed again and again."""
    for attempt in range(RECORDINGS):
        place = os.path.join(folder, str(attempt))
        os.makedirs(place)
        fill(place, system, batches)
        replay = Replay(place, system, rng)
        if replay.is_faithful(os.path.join(place, "disk.img")):
            return replay
        print(f"{system}: recording {attempt + 1}: the log of writes does not give the disk it was taken from", flush=True)
        replay.entries.file.close()
        shutil.rmtree(place)  # Several disks and logs at once may be more than memory holds.
    return None


def campaign(system, points, batches, seed, keep):
    rng = random.Random(f"{seed} {system}")
    with tempfile.TemporaryDirectory(prefix="luy-power-", dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        replay = record(folder, system, batches, rng)
        if replay is None:
            return 1
        begin, end = replay.acks[0][1], len(replay.entries.all)
        flushes = [i for i in range(begin, end) if replay.entries.all[i][2] & FLUSH]
        # Half of them around flushes, where what was promised begins to hold.
        chosen = [rng.randrange(begin, end + 1) for _ in range(points // 2)]
        chosen += [min(end, max(begin, rng.choice(flushes) + rng.choice((0, 1, 2)))) for _ in range(points - len(chosen))]
        # A disk that lied about its last flushes: the rig must see the loss, or it would see none.
        bad, middle = 0, begin + (end - begin) // 3
        replay.make(middle, "cut")
        if not re.search("lost [1-9]", replay.check(replay.acknowledged(middle) + 5)):
            print(f"{system}: five lost batches were not noticed")
            bad += 1
        replay.settled = replay.restart()
        for point in sorted(chosen):
            how = rng.choice(("cut", "torn", "reordered", "reordered"))
            wrong = replay.try_cut(point, how, keep)
            if wrong:
                bad += 1
                print(f"{system}: {how} after entry {point} (seed {seed}): {wrong}", flush=True)
        print(f"{system}: {len(chosen)} cuts over {end - begin} entries, {len(flushes)} flushes, {replay.acks[-1][0]} batches: {bad} bad", flush=True)
        return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--batches", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--systems", default="ext4,xfs")
    parser.add_argument("--keep", default="", help="a folder for the disks of bad cuts")
    options = parser.parse_args()
    if os.geteuid() != 0:
        skip("only root may mount")
    for path in ("/dev/fuse", "/dev/loop-control"):
        if not os.path.exists(path):
            skip(path + " is not there")
    if not shutil.which("qemu-storage-daemon"):
        skip("qemu-storage-daemon (package qemu-system-common) is not installed")
    with open("/proc/filesystems", encoding="ascii") as file:
        known = file.read().split()
    if "LUY_OWN_MOUNTS" not in os.environ:
        # A namespace that anybody clones from ours while a cut is mounted keeps it mounted, and the next would show it.
        os.environ["LUY_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, os.path.abspath(__file__), *sys.argv[1:]])
    systems = [one for one in options.systems.split(",") if shutil.which(MAKE[one][0]) and one in known]
    if not systems:
        skip("no file system of " + options.systems)
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    bad = sum(campaign(one, options.points // len(systems), options.batches, options.seed, options.keep) for one in systems)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
