# Two or three of everything that people would miss. Replace what says example.
environment   = "prod"
region        = "eu-west-1"
account_id    = "111122223333"
domain        = "automl.example.com"
zone_id       = "Z0000000EXAMPLE"
image_tag     = "v0.1.0"
alarm_address = "platform@example.com"
budget_usd    = 1500
is_protected  = true
log_days      = 365

network = {
  zones               = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
  nat_gateways        = "per_zone"
  interface_endpoints = true
}

database = {
  instance_class    = "db.m7g.large"
  storage_gib       = 100
  storage_limit_gib = 1000
  is_multi_az       = true
  backup_days       = 30
  connections_alarm = 600
}

cache = {
  node_type = "cache.t4g.small"
  nodes     = 2
}

identity = {
  domain_prefix    = "example-automl"
  mfa              = "ON"
  mail_through_ses = true
}

api = {
  cpu        = 1024
  memory_mib = 4096
  min_tasks  = 2
  max_tasks  = 6
}

worker_queues = {
  cpu = {
    instance_types = ["c7i.2xlarge", "c7a.2xlarge", "m7i.2xlarge", "m7a.2xlarge"]
    vcpus          = 8
    memory_mib     = 14336
    slots          = 2
    max_workers    = 20
  }
  # Networks only; leave it out where nobody trains any (docs/gpu.md).
  gpu = {
    instance_types = ["g6.xlarge", "g5.xlarge"]
    vcpus          = 4
    memory_mib     = 14336
    gpus           = 1
    slots          = 1
    max_workers    = 2
  }
}

quotas = {
  jobs_per_day       = 200
  job_budget_seconds = 14400
}
