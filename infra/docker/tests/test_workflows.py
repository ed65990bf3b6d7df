"""The workflows: their schema, an audit of their rights (zizmor), and that what they call is there."""

import re
import subprocess
import unittest

import yaml
from test_docker import ROOT, TOOLS

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


def jobs():
    for path in WORKFLOWS:
        for name, job in yaml.safe_load(path.read_text())["jobs"].items():
            yield f"{path.name}: {name}", job


class Workflows(unittest.TestCase):
    def said(self, *command):
        said = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)

    def test_follow_their_schemas(self):
        self.said(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
        self.said(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.dependabot", GITHUB / "dependabot.yml")

    def test_the_audit_finds_nothing(self):
        self.said(TOOLS / "zizmor", "--offline", "--no-progress", "--quiet", GITHUB)

    def test_may_only_read_unless_a_job_says_why(self):
        self.assertEqual([path.name for path in WORKFLOWS], ["ci.yml", "release.yml"])
        for path in WORKFLOWS:
            self.assertEqual(yaml.safe_load(path.read_text())["permissions"], {"contents": "read"}, path.name)
        writes = {place: {right for right, how in job.get("permissions", {}).items() if how == "write"} for place, job in jobs()}
        self.assertEqual(
            {place: rights for place, rights in writes.items() if rights},
            {
                "release.yml: binary": {"id-token", "attestations"},
                "release.yml: image": {"id-token", "attestations", "packages"},
                "release.yml: image-cuda": {"id-token", "packages"},
                "release.yml: publish": {"contents"},
            },
        )

    def test_actions_have_versions_and_jobs_an_end(self):
        for place, job in jobs():
            self.assertIn("timeout-minutes", job, place)
            for step in job["steps"]:
                if "uses" in step:
                    self.assertRegex(step["uses"], r"^[\w-]+/[\w./-]+@(v\d+(\.\d+)*|[0-9a-f]{40})$", place)
                if step.get("uses", "").startswith("actions/checkout"):
                    self.assertIs(step["with"]["persist-credentials"], False, place)

    def test_what_they_make_and_build_is_there(self):
        made = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.M))
        for path in WORKFLOWS:
            for target in re.findall(r"\bmake ([a-z][\w-]*)", path.read_text()):
                self.assertIn(target, made, path.name)
            for file in re.findall(r"(?:file: |working-directory: |-chdir=)(infra/[\w./-]+)", path.read_text()):
                self.assertTrue((ROOT / file).exists(), file)

    def test_rust_is_that_of_the_images(self):
        used = {re.search(r'RUST_VERSION: "([\d.]+)"', path.read_text()).group(1) for path in WORKFLOWS}
        given = {re.search(r"ARG RUST_VERSION=([\d.]+)", path.read_text()).group(1) for path in (ROOT / "infra/docker").glob("Dockerfile*")}
        self.assertEqual(used, given)


if __name__ == "__main__":
    unittest.main()
