# Redis rings and carries events; the database is the truth (docs/architecture.md). Losing every key loses no job, so there are no
# snapshots, and one node is enough where half a minute of slower pages is.

resource "aws_elasticache_subnet_group" "this" {
  name       = var.prefix
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.prefix}-redis7"
  family      = "redis7"
  description = "${var.prefix}: nothing is thrown away to make room"

  # A full Redis refuses, which the program notices and goes round; one that throws keys away loses rings silently.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_elasticache_replication_group" "this" {
  # checkov:skip=CKV2_AWS_50: failover is on wherever there is a second node; dev has one
  # checkov:skip=CKV_AWS_31: there is a token, as a write-only argument that the check does not know
  replication_group_id = var.prefix
  description          = "${var.prefix}: doorbell and events"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = var.node_type
  num_cache_clusters   = var.nodes
  parameter_group_name = aws_elasticache_parameter_group.this.name

  automatic_failover_enabled = var.nodes > 1
  multi_az_enabled           = var.nodes > 1

  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [var.security_group_id]
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  at_rest_encryption_enabled = true
  kms_key_id                 = var.key_arn
  auth_token_wo              = ephemeral.aws_secretsmanager_secret_version.token.secret_string
  auth_token_wo_version      = var.token_edition
  # The old token stays good beside the new one, until there is a third: processes may be restarted one by one.
  auth_token_update_strategy = "ROTATE"

  auto_minor_version_upgrade = true
  maintenance_window         = "sun:04:30-sun:05:30"

  log_delivery_configuration {
    destination      = aws_cloudwatch_log_group.this.name
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "engine-log"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338: how long logs are kept is a variable; prod has a year
  name              = "/${var.prefix}/redis"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}
