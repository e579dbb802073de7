#!/usr/bin/env python3
"""Goal: an implementation that is not ours agrees with our evidence, and disagrees with evidence that was touched.

Method: tlogcheck.go, built from Debian's golang-golang-x-mod-dev (sumdb note and tlog), reads what `luy evidence ingest` signed and
`luy evidence export` wrote: every record's proof, every checkpoint's signature, every tree as the continuation of the smaller ones.
Then the files are altered in each way a thief would, and it has to refuse. Skips, and says so, where Go or x/mod is absent.
"""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "system"))
from harness import BIN  # noqa: E402

HERE = Path(__file__).resolve().parent
MODULES = Path("/usr/share/gocode")


def go():
    for program in ("/usr/bin/go", shutil.which("go")):
        if program and os.access(program, os.X_OK):
            return program
    return None


def luy(*arguments):
    return subprocess.run([os.path.join(BIN, "luy"), "evidence", *map(str, arguments)], check=True, capture_output=True, text=True).stdout


@unittest.skipUnless(go() and (MODULES / "src/golang.org/x/mod/sumdb/tlog").is_dir(),
                     "golang-go and golang-golang-x-mod-dev are not installed")
class AnotherImplementation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="luy-tlog-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.program = cls.folder / "tlogcheck"
        environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(MODULES), "GOFLAGS": "",
                       "GOCACHE": str(cls.folder / "cache")}
        subprocess.run([go(), "build", "-o", cls.program, HERE / "tlogcheck.go"], check=True, env=environment)
        # Sizes around powers of two, where trees change shape; each ingest ends with a checkpoint.
        cls.sizes = [1, 2, 3, 1, 58, 191, 1, 20]
        cls.store = cls.grown(cls.folder / "store", "Failed password for root from 10.0.0.")
        luy("export", "--data", cls.store, "--out", cls.folder / "package")
        # The same with a key for each day: the package's key certifies the one that signed.
        cls.keys_of_days = cls.folder / "signer"
        cls.chained = cls.grown(cls.folder / "chained", "Failed password for root from 10.0.0.", signer=cls.keys_of_days)
        luy("export", "--data", cls.chained, "--signer", cls.keys_of_days, "--out", cls.folder / "chained-package")

    @classmethod
    def grown(cls, store, words, key=None, signer=None):
        store.mkdir()
        number = 0
        for size in cls.sizes:
            lines = cls.folder / "lines.log"
            lines.write_text("".join(f"Nov 22 10:00:00 web1 sshd[{number + i}]: {words}{i}\n" for i in range(size)), encoding="utf-8")
            number += size
            luy("ingest", "--data", store, "--source", "xa/may-chu/sshd", "--origin", "luy/thu", *(["--key", key] if key else []),
                *(["--signer", signer] if signer else []), lines)
        return store

    def setUp(self):
        self.work = Path(tempfile.mkdtemp(prefix="case-", dir=self.folder))
        self.package = self.work / "package"
        shutil.copytree(self.folder / "package", self.package)
        self.notes = self.work / "notes"
        self.notes.mkdir()
        for day in sorted(self.store.glob("*.sqlite")):
            with sqlite3.connect(f"file:{day}?mode=ro", uri=True) as database:
                for size, text in database.execute("SELECT size, text FROM note"):
                    (self.notes / f"{size:08}").write_bytes(text if isinstance(text, bytes) else text.encode())
        self.key = self.package / "keys.vkey"

    def check(self, *, key=None, history=True):
        arguments = [self.program, key or self.key, self.package, *([self.notes] if history else [])]
        return subprocess.run(arguments, capture_output=True, text=True)

    def refuses(self, reason, **how):
        done = self.check(**how)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("NOT INTACT", done.stderr)
        self.assertIn(reason, done.stderr)

    def test_agrees_with_every_proof_and_every_checkpoint(self):
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stderr)
        records, checkpoints = (int(line.split()[1]) for line in done.stdout.splitlines())
        self.assertGreaterEqual(records, sum(self.sizes))
        self.assertEqual(checkpoints, len(list(self.notes.iterdir())))
        self.assertGreaterEqual(checkpoints, len(self.sizes))

    def chained_case(self):
        shutil.rmtree(self.package)
        shutil.copytree(self.folder / "chained-package", self.package)
        for note in self.notes.iterdir():
            note.unlink()
        for day in sorted(self.chained.glob("*.sqlite")):
            with sqlite3.connect(f"file:{day}?mode=ro", uri=True) as database:
                for size, text in database.execute("SELECT size, text FROM note"):
                    (self.notes / f"{size:08}").write_bytes(text if isinstance(text, bytes) else text.encode())

    def test_follows_certificates_from_the_root_to_the_key_of_the_day(self):
        self.chained_case()
        root = self.key.read_text(encoding="utf-8").strip()
        self.assertNotIn(root.split("+")[1], [line.split()[2] for line in (self.package / "checkpoint").read_text(encoding="utf-8").splitlines()
                                              if line.startswith("\u2014")])
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreaterEqual(int(done.stdout.splitlines()[1].split()[1]), len(self.sizes))

    def test_refuses_a_chain_that_is_broken(self):
        self.chained_case()
        certificates = self.package / "certificates"
        good = certificates.read_text(encoding="utf-8")
        day = good.split("\n")[1]
        for reason, bad in (("certificate", good.replace(day, "2020-01-01", 1)), ("certificates: cut short", good[:-3]),
                            ("checkpoint", "")):
            with self.subTest(reason):
                certificates.write_text(bad, encoding="utf-8")
                self.refuses(reason)

    def test_refuses_a_record_with_one_other_bit(self):
        for at in (9, 40, -1):
            with self.subTest(at=at):
                leaf = self.package / "records" / "100.leaf"
                before = leaf.read_bytes()
                after = bytearray(before)
                after[at] ^= 1
                leaf.write_bytes(after)
                self.refuses("100.leaf", history=False)
                leaf.write_bytes(before)

    def test_refuses_the_proof_of_another_record(self):
        records = self.package / "records"
        shutil.copy(records / "101.tlog-proof", records / "100.tlog-proof")
        self.refuses("another number", history=False)

    def test_refuses_a_shortened_path(self):
        proof = self.package / "records" / "100.tlog-proof"
        lines = proof.read_text(encoding="utf-8").split("\n")
        del lines[3]
        proof.write_text("\n".join(lines), encoding="utf-8")
        self.refuses("100.leaf", history=False)

    def test_refuses_another_key_and_an_altered_checkpoint(self):
        other = self.grown(self.work / "other", "x")
        luy("export", "--data", other, "--limit", "1", "--out", self.work / "other-package")
        self.refuses("checkpoint", key=self.work / "other-package" / "keys.vkey")
        newest = max(self.notes.iterdir())
        newest.write_text(newest.read_text(encoding="utf-8").replace("\n", "0\n", 2), encoding="utf-8")
        self.refuses("checkpoint")

    def test_refuses_a_history_written_twice_under_the_same_key(self):
        # The owner of the key himself writes another past: signed rightly, and yet not the tree of these records.
        fork = self.grown(self.work / "fork", "Accepted password for an from 10.0.0.", key=self.store / "signing.pem")
        with sqlite3.connect(f"file:{next(fork.glob('*.sqlite'))}?mode=ro", uri=True) as database:
            size, text = database.execute("SELECT size, text FROM note ORDER BY size DESC LIMIT 1").fetchone()
        (self.notes / f"{size:08}").write_bytes(text if isinstance(text, bytes) else text.encode())
        self.refuses("the records give the root")

    def test_refuses_a_history_with_a_hole(self):
        for suffix in ("leaf", "tlog-proof"):
            (self.package / "records" / f"7.{suffix}").unlink()
        self.assertEqual(self.check(history=False).returncode, 0, "the other records still stand")
        self.refuses("record 7 is absent")


if __name__ == "__main__":
    unittest.main()
