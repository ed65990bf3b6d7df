# The account that the program uses: made, and given a new password, by the task `account` that is run by hand
# (modules/api/one_off.tf). The password is made here and never read here again.

ephemeral "random_password" "account" {
  length = 40
  # It is part of a URL.
  special = false
}

resource "aws_secretsmanager_secret" "url" {
  # checkov:skip=CKV2_AWS_57: a new password has to be told to Postgres and to every process; README, "New passwords", has the steps
  name        = "${var.prefix}/database"
  description = "How the program reaches Postgres: url, username, password"
  kms_key_id  = var.key_arn
}

locals {
  account = "automl"
  # The file is in the image (infra/docker/Dockerfile).
  tls = "sslmode=verify-full&sslrootcert=/etc/ssl/rds/global-bundle.pem"
}

resource "aws_secretsmanager_secret_version" "url" {
  secret_id = aws_secretsmanager_secret.url.id
  secret_string_wo = jsonencode({
    username = local.account
    password = ephemeral.random_password.account.result
    url      = "postgres://${local.account}:${ephemeral.random_password.account.result}@${aws_db_instance.this.address}:5432/${aws_db_instance.this.db_name}?${local.tls}"
  })
  secret_string_wo_version = var.password_edition
}
