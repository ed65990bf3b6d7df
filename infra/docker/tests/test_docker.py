"""The images and the compose file, as far as that goes without an engine: what they copy is there and enough to build from, what
they start exists, and what they tell the program it reads. hadolint and Docker's own compose program look at the rest."""

import fnmatch
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

DOCKER = Path(__file__).parent.parent
ROOT = DOCKER.parent.parent
# The folder of the programs that `make check-infra` installs.
TOOLS = Path(os.environ["INFRA_TOOLS"])
DOCKERFILES = ("Dockerfile", "Dockerfile.cuda")


def instructions(name):
    """(instruction, rest) of each line of a Dockerfile, continued lines joined and comments dropped."""
    text = re.sub(r"^\s*#.*\n", "", (DOCKER / name).read_text(), flags=re.M)
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            yield word.upper(), rest.strip()


def copied(name):
    """(sources, target, stage) of each COPY out of the context, stage by stage."""
    stage = 0
    for word, rest in instructions(name):
        stage += word == "FROM"
        if word == "COPY" and "--from=" not in rest:
            *sources, target = rest.split()
            yield sources, target, stage


def is_ignored(path):
    """As .dockerignore has it: the last pattern that fits decides."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.lstrip("!")
        parts = Path(path).parts
        prefixes = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        fits = any(
            fnmatch.fnmatch(prefix, pattern) and prefix.count("/") == pattern.count("/")
            if not pattern.startswith("**/")
            else fnmatch.fnmatch(Path(prefix).name, pattern.removeprefix("**/"))
            for prefix in prefixes
        )
        if fits:
            ignored = not line.startswith("!")
    return ignored


def context():
    """Files that the builder is given."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file() and not is_ignored(name)]


class Images(unittest.TestCase):
    def test_hadolint_has_nothing_to_say(self):
        for name in DOCKERFILES:
            said = subprocess.run([TOOLS / "hadolint", DOCKER / name], capture_output=True, text=True, check=False)
            self.assertEqual((said.returncode, said.stdout), (0, ""), name)

    def test_what_is_copied_is_in_the_context(self):
        files = context()
        for name in DOCKERFILES:
            for sources, _, _ in copied(name):
                for source in sources:
                    there = [file for file in files if file == source or file.startswith(source.rstrip("/") + "/")]
                    self.assertTrue(there, f"{name}: {source}")

    def test_no_secret_or_build_is_in_the_context(self):
        for name in ("web/node_modules/a/b.js", "target/release/automl", ".run/home/automl.db", "infra/docker/.env", ".git/config",
                     "infra/terraform/terraform.tfstate", "api/target/x", "tests/data/penguins.csv"):  # fmt: skip
            self.assertTrue(is_ignored(name), name)
        for name in ("Cargo.toml", "api/src/lib.rs", "web/src/main.tsx", "infra/setup/again.sh", "api/samples/penguins.csv"):
            self.assertFalse(is_ignored(name), name)

    def test_what_is_copied_is_enough_to_build_from(self):
        """The tree that cargo sees in the image is a whole workspace, and every file that is compiled in is there."""
        files = context()
        for name in DOCKERFILES:
            build = [(sources, target) for sources, target, stage in copied(name) if stage == (2 if name == "Dockerfile" else 1)]
            with tempfile.TemporaryDirectory() as folder:
                for sources, _ in build:
                    for file in files:
                        if any(file == source or file.startswith(source + "/") for source in sources):
                            target = Path(folder, file)
                            target.parent.mkdir(parents=True, exist_ok=True)
                            shutil.copy(ROOT / file, target)
                metadata = subprocess.run(
                    ["cargo", "metadata", "--no-deps", "--offline", "--format-version", "1"],
                    cwd=folder, capture_output=True, text=True, check=False,
                )  # fmt: skip
                self.assertEqual(metadata.returncode, 0, metadata.stderr)
                packages = {package["name"]: package for package in json.loads(metadata.stdout)["packages"]}
                binaries = {target["name"] for target in packages["automl"]["targets"] if "bin" in target["kind"]}
                self.assertLessEqual({"automl", "automl-trainer-cuda"}, binaries)
                for path in Path(folder).rglob("src/**/*.rs"):
                    # What only tests read is behind cfg(test), at the end of a file or in a file of its own.
                    source = path.read_text().split("#[cfg(test)]")[0]
                    for inner in re.findall(r"include_(?:str|bytes)!\(\s*\"([^\"]+)\"", source) if "test" not in path.name else []:
                        self.assertTrue((path.parent / inner).resolve().exists(), f"{name}: {path.relative_to(folder)} reads {inner}")

    def test_the_web_stage_has_the_schema_beside_it(self):
        first = [source for sources, _, stage in copied("Dockerfile") if stage == 1 for source in sources]
        for needed in ("web", "schema.graphql", "web/package-lock.json", "infra/setup/onnxruntime.sh", "infra/setup/again.sh"):
            self.assertIn(needed, first)

    def test_it_runs_as_nobody_and_writes_into_one_folder(self):
        lines = list(instructions("Dockerfile"))
        home = next(rest for word, rest in lines if word == "VOLUME")
        self.assertIn(f"AUTOML_HOME={home}", next(rest for word, rest in lines if word == "ENV" and "AUTOML_HOME" in rest))
        for name in DOCKERFILES:
            users = [rest for word, rest in instructions(name) if word == "USER"]
            self.assertEqual(users[-1], "10001:10001", name)

    def test_scripts_are_those_of_the_repository(self):
        for name in DOCKERFILES:
            for script in re.findall(r"infra/setup/(\w+\.sh)", (DOCKER / name).read_text()):
                self.assertTrue((ROOT / "infra/setup" / script).exists(), script)

    def test_rust_is_new_enough_and_the_libraries_are_those_of_the_trainer(self):
        wanted = re.search(r'rust-version = "([\d.]+)"', (ROOT / "Cargo.toml").read_text()).group(1)
        for name in DOCKERFILES:
            given = dict(rest.split("=") for word, rest in instructions(name) if word == "ARG" and "=" in rest)["RUST_VERSION"]
            self.assertGreaterEqual([int(part) for part in given.split(".")], [int(part) for part in wanted.split(".")])
        said = set(re.findall(r"lib\w+\.so\.1\d", (ROOT / "docs/gpu.md").read_text())) - {"libcuda.so.1"}
        self.assertEqual(set(re.findall(r"lib\w+\.so\.1\d", (DOCKER / "Dockerfile.cuda").read_text())), said)


def commands():
    main = (ROOT / "src/main.rs").read_text()
    return {match.lower() for match in re.findall(r"^    (\w+)(?:\(.*\))?,$", main, re.M)}


class Program(unittest.TestCase):
    def test_what_is_started_exists(self):
        started = []
        for name in DOCKERFILES:
            started += [json.loads(rest)[0] for word, rest in instructions(name) if word == "CMD"]
        services = yaml.safe_load((DOCKER / "compose.yaml").read_text())["services"]
        started += [service["command"][0] for service in services.values() if str(service.get("image")).startswith("automl:")]
        self.assertEqual(sorted(started), ["api", "serve", "worker", "worker"])
        self.assertEqual(set(started) - commands(), set())

    def test_what_it_is_told_it_reads(self):
        known = set()
        for path in [*(ROOT / "platform/src/settings").glob("*.rs"), ROOT / "src/logs.rs"]:
            known |= set(re.findall(r"AUTOML_[A-Z0-9_]*[A-Z0-9]", path.read_text()))
        text = (DOCKER / "compose.yaml").read_text() + "".join((DOCKER / name).read_text() for name in DOCKERFILES)
        # Names of this folder's own: the tag of the image, and an argument of its build.
        told = set(re.findall(r"\bAUTOML_[A-Z0-9_]*[A-Z0-9]", text)) - {"AUTOML_VERSION", "AUTOML_IMAGE"}
        self.assertTrue(told)
        self.assertEqual(told - known, set())


class Stack(unittest.TestCase):
    @staticmethod
    def config(values):
        with tempfile.NamedTemporaryFile("w", suffix=".env") as env:
            env.write(values)
            env.flush()
            return subprocess.run(
                [TOOLS / "docker-compose", "--env-file", env.name, "--file", DOCKER / "compose.yaml", "config", "--format", "json"],
                capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
            )  # fmt: skip

    def filled(self):
        example = (DOCKER / ".env.example").read_text()
        said = self.config(re.sub(r"=$", "=0123456789abcdef0123456789abcdef", example, flags=re.M))
        self.assertEqual(said.returncode, 0, said.stderr)
        return json.loads(said.stdout)["services"]

    def test_it_follows_the_schema(self):
        said = subprocess.run(
            [TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DOCKER / "compose.yaml"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        self.assertEqual(said.returncode, 0, said.stdout)

    def test_no_secret_has_a_default(self):
        said = self.config((DOCKER / ".env.example").read_text())
        self.assertNotEqual(said.returncode, 0)
        names = re.findall(r"^([A-Z_0-9]+)=$", (DOCKER / ".env.example").read_text(), re.M)
        self.assertGreaterEqual(len(names), 6)
        text = (DOCKER / "compose.yaml").read_text()
        for name in names:
            self.assertEqual(set(re.findall(rf"\${{{name}(.)", text)), {":"}, name)
            self.assertNotRegex(text, rf"\${{{name}:-", name)

    def test_everything_says_whether_it_is_well(self):
        services = self.filled()
        self.assertEqual(set(services), {"postgres", "redis", "s3", "mail", "api", "worker"})
        # A worker listens on no port.
        self.assertEqual({name for name, service in services.items() if "healthcheck" not in service}, {"worker"})
        for name in ("api", "worker"):
            waits = services[name]["depends_on"]
            self.assertLessEqual({"postgres", "redis", "s3", "mail"}, set(waits))
            self.assertEqual({about["condition"] for about in waits.values()}, {"service_healthy"})

    def test_the_program_has_no_rights_and_two_workers(self):
        services = self.filled()
        self.assertEqual(services["worker"]["deploy"]["replicas"], 2)
        for name, service in services.items():
            self.assertEqual(service["cap_drop"], ["ALL"], name)
            self.assertIn("no-new-privileges:true", service["security_opt"], name)
            self.assertIn("mem_limit", service, name)
            for port in service.get("ports", []):
                self.assertEqual(port["host_ip"], "127.0.0.1", name)
        for name in ("api", "worker"):
            self.assertTrue(services[name]["read_only"], name)

    def test_trainers_fit_into_their_worker(self):
        worker = self.filled()["worker"]
        told = worker["environment"]
        trainers = int(told["AUTOML_SLOTS"]) * int(told["AUTOML_MEMORY"].removesuffix("MiB")) << 20
        self.assertLess(trainers, 0.8 * int(worker["mem_limit"]))

    def test_the_api_is_asked_a_path_that_there_is(self):
        asked = re.search(r"GET (/\w+) HTTP", (DOCKER / "compose.yaml").read_text()).group(1)
        self.assertIn(f'"{asked}"', (ROOT / "api/src/http/mod.rs").read_text())

    def test_images_have_versions(self):
        for name, service in self.filled().items():
            self.assertRegex(service["image"], r":[\w.-]+$", name)
            self.assertNotRegex(service["image"], r":latest$", name)


if __name__ == "__main__":
    unittest.main()
