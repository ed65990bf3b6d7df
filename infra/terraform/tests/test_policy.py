"""What must hold whatever else changes: who is reached, who may do what, where secrets are, and that the program is told only what
it reads. checkov asks much of the same by its own rules; these are ours."""

import re
import unittest

from terraform_files import ROOT, TERRAFORM, automl_names, texts, tree

# Permissions that AWS ties to no resource, each with the reason that it is needed at all.
EVERYWHERE = {
    ("modules/keys", "IamDecides"): "in the policy of a key, * is the key itself",
    ("modules/keys", "Logs"): "the same",
    ("modules/keys", "Alarms"): "the same",
    ("modules/workers", "HowMuchMail"): "ses:GetSendQuota knows no resource",
}
EVERYWHERE_ACTIONS = {
    "batch:ListJobs": "knows no resource",
    "autoscaling:DescribeAutoScalingGroups": "knows no resource",
}
# All actions of a service, only where they are refused or are the key's own policy.
ALL_ACTIONS = {("modules/keys", "IamDecides")}
SECRET_SETTINGS = {"AUTOML_DATABASE_URL", "AUTOML_REDIS_URL", "AUTOML_SECRET", "AUTOML_METRICS_TOKEN"}


def statements():
    """(module, statement) of every policy document."""
    for kind, _, body, module, _ in tree().data():
        if kind == "aws_iam_policy_document":
            yield from ((module, statement) for statement in body.get("statement", []))


def containers():
    """(place, container) of every container definition: in locals, in task definitions and in job definitions. What is encoded
    in one expression is read as text."""
    for path in sorted(TERRAFORM.glob("modules/*/*.tf")):
        text = path.read_text()
        for start in re.finditer(r"logConfiguration\s*=", text):
            begin = max(text.rfind("{\n    name", 0, start.start()), text.rfind("jsonencode(", 0, start.start()))
            yield path.relative_to(TERRAFORM), text[begin : text.find("\n  }", start.start())]


class Network(unittest.TestCase):
    def test_only_the_load_balancer_is_reached_from_everywhere(self):
        doors = [
            (module, name, body["security_group_id"])
            for kind, name, body, module, _ in tree().resources()
            if kind == "aws_vpc_security_group_ingress_rule" and ("cidr_ipv4" in body or "cidr_ipv6" in body)
        ]
        self.assertEqual(doors, [("modules/network", "internet", '${aws_security_group.this["load_balancer"].id}')])
        self.assertEqual(tree().locals("modules/network")["doors"], {"https": 443, "http": 80})

    def test_rules_stand_in_the_list(self):
        for kind in ("aws_security_group", "aws_default_security_group"):
            for address, body in tree().of_type(kind):
                self.assertFalse({"ingress", "egress"} & set(body), address)
        for kind in ("aws_security_group_rule",):
            self.assertEqual(tree().of_type(kind), [])

    def test_nothing_has_a_public_address(self):
        for address, body in tree().of_type("aws_subnet"):
            self.assertNotEqual(body.get("map_public_ip_on_launch"), True, address)
        for address, body in tree().of_type("aws_ecs_service"):
            for network in body.get("network_configuration", []):
                self.assertEqual(network.get("assign_public_ip"), False, address)

    def test_port_80_only_leads_to_443(self):
        plain = [body for _, body in tree().of_type("aws_lb_listener") if body["protocol"] == "HTTP"]
        self.assertEqual([body["default_action"][0]["type"] for body in plain], ["redirect"])

    def test_machines_answer_to_imdsv2_only_and_have_encrypted_disks(self):
        templates = tree().of_type("aws_launch_template")
        self.assertTrue(templates)
        for address, body in templates:
            self.assertEqual(body["metadata_options"][0]["http_tokens"], "required", address)
            self.assertTrue(body["block_device_mappings"][0]["ebs"][0]["encrypted"], address)


class Stores(unittest.TestCase):
    def test_every_bucket_is_closed(self):
        companions = {
            "aws_s3_bucket_public_access_block",
            "aws_s3_bucket_versioning",
            "aws_s3_bucket_server_side_encryption_configuration",
            "aws_s3_bucket_lifecycle_configuration",
            "aws_s3_bucket_ownership_controls",
            "aws_s3_bucket_policy",
        }
        buckets = [name for kind, name, *_ in tree().resources() if kind == "aws_s3_bucket"]
        self.assertTrue(buckets)
        for bucket in buckets:
            has = {kind for kind, _, body, *_ in tree().resources() if body.get("bucket") == f"${{aws_s3_bucket.{bucket}.id}}"}
            self.assertEqual(companions - has, set(), bucket)
        for address, body in tree().of_type("aws_s3_bucket_public_access_block"):
            self.assertEqual([body[name] for name in sorted(body) if name != "bucket"], [True] * 4, address)

    def test_every_bucket_refuses_plain_http(self):
        refused = [s for _, s in statements() if s.get("effect") == "Deny" and s["condition"][0]["variable"] == "aws:SecureTransport"]
        self.assertEqual(len(refused), len(tree().of_type("aws_s3_bucket_policy")))

    def test_cors_is_what_the_page_needs(self):
        ((_, body),) = tree().of_type("aws_s3_bucket_cors_configuration")
        (rule,) = body["cors_rule"]
        said = re.search(r"CORS.*methods (.*), headers", (ROOT / "docs/files.md").read_text()).group(1)
        self.assertEqual(set(rule["allowed_methods"]), set(re.findall(r"`(\w+)`", said)))
        self.assertEqual(rule["allowed_origins"], "${var.allowed_origins}")

    def test_the_database_is_private_encrypted_and_forces_tls(self):
        ((_, body),) = tree().of_type("aws_db_instance")
        self.assertEqual(
            (body["storage_encrypted"], body["publicly_accessible"], body["manage_master_user_password"]), (True, False, True)
        )
        ((_, group),) = tree().of_type("aws_db_parameter_group")
        self.assertIn({"name": "rds.force_ssl", "value": "1"}, group["parameter"])
        self.assertIn("sslmode=verify-full", tree().locals("modules/database")["tls"])

    def test_prod_has_a_standby_backups_and_protection(self):
        prod = tree().files["prod.tfvars"]["content"]
        self.assertTrue(prod["is_protected"] and prod["database"]["is_multi_az"])
        self.assertGreaterEqual(prod["database"]["backup_days"], 14)
        self.assertGreaterEqual(prod["cache"]["nodes"], 2)
        self.assertGreaterEqual(prod["api"]["min_tasks"], 2)

    def test_redis_wants_tls_and_a_token_and_throws_nothing_away(self):
        ((_, body),) = tree().of_type("aws_elasticache_replication_group")
        self.assertEqual((body["transit_encryption_enabled"], body["at_rest_encryption_enabled"]), (True, True))
        self.assertEqual(body["transit_encryption_mode"], "required")
        self.assertIn("auth_token_wo", body)
        ((_, group),) = tree().of_type("aws_elasticache_parameter_group")
        self.assertIn({"name": "maxmemory-policy", "value": "noeviction"}, group["parameter"])

    def test_every_log_ends_and_is_encrypted(self):
        for address, body in tree().of_type("aws_cloudwatch_log_group"):
            self.assertIn("retention_in_days", body, address)
            self.assertIn("kms_key_id", body, address)

    def test_images_keep_their_tags_and_are_scanned(self):
        for address, body in tree().of_type("aws_ecr_repository"):
            self.assertEqual(body["image_tag_mutability"], "IMMUTABLE", address)
            self.assertTrue(body["image_scanning_configuration"][0]["scan_on_push"], address)


class Permissions(unittest.TestCase):
    def test_what_holds_everywhere_is_on_the_list(self):
        for module, statement in statements():
            if statement.get("effect") == "Deny" or "resources" not in statement:
                continue
            if "*" in statement["resources"]:
                self.assertIn((module, statement.get("sid")), EVERYWHERE)
        handed = (TERRAFORM / "modules/workers/outputs.tf").read_text()
        found = re.findall(r'actions = \["([\w:]+)"\], resources = \["\*"\]', handed)
        self.assertEqual((set(found), handed.count('["*"]')), (set(EVERYWHERE_ACTIONS), len(found)))

    def test_nobody_may_do_everything(self):
        for module, statement in statements():
            for action in statement.get("actions", []):
                if statement.get("effect") != "Deny" and (module, statement.get("sid")) not in ALL_ACTIONS:
                    self.assertNotRegex(action, r"^\*$|:\*$", f"{module} {statement.get('sid')}")
        for _, body in tree().of_type("aws_iam_role"):
            self.assertNotIn("managed_policy_arns", body)

    def test_files_are_touched_as_their_documentation_says(self):
        said = re.search(r"- Permissions for `api` and `worker`:.*?(?=\. Without)", (ROOT / "docs/files.md").read_text(), re.S)
        said = set(re.findall(r"s3:\w+", said.group()))
        for module in ("modules/api", "modules/workers"):
            given = {a for place, s in statements() if place == module for a in s["actions"] if a.startswith("s3:")}
            self.assertEqual(given, said, module)

    def test_workers_are_started_and_mail_is_sent_as_their_documentation_says(self):
        workers = (TERRAFORM / "modules/workers/outputs.tf").read_text() + (TERRAFORM / "modules/workers/roles.tf").read_text()
        for page, services in (("scaling", "batch|autoscaling"), ("mail", "ses")):
            pattern = rf"(?:{services}):[A-Z]\w+"
            said = set(re.findall(pattern, (ROOT / f"docs/{page}.md").read_text()))
            self.assertEqual(set(re.findall(rf'"({pattern})"', workers)) - {"ses:FromAddress"}, said)


class Secrets(unittest.TestCase):
    def test_none_is_in_the_state(self):
        for kind, name, body, module, _ in tree().resources():
            self.assertNotIn(kind, {"random_password", "random_string"}, f"{module}.{name}: use an ephemeral one")
            kept = {"password", "auth_token", "secret_string", "secret_binary", "master_password", "value"} & set(body)
            self.assertEqual(kept, set(), f"{module}.{kind}.{name}")
        self.assertEqual([kind for kind, *_ in tree().data() if "secret" in kind], [])

    def test_none_is_among_the_plain_settings(self):
        root = tree().locals("")
        for name in ("shared_settings", "api_settings", "price", "quotas"):
            self.assertEqual(set(automl_names(root[name])) & SECRET_SETTINGS, set(), name)
        self.assertEqual(set(automl_names([root["worker_secrets"], root["api_secrets"]])), SECRET_SETTINGS)

    def test_every_secret_has_a_key_and_a_value_that_is_written_only(self):
        for address, body in tree().of_type("aws_secretsmanager_secret"):
            self.assertIn("kms_key_id", body, address)
        for address, body in tree().of_type("aws_secretsmanager_secret_version"):
            self.assertIn("secret_string_wo", body, address)


class Program(unittest.TestCase):
    """What the program is told is what it reads."""

    @classmethod
    def setUpClass(cls):
        sources = [*(ROOT / "platform/src/settings").glob("*.rs"), ROOT / "src/logs.rs"]
        cls.known = {name for path in sources for name in re.findall(r"AUTOML_[A-Z0-9_]*[A-Z0-9]", path.read_text())}

    def test_every_setting_is_read_by_it(self):
        told = {name for file in tree().files.values() for name in automl_names(file["content"])}
        self.assertTrue(told)
        self.assertEqual(told - self.known, set())

    def test_the_pool_is_told_all_that_its_form_needs(self):
        text = (TERRAFORM / "modules/workers/outputs.tf").read_text()
        for rest in ("MIN", "MAX", "SLOTS", "JOB_QUEUE", "JOB_DEFINITION", "GROUP"):
            self.assertIn(f"AUTOML_SCALING_${{upper(name)}}_{rest}", text)

    def test_commands_are_subcommands(self):
        main = (ROOT / "src/main.rs").read_text()
        commands = {match.lower() for match in re.findall(r"^    (\w+)(?:\(.*\))?,$", main, re.M)}
        used = set()
        for path in TERRAFORM.glob("modules/*/*.tf"):
            used |= set(re.findall(r'command\s*= \["(\w+)"', path.read_text()))
        self.assertEqual(used, {"api", "worker", "migrate"})
        self.assertEqual(used - commands, set())

    def test_the_load_balancer_asks_a_path_that_there_is_and_gives_up_first(self):
        ((_, targets),) = tree().of_type("aws_lb_target_group")
        routes = (ROOT / "api/src/http/mod.rs").read_text()
        self.assertIn(f'"{targets["health_check"][0]["path"]}"', routes)
        ((_, balancer),) = tree().of_type("aws_lb")
        kept = int(re.search(r"that of the next within (\d+)", (ROOT / "docs/operations.md").read_text()).group(1))
        self.assertLess(balancer["idle_timeout"], kept)

    def test_figures_are_those_that_it_tells(self):
        known = set(re.findall(r"`(automl_\w+|process_\w+)`", (ROOT / "docs/operations.md").read_text()))
        told = {
            name.strip("^$")
            for text in texts([file["content"] for file in tree().files.values()])
            for name in re.findall(r"(?:automl|process)_[a-z_]+", text)
            if not name.startswith("automl_lite")
        }
        self.assertTrue(told)
        self.assertEqual(told - known, set())

    def test_containers_cannot_write_and_have_no_privileges(self):
        # psql has to fetch the certificates that it checks.
        writes = {"modules/api/one_off.tf: account"}
        found = list(containers())
        self.assertGreaterEqual(len(found), 6)
        for place, text in found:
            self.assertNotIn("privileged             = true", text)
            name = re.search(r'name\s*= "(\w+)"', text)
            if f"{place}: {name and name.group(1)}" not in writes:
                self.assertRegex(text, r"readonlyRootFilesystem\s*= true", str(place))


class Habits(unittest.TestCase):
    def test_files_are_formatted(self):
        self.assertEqual([name for name, file in tree().files.items() if not file["formatted"]], [], "make terraform-format")

    def test_everything_is_described(self):
        for kind in ("variable", "output"):
            for name, body, module, _ in tree().named(kind):
                self.assertTrue(body.get("description", "").endswith("."), f"{module or 'root'}: {kind} {name}")
        for name, body, module, _ in tree().named("variable"):
            self.assertIn("type", body, f"{module}: {name}")

    def test_what_has_bounds_has_them_checked(self):
        free = {"is_protected"}
        for name, body, _, _ in tree().named("variable", ""):
            if name not in free:
                self.assertIn("validation", body, name)

    def test_every_exception_says_why(self):
        for path in TERRAFORM.rglob("*.tf"):
            for line in re.findall(r"checkov:skip=.*", path.read_text()):
                self.assertRegex(line, r"^checkov:skip=CKV2?_AWS_\d+: .{8,}", str(path))

    def test_versions_are_pinned(self):
        text = (TERRAFORM / "versions.tf").read_text()
        self.assertRegex(text, r'required_version = ">= [\d.]+, < [\d.]+"')
        self.assertEqual(len(re.findall(r'version = "~> ', text)), 2)

    def test_files_are_short(self):
        for path in TERRAFORM.rglob("*.tf"):
            self.assertLess(len(path.read_text().splitlines()), 300, str(path))


if __name__ == "__main__":
    unittest.main()
