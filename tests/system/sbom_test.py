#!/usr/bin/env python3
"""Goal: the bill of materials names everything the programs of this build load and everything npm puts into the console, each once and with
its version. Method: tools/sbom on the built programs, compared with the loader's own list, dpkg and the lock file."""
import json
import os
import subprocess
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.environ.get("LUY_BIN") or os.path.join(ROOT, "build", "dev", "bin")


class Sbom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = subprocess.run([os.path.join(ROOT, "tools", "sbom"), "--bin", BIN], capture_output=True, text=True, check=True)
        cls.bill = json.loads(made.stdout)
        cls.versions = {one["name"]: one["version"] for one in cls.bill["components"]}

    def test_names_what_the_hub_loads_with_the_version_that_is_installed(self):
        loaded = subprocess.run(["ldd", os.path.join(BIN, "luy-hub")], capture_output=True, text=True, check=True).stdout
        for library, package in {"libssl.so.3": "libssl3", "libsqlite3.so.0": "libsqlite3-0", "libzstd.so.1": "libzstd1"}.items():
            self.assertIn(library, loaded)
            asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=True)
            self.assertEqual(self.versions.get(package), asked.stdout)

    def test_names_the_consoles_modules_and_not_its_tools(self):
        with open(os.path.join(ROOT, "console", "package.json"), encoding="utf-8") as file:
            package = json.load(file)
        for name in package["dependencies"]:
            self.assertIn(name, self.versions)
        self.assertIn("vite", package["devDependencies"])
        self.assertNotIn("vite", self.versions)

    def test_names_each_once(self):
        self.assertEqual(self.bill["bomFormat"], "CycloneDX")
        refs = [one["bom-ref"] for one in self.bill["components"]]
        self.assertEqual(len(refs), len(set(refs)))

    def test_refuses_a_folder_without_programs(self):
        asked = subprocess.run(
            [os.path.join(ROOT, "tools", "sbom"), "--bin", os.path.join(ROOT, "docs")], capture_output=True, text=True, check=False
        )
        self.assertEqual(asked.returncode, 1)
        self.assertIn("no programs there", asked.stderr)


if __name__ == "__main__":
    sys.exit(0 if unittest.main(exit=False).result.wasSuccessful() else 1)
