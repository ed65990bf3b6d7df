"""The table of costs is the one that cost.py makes, and its shapes are those of the files of values."""

import sys
import unittest

from terraform_files import TERRAFORM, tree

sys.path.insert(0, str(TERRAFORM))
import cost  # noqa: E402


class Cost(unittest.TestCase):
    def test_the_table_of_the_readme_is_made(self):
        self.assertIn(cost.table(), (TERRAFORM / "README.md").read_text())

    def test_the_shapes_are_those_of_the_values(self):
        """What a file of values leaves out has the default of variables-parts.tf, which the shape of dev repeats."""
        for name, shape in cost.SHAPES.items():
            values = tree().files[f"{name}.tfvars"]["content"]
            self.assertEqual(shape["zones"], len(values["network"]["zones"]), name)
            self.assertEqual(shape["nats"], shape["zones"] if values["network"].get("nat_gateways") == "per_zone" else 1, name)
            api, database, cache = (values.get(part, {}) for part in ("api", "database", "cache"))
            self.assertEqual(shape["tasks"], api.get("min_tasks", 1), name)
            self.assertEqual((shape["cpu"], shape["gib"]), (api.get("cpu", 512) / 1024, api.get("memory_mib", 1024) / 1024), name)
            self.assertEqual(shape["database"], database.get("instance_class", "db.t4g.small"), name)
            self.assertEqual(shape["copies"], 2 if database.get("is_multi_az") else 1, name)
            self.assertEqual((shape["cache"], shape["nodes"]), (cache.get("node_type", "cache.t4g.micro"), cache.get("nodes", 1)), name)


if __name__ == "__main__":
    unittest.main()
