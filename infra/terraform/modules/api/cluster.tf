resource "aws_ecs_cluster" "this" {
  name = var.prefix

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338: how long logs are kept is a variable; prod has a year
  name              = "/${var.prefix}/api"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}

locals {
  # The same for every container here.
  log = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.this.name
      awslogs-region        = var.region
      awslogs-stream-prefix = "api"
      # A slow CloudWatch must not stop the api; lines beyond the buffer are lost then.
      mode            = "non-blocking"
      max-buffer-size = "8m"
    }
  }

  environment = [for name, value in var.settings : { name = name, value = value }]
  secrets     = [for name, address in var.secrets : { name = name, valueFrom = address }]

  # The file system of the containers is read-only; the program writes into its home folder alone (infra/docker/Dockerfile).
  home       = "home"
  home_mount = { sourceVolume = local.home, containerPath = "/var/lib/automl", readOnly = false }
}
