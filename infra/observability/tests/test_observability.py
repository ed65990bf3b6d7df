"""Alerts and dashboard, as far as that goes without Prometheus and Grafana: promtool runs the alerts over made-up figures, each has
a section in docs/operations.md, and what is told of labels is what the program tells. That every figure exists is asked of the
program itself (api/tests/flow/metrics.rs)."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml

HERE = Path(__file__).parent.parent
ROOT = HERE.parent.parent
OPERATIONS = ROOT / "docs/operations.md"
PROMTOOL = Path(os.environ.get("INFRA_TOOLS", "")) / "promtool"


def rules():
    return [rule for group in yaml.safe_load((HERE / "alerts.yaml").read_text())["groups"] for rule in group["rules"]]


def dashboard():
    return json.loads((HERE / "dashboard.json").read_text())


def questions():
    """Every expression, of alerts and of panels, with its place."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for note in dashboard()["annotations"]["list"]:
        yield note["name"], note["expr"]


def anchors(path):
    """Of each heading, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@unittest.skipUnless(PROMTOOL.exists(), "not run: promtool is not here (Debian has it in the package prometheus)")
class Promtool(unittest.TestCase):
    def run_it(self, *arguments):
        said = subprocess.run([PROMTOOL, *arguments], cwd=HERE, capture_output=True, text=True, check=False)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)

    def test_the_alerts_are_rules(self):
        self.run_it("check", "rules", "alerts.yaml")

    def test_the_alerts_fire_when_they_should(self):
        self.run_it("test", "rules", "alerts.test.yaml")

    def test_what_panels_ask_is_a_question(self):
        asked = [
            {"record": f"panel:question:{number}", "expr": expr.replace("$__rate_interval", "5m")}
            for number, (_, expr) in enumerate(questions())
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            yaml.safe_dump({"groups": [{"name": "panels", "rules": asked}]}, file)
            file.flush()
            self.run_it("check", "rules", file.name)


class Alerts(unittest.TestCase):
    def test_each_says_what_is_wrong_and_where_to_read_on(self):
        known = anchors(OPERATIONS)
        for rule in rules():
            notes = rule["annotations"]
            self.assertTrue(notes["summary"].endswith("."), rule["alert"])
            self.assertIn(rule["labels"]["severity"], {"critical", "warning"}, rule["alert"])
            page, _, anchor = notes["runbook_url"].partition("#")
            self.assertTrue((ROOT / page.split("/main/")[1]).samefile(OPERATIONS), rule["alert"])
            self.assertEqual(anchor, rule["alert"].lower())
            self.assertIn(anchor, known)

    def test_each_is_tried_both_ways(self):
        tests = yaml.safe_load((HERE / "alerts.test.yaml").read_text())["tests"]
        quiet = {case["alertname"] for test in tests for case in test.get("alert_rule_test", [])}
        self.assertEqual(quiet, {rule["alert"] for rule in rules()})


class Labels(unittest.TestCase):
    def test_codes_are_the_programs(self):
        known = (ROOT / "api/src/failure.rs").read_text()
        for place, expr in questions():
            for codes in re.findall(r'code=~?"([^"]+)"', expr):
                for code in codes.split("|"):
                    self.assertIn(f'"{code}"', known, place)

    def test_labels_are_those_of_the_table(self):
        table = OPERATIONS.read_text().split("## Figures to collect")[1].split("\n## ")[0]
        own = set(re.findall(r"`(\w+)`", table)) | {"le", "instance", "job"}
        for place, expr in questions():
            used = {name for part in re.findall(r"\{([^}]*)\}", expr) for name in re.findall(r"(\w+)[=!]", part)}
            for part in re.findall(r"by \(([^)]*)\)", expr):
                used |= {name.strip() for name in part.split(",")}
            self.assertEqual(used - own, set(), place)


class Dashboard(unittest.TestCase):
    def test_panels_lie_side_by_side_and_ask_the_chosen_source(self):
        taken, ids = set(), set()
        for panel in dashboard()["panels"]:
            ids.add(panel["id"])
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24, panel["title"])
            taken |= cells
            if panel["type"] != "row":
                self.assertEqual(panel["datasource"]["uid"], "${datasource}", panel["title"])
                self.assertTrue(panel["targets"], panel["title"])
        self.assertEqual(len(ids), len(dashboard()["panels"]))

    def test_every_figure_of_the_table_is_shown(self):
        table = OPERATIONS.read_text().split("## Figures to collect")[1].split("\n## ")[0]
        told = set(re.findall(r"`((?:automl|process)_[a-z_]+)`", table))
        self.assertTrue(told)
        shown = " ".join(expr for _, expr in questions())
        self.assertEqual({name for name in told if name not in shown}, set())
