# The token is written to a secret first and read back from there: Redis and the URL below then get the same one, even when an
# apply broke off between them. Neither way leaves a copy in the state.

ephemeral "random_password" "token" {
  length = 64
  # It is part of a URL.
  special = false
}

resource "aws_secretsmanager_secret" "token" {
  # checkov:skip=CKV2_AWS_57: a new token has to be told to Redis and to every process; README, "New passwords", has the steps
  name        = "${var.prefix}/redis-token"
  description = "Token of Redis; no process reads it"
  kms_key_id  = var.key_arn
}

resource "aws_secretsmanager_secret_version" "token" {
  secret_id                = aws_secretsmanager_secret.token.id
  secret_string_wo         = ephemeral.random_password.token.result
  secret_string_wo_version = var.token_edition
}

ephemeral "aws_secretsmanager_secret_version" "token" {
  secret_id  = aws_secretsmanager_secret_version.token.secret_id
  version_id = aws_secretsmanager_secret_version.token.version_id
}

resource "aws_secretsmanager_secret" "url" {
  # checkov:skip=CKV2_AWS_57: as above
  name        = "${var.prefix}/redis"
  description = "How the program reaches Redis (AUTOML_REDIS_URL)"
  kms_key_id  = var.key_arn
}

resource "aws_secretsmanager_secret_version" "url" {
  secret_id                = aws_secretsmanager_secret.url.id
  secret_string_wo         = "rediss://:${ephemeral.aws_secretsmanager_secret_version.token.secret_string}@${aws_elasticache_replication_group.this.primary_endpoint_address}:6379"
  secret_string_wo_version = var.token_edition
}
