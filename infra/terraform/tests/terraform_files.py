"""The Terraform files as plain data, read by HashiCorp's own parser (read.mjs)."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
TERRAFORM = HERE.parent
ROOT = TERRAFORM.parent.parent


class Tree:
    """Every file below infra/terraform. A module is its folder, "" for the root."""

    def __init__(self, folder=TERRAFORM):
        read = subprocess.run(["node", str(HERE / "read.mjs"), str(folder)], capture_output=True, text=True, check=False)
        if read.returncode != 0:
            raise SystemExit(f"not HCL: {read.stderr.strip()}")
        self.files = json.loads(read.stdout)

    @staticmethod
    def module_of(file):
        return str(Path(file).parent).replace(".", "", 1)

    def modules(self):
        return sorted({self.module_of(name) for name in self.files if name.endswith(".tf")})

    def contents(self, module):
        """What is in the files of a module."""
        return [file["content"] for name, file in self.files.items() if name.endswith(".tf") and self.module_of(name) == module]

    def blocks(self, kind, module=None):
        """(module, file, block) of every top-level block of a kind."""
        for name, file in self.files.items():
            folder = self.module_of(name)
            if name.endswith(".tf") and module in (None, folder) and kind in file["content"]:
                yield folder, name, file["content"][kind]

    def _typed(self, kind, module):
        for folder, file, types in self.blocks(kind, module):
            for type_, named in types.items():
                for name, (body,) in named.items():
                    yield type_, name, body, folder, file

    def resources(self, module=None):
        """(type, name, body, module, file)."""
        return self._typed("resource", module)

    def data(self, module=None):
        return self._typed("data", module)

    def ephemeral(self, module=None):
        return self._typed("ephemeral", module)

    def of_type(self, type_):
        """(address, body) of every resource of a type."""
        return [(f"{module or 'root'}.{name}", body) for kind, name, body, module, _ in self.resources() if kind == type_]

    def named(self, kind, module=None):
        """(name, body, module, file) of variables, outputs and module calls."""
        for folder, file, named in self.blocks(kind, module):
            for name, (body,) in named.items():
                yield name, body, folder, file

    def locals(self, module):
        found = {}
        for _, _, blocks in self.blocks("locals", module):
            for block in blocks:
                found.update(block)
        return found


@cache
def tree():
    return Tree()


def texts(value):
    """Every string inside of a value, names of objects included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from texts(one)


def automl_names(value):
    """Every AUTOML_… name in a value; one that is made for each queue stands for both."""
    for text in texts(value):
        for queue in ("CPU", "GPU"):
            yield from re.findall(r"AUTOML_[A-Z0-9_]*[A-Z0-9]", text.replace("${upper(name)}", queue))
