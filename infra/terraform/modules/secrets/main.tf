# Secrets that only our own processes share. Values are ephemeral and written once (secret_string_wo): they are in no plan and in
# no state. An apply with the same edition leaves them alone, although `random_password` makes others each time.

locals {
  secrets = {
    signing = "What links and mailed tokens are signed with (AUTOML_SECRET)"
    metrics = "Lets the collector of figures in (AUTOML_METRICS_TOKEN)"
  }
}

ephemeral "random_password" "this" {
  for_each = local.secrets

  length  = 48
  special = false
}

resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57: another value needs a restart of every process; README, "New passwords", has the steps
  for_each = local.secrets

  name        = "${var.prefix}/${each.key}"
  description = each.value
  kms_key_id  = var.key_arn
}

resource "aws_secretsmanager_secret_version" "this" {
  for_each = local.secrets

  secret_id                = aws_secretsmanager_secret.this[each.key].id
  secret_string_wo         = ephemeral.random_password.this[each.key].result
  secret_string_wo_version = var.edition
}
