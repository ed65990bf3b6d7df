# Workers as jobs of AWS Batch. The api submits one for each worker it wants, with the command that docs/scaling.md shows; Batch
# finds a machine, and takes it away when nothing runs on it.

locals {
  batch = var.form == "batch" ? var.queues : {}
}

resource "aws_batch_compute_environment" "this" {
  for_each = local.batch

  # A change of what cannot be changed makes another one first.
  name_prefix = "${var.prefix}-${each.key}-"
  type        = "MANAGED"
  state       = "ENABLED"

  compute_resources {
    type                = var.purchase == "SPOT" ? "SPOT" : "EC2"
    allocation_strategy = var.purchase == "SPOT" ? "SPOT_PRICE_CAPACITY_OPTIMIZED" : "BEST_FIT_PROGRESSIVE"
    instance_type       = each.value.instance_types
    instance_role       = aws_iam_instance_profile.machine.arn
    min_vcpus           = 0
    max_vcpus           = each.value.max_workers * each.value.vcpus
    subnets             = var.subnet_ids
    security_group_ids  = [var.security_group_id]

    ec2_configuration {
      image_type = each.value.gpus > 0 ? "ECS_AL2023_NVIDIA" : "ECS_AL2023"
    }

    launch_template {
      launch_template_id = aws_launch_template.this[each.key].id
      version            = aws_launch_template.this[each.key].latest_version
    }

    tags = { Name = "${var.prefix}-worker-${each.key}", Deployment = var.prefix }
  }

  # Machines are exchanged under running workers only after half an hour; their tasks go to others either way.
  update_policy {
    job_execution_timeout_minutes = 30
    terminate_jobs_on_update      = false
  }

  lifecycle {
    create_before_destroy = true
    # Batch raises and lowers it.
    ignore_changes = [compute_resources[0].desired_vcpus]
  }
}

resource "aws_batch_job_queue" "this" {
  for_each = local.batch

  name     = "${var.prefix}-${each.key}"
  state    = "ENABLED"
  priority = 1

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.this[each.key].arn
  }

  # A job that no machine of the list can ever hold would wait for ever, and the api with it.
  dynamic "job_state_time_limit_action" {
    for_each = toset(["MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT", "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE"])
    content {
      reason           = job_state_time_limit_action.value
      state            = "RUNNABLE"
      max_time_seconds = 600
      action           = "CANCEL"
    }
  }
}

resource "aws_batch_job_definition" "this" {
  # checkov:skip=CKV_AWS_210: privileged is false below, in JSON that the check does not read through
  for_each = local.batch

  name                  = "${var.prefix}-worker-${each.key}"
  type                  = "container"
  platform_capabilities = ["EC2"]
  propagate_tags        = true

  container_properties = jsonencode({
    image                  = var.images[each.key]
    command                = ["worker", "--queue", each.key]
    jobRoleArn             = aws_iam_role.worker.arn
    executionRoleArn       = aws_iam_role.execution.arn
    privileged             = false
    readonlyRootFilesystem = true
    environment            = local.environment[each.key]
    secrets                = local.secrets
    logConfiguration       = local.log[each.key]
    # The image's volume is the home folder; nothing else can be written to.
    linuxParameters = { initProcessEnabled = true }
    ulimits         = [{ name = "nofile", softLimit = 65536, hardLimit = 65536 }]
    resourceRequirements = concat(
      [{ type = "VCPU", value = tostring(each.value.vcpus) }, { type = "MEMORY", value = tostring(each.value.memory_mib) }],
      each.value.gpus > 0 ? [{ type = "GPU", value = tostring(each.value.gpus) }] : [],
    )
  })

  # A lost machine is another try, and nothing else is: what the worker itself ended with is known to the api (docs/scaling.md).
  retry_strategy {
    attempts = 3
    evaluate_on_exit {
      action           = "RETRY"
      on_status_reason = "Host EC2*"
    }
    evaluate_on_exit {
      action    = "EXIT"
      on_reason = "*"
    }
  }
}
