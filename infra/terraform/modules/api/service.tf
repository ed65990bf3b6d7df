# The api, with the collector of its figures beside it.

resource "aws_ecs_task_definition" "this" {
  family                   = "${var.prefix}-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory_mib
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.api.arn
  container_definitions    = jsonencode([local.api_container, local.collector_container])

  runtime_platform {
    cpu_architecture        = "X86_64"
    operating_system_family = "LINUX"
  }

  volume {
    name = local.home
  }
}

locals {
  api_container = {
    name                   = "api"
    image                  = var.image
    command                = ["api"]
    essential              = true
    readonlyRootFilesystem = true
    portMappings           = [{ containerPort = var.port, protocol = "tcp" }]
    environment            = local.environment
    secrets                = local.secrets
    mountPoints            = [local.home_mount]
    logConfiguration       = local.log
    # It drains within five seconds of SIGTERM (src/serve.rs).
    stopTimeout     = 30
    linuxParameters = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
    # Every connection is a file.
    ulimits = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
  }

  # Reads /metrics of its neighbour and writes to CloudWatch what the alarms and the dashboard need, nothing else: each figure by
  # each combination of labels is billed.
  collector_container = {
    name                   = "collector"
    image                  = var.collector_image
    essential              = false
    readonlyRootFilesystem = true
    cpu                    = 64
    memory                 = 256
    environment            = [{ name = "AOT_CONFIG_CONTENT", value = yamlencode(local.collector) }]
    secrets                = [for secret in local.secrets : secret if secret.name == "AUTOML_METRICS_TOKEN"]
    logConfiguration       = local.log
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
  }

  collector = {
    receivers = {
      prometheus = {
        config = {
          global = { scrape_interval = "60s", scrape_timeout = "10s" }
          scrape_configs = [{
            job_name      = "automl"
            authorization = { credentials = "$${env:AUTOML_METRICS_TOKEN}" }
            # A figure without labels of its own needs one to be taken.
            static_configs = [{ targets = ["127.0.0.1:${var.port}"], labels = { deployment = var.prefix } }]
          }]
        }
      }
    }
    processors = { batch = { timeout = "30s" } }
    exporters = {
      awsemf = {
        region                  = var.region
        namespace               = var.metrics_namespace
        log_group_name          = aws_cloudwatch_log_group.metrics.name
        log_stream_name         = "api"
        dimension_rollup_option = "NoDimensionRollup"
        metric_declarations = [
          { dimensions = [["kind", "state"], ["state"]], metric_name_selectors = ["^automl_tasks$"] },
          { dimensions = [["queue"]], metric_name_selectors = ["^automl_queue_oldest_seconds$", "^automl_workers$", "^automl_worker_slots$"] },
          { dimensions = [["deployment"]], metric_name_selectors = ["^automl_database_up$", "^automl_websockets$", "^process_resident_memory_bytes$"] },
        ]
      }
    }
    service = {
      pipelines = { metrics = { receivers = ["prometheus"], processors = ["batch"], exporters = ["awsemf"] } }
    }
  }
}

resource "aws_cloudwatch_log_group" "metrics" {
  # checkov:skip=CKV_AWS_338: the lines are figures that CloudWatch has taken out of them already
  name              = "/${var.prefix}/metrics"
  retention_in_days = 30
  kms_key_id        = var.key_arn
}

resource "aws_ecs_service" "this" {
  name            = "api"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = var.min_tasks
  launch_type     = "FARGATE"

  # A new version starts beside the old one, and goes back by itself when it does not become ready.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  # The first start makes the tables.
  health_check_grace_period_seconds = 180
  propagate_tags                    = "SERVICE"

  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [var.security_group_ids["api"]]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.this.arn
    container_name   = "api"
    container_port   = var.port
  }

  lifecycle {
    ignore_changes = [desired_count]
  }

  depends_on = [aws_lb_listener.https]
}

resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = var.min_tasks
  max_capacity       = var.max_tasks
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  resource_id        = aws_appautoscaling_target.this.resource_id
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension

  target_tracking_scaling_policy_configuration {
    target_value       = 60
    scale_in_cooldown  = 300
    scale_out_cooldown = 60
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
