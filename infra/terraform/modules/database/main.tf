# Postgres. Its master account is RDS's business: RDS makes its password, keeps it in Secrets Manager and changes it every week.
# The program has an ordinary account of its own (account.tf), as docs/operations.md wants it.

locals {
  # The tests run over the Postgres of Debian: 15 on Debian 12, 17 on 13.
  version = "17"
}

resource "aws_db_subnet_group" "this" {
  name       = var.prefix
  subnet_ids = var.subnet_ids
}

resource "aws_db_parameter_group" "this" {
  name_prefix = "${var.prefix}-"
  family      = "postgres${local.version}"
  description = "${var.prefix}: TLS for everybody, slow statements in the log"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # Statements are not logged (log_statement stays `none`): they would hold people's data, and DDL the program's password. Slow ones
  # are, with their parameters hidden.
  parameter {
    name  = "log_min_duration_statement"
    value = "2000"
  }
  parameter {
    name  = "log_parameter_max_length"
    value = "0"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  # checkov:skip=CKV_AWS_133: how far back is a variable, one day at least; prod has thirty
  # checkov:skip=CKV_AWS_157: multi-AZ is a variable; prod has it
  # checkov:skip=CKV_AWS_293: protection from deletion is a variable; prod has it
  # checkov:skip=CKV2_AWS_30: a log of every statement would hold people's data and the password of the program's account
  identifier     = var.prefix
  engine         = "postgres"
  engine_version = local.version
  instance_class = var.instance_class

  db_name                       = "automl"
  username                      = "master"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = var.key_arn
  # For people who look after it: a token of IAM instead of a password. The program does not use it.
  iam_database_authentication_enabled = true

  allocated_storage     = var.storage_gib
  max_allocated_storage = var.storage_limit_gib
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = var.key_arn

  multi_az               = var.is_multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [var.security_group_id]
  publicly_accessible    = false
  # The image has the roots of all of RDS's authorities.
  ca_cert_identifier   = "rds-ca-rsa2048-g1"
  parameter_group_name = aws_db_parameter_group.this.name

  backup_retention_period    = var.backup_days
  backup_window              = "02:00-03:00"
  maintenance_window         = "sun:03:30-sun:04:30"
  copy_tags_to_snapshot      = true
  auto_minor_version_upgrade = true
  delete_automated_backups   = !var.is_protected
  deletion_protection        = var.is_protected
  skip_final_snapshot        = !var.is_protected
  final_snapshot_identifier  = var.is_protected ? "${var.prefix}-final" : null

  performance_insights_enabled    = true
  performance_insights_kms_key_id = var.key_arn
  monitoring_interval             = 60
  monitoring_role_arn             = aws_iam_role.monitoring.arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  # RDS would make them without an end to what they keep.
  depends_on = [aws_cloudwatch_log_group.this]
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338: how long logs are kept is a variable; prod has a year
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${var.prefix}/${each.value}"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

resource "aws_iam_role" "monitoring" {
  name               = "${var.prefix}-database-monitoring"
  assume_role_policy = data.aws_iam_policy_document.monitoring.json
}

data "aws_iam_policy_document" "monitoring" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  role       = aws_iam_role.monitoring.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}
