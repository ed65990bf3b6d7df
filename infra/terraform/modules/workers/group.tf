# Workers as instances of an Auto Scaling group, for those who would rather watch machines than jobs. Each machine joins a cluster
# of ECS, and a service of it runs one worker on each. The api sets how many there are, and ends idle ones by their id.

locals {
  group = var.form == "group" ? var.queues : {}
}

data "aws_ssm_parameter" "image" {
  for_each = local.group

  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/${each.value.gpus > 0 ? "gpu/" : ""}recommended/image_id"
}

resource "aws_ecs_cluster" "group" {
  count = var.form == "group" ? 1 : 0

  name = "${var.prefix}-workers"
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_autoscaling_group" "this" {
  for_each = local.group

  name                = "${var.prefix}-${each.key}"
  min_size            = 0
  max_size            = each.value.max_workers
  desired_capacity    = each.value.min_workers
  vpc_zone_identifier = var.subnet_ids
  # A machine that Spot wants back soon is replaced while its worker drains.
  capacity_rebalance = true
  health_check_type  = "EC2"

  mixed_instances_policy {
    instances_distribution {
      on_demand_base_capacity                  = 0
      on_demand_percentage_above_base_capacity = var.purchase == "SPOT" ? 0 : 100
      spot_allocation_strategy                 = "price-capacity-optimized"
    }
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.this[each.key].id
        version            = aws_launch_template.this[each.key].latest_version
      }
      dynamic "override" {
        for_each = each.value.instance_types
        content {
          instance_type = override.value
        }
      }
    }
  }

  tag {
    key                 = "Deployment"
    value               = var.prefix
    propagate_at_launch = true
  }

  lifecycle {
    # The api's business.
    ignore_changes = [desired_capacity]
  }
}

resource "aws_ecs_task_definition" "worker" {
  for_each = local.group

  family                   = "${var.prefix}-worker-${each.key}"
  requires_compatibilities = ["EC2"]
  network_mode             = "host"
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.worker.arn

  container_definitions = jsonencode([{
    name                   = "worker"
    image                  = var.images[each.key]
    command                = ["worker", "--queue", each.key]
    essential              = true
    privileged             = false
    readonlyRootFilesystem = true
    cpu                    = each.value.vcpus * 1024
    memory                 = each.value.memory_mib
    environment            = local.environment[each.key]
    secrets                = local.secrets
    logConfiguration       = local.log[each.key]
    linuxParameters        = { initProcessEnabled = true }
    ulimits                = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
    stopTimeout            = 60
    resourceRequirements   = each.value.gpus > 0 ? [{ type = "GPU", value = tostring(each.value.gpus) }] : []
  }])

  # The two queues share a cluster and no machines: those of the GPU queue are known by their types.
  placement_constraints {
    type       = "memberOf"
    expression = each.value.gpus > 0 ? "attribute:ecs.instance-type in [${join(", ", each.value.instance_types)}]" : "attribute:ecs.instance-type not_in [${join(", ", try(var.queues.gpu.instance_types, ["none"]))}]"
  }
}

resource "aws_ecs_service" "worker" {
  # checkov:skip=CKV_AWS_333: workers use the network of their machine, which has no public address
  for_each = local.group

  name                = "worker-${each.key}"
  cluster             = aws_ecs_cluster.group[0].id
  task_definition     = aws_ecs_task_definition.worker[each.key].arn
  launch_type         = "EC2"
  scheduling_strategy = "DAEMON"
  propagate_tags      = "SERVICE"
}
