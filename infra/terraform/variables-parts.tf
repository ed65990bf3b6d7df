variable "network" {
  description = "The private network: addresses, zones, one NAT gateway or one in each zone, and whether AWS is reached by interface endpoints as well."
  type = object({
    cidr                = optional(string, "10.40.0.0/16")
    zones               = list(string)
    nat_gateways        = optional(string, "one")
    interface_endpoints = optional(bool, false)
  })
  validation {
    condition     = can(cidrsubnet(var.network.cidr, 4, 11)) && tonumber(split("/", var.network.cidr)[1]) <= 20
    error_message = "network.cidr must be a block of /16 to /20: it is cut into sixteen."
  }
  validation {
    condition     = contains([2, 3], length(distinct(var.network.zones))) && alltrue([for zone in var.network.zones : startswith(zone, var.region)])
    error_message = "network.zones must name two or three zones of the region: load balancer and database need two."
  }
  validation {
    condition     = contains(["one", "per_zone"], var.network.nat_gateways)
    error_message = "network.nat_gateways must be one or per_zone."
  }
}

variable "database" {
  description = "The Postgres instance. connections_alarm: how many connections are too many; Postgres on RDS takes its memory in bytes divided by 9,531,392."
  type = object({
    instance_class    = optional(string, "db.t4g.small")
    storage_gib       = optional(number, 20)
    storage_limit_gib = optional(number, 100)
    is_multi_az       = optional(bool, false)
    backup_days       = optional(number, 7)
    connections_alarm = optional(number, 120)
  })
  default = {}
  validation {
    condition     = can(regex("^db\\.[a-z0-9]+\\.[a-z0-9]+$", var.database.instance_class))
    error_message = "database.instance_class must be one such as db.t4g.small."
  }
  validation {
    condition     = var.database.storage_gib >= 20 && var.database.storage_limit_gib > var.database.storage_gib
    error_message = "database.storage_gib must be 20 at least, and the limit larger: storage grows by itself up to it."
  }
  validation {
    condition     = var.database.backup_days >= 1 && var.database.backup_days <= 35
    error_message = "database.backup_days must be 1 to 35."
  }
}

variable "cache" {
  description = "The Redis nodes; two or more stand in for each other. Redis may be lost without losing a job (docs/decisions/0008)."
  type = object({
    node_type = optional(string, "cache.t4g.micro")
    nodes     = optional(number, 1)
  })
  default = {}
  validation {
    condition     = var.cache.nodes >= 1 && var.cache.nodes <= 6
    error_message = "cache.nodes must be 1 to 6."
  }
}

variable "storage" {
  description = "The bucket: how long deleted files can be brought back, and how long its access log is kept, in days."
  type = object({
    deleted_files_days = optional(number, 30)
    access_log_days    = optional(number, 365)
  })
  default = {}
  validation {
    condition     = var.storage.deleted_files_days >= 1 && var.storage.access_log_days >= 1
    error_message = "Both must be 1 day at least."
  }
}

variable "identity" {
  description = "The user pool: prefix of its hosted pages (unique in the region), whether people may register themselves, second factor, and whether its mails go through SES (50 a day otherwise)."
  type = object({
    domain_prefix    = string
    is_open          = optional(bool, false)
    mfa              = optional(string, "OPTIONAL")
    mail_through_ses = optional(bool, false)
  })
  validation {
    condition     = can(regex("^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", var.identity.domain_prefix)) && !can(regex("aws|amazon|cognito", var.identity.domain_prefix))
    error_message = "identity.domain_prefix must be lower-case letters, digits and hyphens, without aws, amazon and cognito."
  }
  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.identity.mfa)
    error_message = "identity.mfa must be OFF, OPTIONAL or ON."
  }
}

variable "api" {
  description = "Tasks of the api on Fargate: CPU units, memory in MiB, how many, and requests that one address may make in five minutes."
  type = object({
    cpu               = optional(number, 512)
    memory_mib        = optional(number, 1024)
    min_tasks         = optional(number, 1)
    max_tasks         = optional(number, 2)
    requests_per_5min = optional(number, 6000)
  })
  default = {}
  validation {
    condition     = contains([512, 1024, 2048, 4096], var.api.cpu) && var.api.memory_mib >= 2 * var.api.cpu && var.api.memory_mib <= 8 * var.api.cpu
    error_message = "api.cpu must be 512, 1024, 2048 or 4096, and api.memory_mib two to eight times that: Fargate sells no others."
  }
  validation {
    condition     = var.api.min_tasks >= 1 && var.api.max_tasks >= var.api.min_tasks
    error_message = "api.min_tasks must be 1 at least, and max_tasks not less."
  }
  validation {
    condition     = var.api.requests_per_5min >= 100
    error_message = "api.requests_per_5min must be 100 at least."
  }
}

variable "workers" {
  description = "How workers are started (batch or group: docs/scaling.md), bought (SPOT or ON_DEMAND), how much disk each machine has, and when an idle one ends."
  type = object({
    form         = optional(string, "batch")
    purchase     = optional(string, "SPOT")
    disk_gib     = optional(number, 100)
    idle_seconds = optional(number, 300)
  })
  default = {}
  validation {
    condition     = contains(["batch", "group"], var.workers.form) && contains(["SPOT", "ON_DEMAND"], var.workers.purchase)
    error_message = "workers.form must be batch or group, workers.purchase SPOT or ON_DEMAND."
  }
  validation {
    condition     = var.workers.disk_gib >= 50 && var.workers.idle_seconds >= 60 && var.workers.idle_seconds <= 86400
    error_message = "workers.disk_gib must be 50 at least, workers.idle_seconds 60 to 86400."
  }
}

variable "worker_queues" {
  description = "Workers by queue (cpu, gpu): instance types, and what one worker takes of an instance. A queue that is not named is not scaled."
  type = map(object({
    instance_types = list(string)
    vcpus          = number
    memory_mib     = number
    gpus           = optional(number, 0)
    slots          = number
    min_workers    = optional(number, 0)
    max_workers    = number
  }))
  default = {
    cpu = {
      instance_types = ["c7i.xlarge", "c7a.xlarge", "m7i.xlarge", "m7a.xlarge"]
      vcpus          = 4
      memory_mib     = 6656
      slots          = 2
      max_workers    = 4
    }
  }
  validation {
    condition     = contains(keys(var.worker_queues), "cpu") && length(setsubtract(keys(var.worker_queues), ["cpu", "gpu"])) == 0
    error_message = "The queues are cpu and, if you like, gpu: GPU workers take networks only and need CPU workers beside them (docs/gpu.md)."
  }
  validation {
    condition = alltrue([for queue in values(var.worker_queues) :
    queue.min_workers >= 0 && queue.min_workers <= queue.max_workers && queue.max_workers <= 1000 && queue.slots >= 1 && queue.slots <= 256])
    error_message = "min_workers must not exceed max_workers, max_workers must be 1000 at most, slots 1 to 256: the program says the same."
  }
  validation {
    condition     = alltrue([for name, queue in var.worker_queues : (name == "gpu") == (queue.gpus > 0)])
    error_message = "gpus must be 1 or more for the queue gpu, and 0 for cpu."
  }
}

variable "quotas" {
  description = "What one person may use (docs/administration.md); null: no limit."
  type = object({
    jobs_per_day            = optional(number)
    compute_seconds_per_day = optional(number)
    stored_bytes            = optional(number)
    job_budget_seconds      = optional(number)
  })
  default = {}
  validation {
    condition     = var.quotas.job_budget_seconds == null ? true : var.quotas.job_budget_seconds >= 10
    error_message = "quotas.job_budget_seconds must be 10 at least: no job has a smaller budget."
  }
}

variable "price_per_slot_hour" {
  description = "What an hour of a slot is shown to cost, in USD; null: no prices are shown."
  type        = number
  default     = null
  validation {
    condition     = var.price_per_slot_hour == null ? true : var.price_per_slot_hour >= 0
    error_message = "The price must not be negative."
  }
}
