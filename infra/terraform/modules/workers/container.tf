# What one worker is, whoever starts it.

locals {
  # Half of a machine's disk is the workers', and no machine takes more than two of them.
  worker_disk_gib = floor(var.disk_gib / 4)

  # The program reads the machine's processors and memory, not its container's share: it has to be told (platform/src/settings).
  queue_settings = { for name, queue in var.queues : name => merge(var.settings, {
    AUTOML_SLOTS   = tostring(queue.slots)
    AUTOML_THREADS = tostring(queue.vcpus)
    # A quarter of the memory is the worker's own; each slot's trainer has its part of the rest.
    AUTOML_MEMORY  = "${floor(queue.memory_mib * 3 / 4 / queue.slots)}MiB"
    AUTOML_CACHE   = "${floor(local.worker_disk_gib / 2)}GiB"
    AUTOML_SCRATCH = "${floor(local.worker_disk_gib / 2 / queue.slots)}GiB"
    # Heeds the two minutes' notice of Spot machines and, in a group, is known by its instance (docs/scaling.md).
    AUTOML_SPOT = "true"
  }) }

  environment = { for name, settings in local.queue_settings : name => [for key, value in settings : { name = key, value = value }] }
  secrets     = [for name, address in var.secrets : { name = name, valueFrom = address }]

  log = { for name in keys(var.queues) : name => {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.this.name
      awslogs-region        = var.region
      awslogs-stream-prefix = name
    }
  } }
}

resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338: how long logs are kept is a variable; prod has a year
  name              = "/${var.prefix}/workers"
  retention_in_days = var.log_days
  kms_key_id        = var.key_arn
}
