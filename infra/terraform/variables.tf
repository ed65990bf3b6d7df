# Where, and under which name. What each part is given is in variables-parts.tf.

variable "name" {
  description = "What names begin with, followed by the environment."
  type        = string
  default     = "automl"
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.name))
    error_message = "The name must be 2 to 12 lower-case letters and digits, a letter first: load balancers have short names."
  }
}

variable "environment" {
  description = "dev or prod: two of these fit into one account."
  type        = string
  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "The environment must be dev or prod."
  }
}

variable "region" {
  description = "AWS region of everything."
  type        = string
  default     = "eu-west-1"
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "The region must be one such as eu-west-1."
  }
}

variable "account_id" {
  description = "The account that this may be applied to; with credentials of another one nothing happens."
  type        = string
  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "domain" {
  description = "Name at which people reach the platform, in the zone below; mail is sent from it too."
  type        = string
  validation {
    condition     = can(regex("^([a-z0-9-]+\\.)+[a-z]{2,}$", var.domain))
    error_message = "The domain must be a name such as automl.example.com."
  }
}

variable "zone_id" {
  description = "Public hosted zone of Route 53 that the domain lies in: records for the certificate, the address and mail go there."
  type        = string
  validation {
    condition     = can(regex("^Z[A-Z0-9]{5,31}$", var.zone_id))
    error_message = "The id of a zone begins with Z."
  }
}

variable "image_tag" {
  description = "Tag of the images to run, one for all: a version, never one that moves."
  type        = string
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$", var.image_tag)) && !contains(["latest", "main", "edge"], var.image_tag)
    error_message = "The tag must be a version such as v0.1.0; the repositories do not take a tag twice."
  }
}

# Before raising it: the receiver of Prometheus lost bearer tokens in the contrib versions from 0.127 on, for a while
# (opentelemetry-collector-contrib issue 41614); this one is older. `silent-api` would tell.
variable "collector_image" {
  description = "Image of the AWS distribution of the OpenTelemetry collector that stands beside the api, with its version."
  type        = string
  default     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.2"
  validation {
    condition     = can(regex("(:v[0-9]+\\.[0-9]+\\.[0-9]+|@sha256:[0-9a-f]{64})$", var.collector_image))
    error_message = "The image must carry a version or a digest."
  }
}

variable "is_protected" {
  description = "Database, bucket, user pool and load balancer refuse to be deleted, and a final snapshot is taken."
  type        = bool
  default     = true
}

variable "secrets_edition" {
  description = "Raise it to have every password and token made anew (README, \"New passwords\")."
  type        = number
  default     = 1
  validation {
    condition     = var.secrets_edition >= 1 && floor(var.secrets_edition) == var.secrets_edition
    error_message = "The edition is a whole number from 1."
  }
}

variable "alarm_address" {
  description = "Mail address for alarms, the budget and DMARC reports."
  type        = string
  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alarm_address))
    error_message = "A mail address is expected."
  }
}

variable "budget_usd" {
  description = "What a month may cost in USD before mails are sent; nothing is switched off by it."
  type        = number
  validation {
    condition     = var.budget_usd > 0
    error_message = "The budget must be more than 0."
  }
}

variable "log_days" {
  description = "How long logs are kept, in days; CloudWatch knows these numbers only."
  type        = number
  default     = 365
  validation {
    condition     = contains([30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827], var.log_days)
    error_message = "CloudWatch keeps logs for 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096 or 1827 days."
  }
}
