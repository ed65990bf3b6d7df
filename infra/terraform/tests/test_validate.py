"""What `terraform validate` would say, as far as it can be known without the provider's program: every argument and attribute
against the provider's schema (provider-schema.json), every reference, every call of a module, every file of values."""

import json
import re
import unittest
from graphlib import CycleError, TopologicalSorter

from terraform_files import HERE, texts, tree

SCHEMA = json.loads((HERE / "provider-schema.json").read_text())
# Arguments of Terraform itself.
META = {"count", "for_each", "depends_on", "lifecycle", "provider", "dynamic"}
# Ephemeral resources are not in the schema; these are the ones in use, as their documentation has them.
EPHEMERAL = {
    "random_password": ({"length", "special"}, {"result"}),
    "aws_secretsmanager_secret_version": ({"secret_id", "version_id"}, {"secret_string"}),
}
REFERENCE = re.compile(r"(?<![\w.\"])(var|local|module|data|ephemeral|aws_\w+)\.(\w+)(?:\[[^\]]*\])?(?:\.(\w+)(?:\[[^\]]*\])?)?(?:\.(\w+))?")


def wrong_arguments(body, known, place):
    """Arguments that the provider does not know, and required ones that are missing."""
    dynamic = body.get("dynamic", {})
    for name in (set(body) | set(dynamic)) - META - set(known):
        yield f"{place}: no argument {name}"
    for name, argument in known.items():
        if argument.get("required") and name not in body and name not in dynamic:
            yield f"{place}: {name} is required"
        inner = argument.get("block") or argument.get("object")
        given = body.get(name, [])
        given = given if isinstance(given, list) else [given]
        given = given + [content for one in dynamic.get(name, []) for content in one["content"]]
        for one in given:
            if inner and isinstance(one, dict):
                yield from wrong_arguments(one, inner, f"{place}.{name}")


class Arguments(unittest.TestCase):
    def test_are_the_providers(self):
        wrong = []
        for section, blocks in (("resources", tree().resources()), ("data-sources", tree().data())):
            for kind, name, body, module, _ in blocks:
                known = SCHEMA[section].get(kind)
                if known is None:
                    wrong.append(f"{kind} is not in provider-schema.json: run provider_schema.py")
                    continue
                # A firewall's statements contain themselves; the schema is cut off there.
                known = {**known["arguments"]}
                wrong += wrong_arguments(body, known, f"{module or 'root'}: {kind}.{name}")
        for kind, name, body, module, _ in tree().ephemeral():
            wrong += [f"{module}: ephemeral {kind}.{name}: no argument {one}" for one in set(body) - META - EPHEMERAL[kind][0]]
        self.assertEqual(wrong, [])

    def test_the_schema_is_that_of_the_pinned_version(self):
        (pinned,) = re.findall(r"~> (\d+\.\d+)\"", (HERE.parent / "versions.tf").read_text())[:1]
        self.assertTrue(SCHEMA["provider"].startswith(f"{pinned}."), f"{pinned} is pinned, {SCHEMA['provider']} was read")


class References(unittest.TestCase):
    def test_lead_somewhere(self):
        wrong = []
        for module in tree().modules():
            wrong += [f"{module or 'root'}: {one}" for one in self.dangling(module)]
        self.assertEqual(sorted(set(wrong)), [])

    def dangling(self, module):
        variables = {name for name, *_ in tree().named("variable", module)}
        calls = {name: body["source"].removeprefix("./") for name, body, *_ in tree().named("module", module)}
        outputs = {call: {name for name, *_ in tree().named("output", source)} for call, source in calls.items()}
        resources = {(kind, name) for kind, name, *_ in tree().resources(module)}
        data = {(kind, name) for kind, name, *_ in tree().data(module)}
        ephemeral = {(kind, name) for kind, name, *_ in tree().ephemeral(module)}
        for content in tree().contents(module):
            for text in texts(content):
                for kind, first, second, third in REFERENCE.findall(text) if "${" in text else []:
                    if kind == "var" and first not in variables:
                        yield f"no variable {first}"
                    elif kind == "local" and first not in tree().locals(module):
                        yield f"no local {first}"
                    elif kind == "module" and (first not in calls or second and second not in outputs[first]):
                        yield f"no output {first}.{second}"
                    elif kind == "data" and (first, second) not in data:
                        yield f"no data {first}.{second}"
                    elif kind == "data":
                        yield from self.attribute("data-sources", first, third)
                    elif kind == "ephemeral" and ((first, second) not in ephemeral or third not in EPHEMERAL[first][1]):
                        yield f"no ephemeral {first}.{second}.{third}"
                    elif kind.startswith("aws_") and (kind, first) not in resources:
                        yield f"no resource {kind}.{first}"
                    elif kind.startswith("aws_"):
                        yield from self.attribute("resources", kind, second)

    @staticmethod
    def attribute(section, kind, name):
        if name and name not in SCHEMA[section][kind]["attributes"]:
            yield f"{kind} has no attribute {name}"


class Order(unittest.TestCase):
    """What waits for what: Terraform refuses circles, and modules that give each other values are near one."""

    def test_there_is_no_circle(self):
        waits = {}
        for module in tree().modules():
            calls = {name: body for name, body, *_ in tree().named("module", module)}
            blocks = [(f"{kind}.{name}", body) for kind, name, body, *_ in tree().resources(module)]
            blocks += [(f"{how}.{kind}.{name}", body) for how in ("data", "ephemeral") for kind, name, body, *_ in getattr(tree(), how)(module)]
            blocks += [(f"local.{name}", body) for name, body in tree().locals(module).items()]
            blocks += [(f"output.{name}", body) for name, body, *_ in tree().named("output", module)]
            for name, body in blocks:
                waits[module, name] = self.named(module, body, calls)
            for call, body in calls.items():
                child = body["source"].removeprefix("./")
                for variable, value in body.items():
                    waits[child, f"var.{variable}"] = self.named(module, value, calls)
        order = TopologicalSorter(waits)
        try:
            order.prepare()
        except CycleError as circle:
            self.fail(" -> ".join(f"{module or 'root'}: {name}" for module, name in circle.args[1]))

    @staticmethod
    def named(module, value, calls):
        found = set()
        for text in texts(value):
            for kind, first, second, _ in REFERENCE.findall(text) if "${" in text else []:
                if kind in ("var", "local"):
                    found.add((module, f"{kind}.{first}"))
                elif kind == "module":
                    found.add((calls[first]["source"].removeprefix("./"), f"output.{second}"))
                elif kind in ("data", "ephemeral"):
                    found.add((module, f"{kind}.{first}.{second}"))
                else:
                    found.add((module, f"{kind}.{first}"))
        return found


class Calls(unittest.TestCase):
    def test_give_each_module_what_it_asks_for(self):
        wrong = []
        for name, body, _, _ in tree().named("module"):
            asked = {variable: about for variable, about, *_ in tree().named("variable", body["source"].removeprefix("./"))}
            given = set(body) - {"source", "version", "providers"} - META
            wrong += [f"{name}: unknown {one}" for one in given - set(asked)]
            wrong += [f"{name}: missing {one}" for one, about in asked.items() if one not in given and "default" not in about]
        self.assertEqual(wrong, [])

    def test_nothing_is_asked_for_and_not_used(self):
        unused = []
        for module in tree().modules():
            used = " ".join(texts(tree().contents(module)))
            unused += [f"{module or 'root'}: {name}" for name, *_ in tree().named("variable", module) if f"var.{name}" not in used]
        self.assertEqual(unused, [])


class Values(unittest.TestCase):
    def test_are_of_variables_that_there_are(self):
        variables = {name: body for name, body, *_ in tree().named("variable", "")}
        for file in ("dev.tfvars", "prod.tfvars"):
            with self.subTest(file):
                given = set(tree().files[file]["content"])
                self.assertEqual(given - set(variables), set())
                needed = {name for name, body in variables.items() if "default" not in body}
                self.assertEqual(needed - given, set())

    def test_of_objects_are_of_fields_that_there_are(self):
        variables = {name: body for name, body, *_ in tree().named("variable", "")}
        for file in ("dev.tfvars", "prod.tfvars"):
            for name, value in tree().files[file]["content"].items():
                fields = set(re.findall(r"(\w+)\s*=", variables[name]["type"])) | set(re.findall(r"\"?(\w+)\"?: ", variables[name]["type"]))
                if isinstance(value, dict) and fields:
                    given = value if "map(" not in variables[name]["type"] else {field: 1 for one in value.values() for field in one}
                    self.assertEqual(set(given) - fields, set(), f"{file}: {name}")


if __name__ == "__main__":
    unittest.main()
