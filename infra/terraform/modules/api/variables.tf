variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "account_id" {
  description = "The account."
  type        = string
}

variable "image" {
  description = "Image of the program, with its tag."
  type        = string
}

variable "collector_image" {
  description = "Image of the collector of figures, with its version."
  type        = string
}

variable "port" {
  description = "Port that the api listens on."
  type        = number
}

variable "cpu" {
  description = "CPU units of a task, collector included."
  type        = number
}

variable "memory_mib" {
  description = "Memory of a task, collector included."
  type        = number
}

variable "min_tasks" {
  description = "Tasks that always run."
  type        = number
}

variable "max_tasks" {
  description = "Tasks at most."
  type        = number
}

variable "requests_per_5min" {
  description = "Requests that one address may make in five minutes before the firewall refuses it."
  type        = number
}

variable "domain" {
  description = "Name at which people reach the platform."
  type        = string
}

variable "zone_id" {
  description = "Zone that the domain lies in."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "public_subnet_ids" {
  description = "For the load balancer."
  type        = list(string)
}

variable "private_subnet_ids" {
  description = "For the tasks."
  type        = list(string)
}

variable "security_group_ids" {
  description = "Groups by who is in them: load_balancer and api are used."
  type        = map(string)
}

variable "log_bucket" {
  description = "Bucket for the load balancer's access log."
  type        = string
}

variable "log_prefix" {
  description = "Where in it."
  type        = string
}

variable "settings" {
  description = "What the program is told, by the names that it reads."
  type        = map(string)
}

variable "secrets" {
  description = "The same, where the value lies in Secrets Manager: addresses."
  type        = map(string)
}

variable "metrics_namespace" {
  description = "Namespace of the program's figures in CloudWatch."
  type        = string
}

variable "bucket_arn" {
  description = "Bucket of people's files."
  type        = string
}

variable "scaling_permissions" {
  description = "What the api may do to start and end workers: statements of actions and resources."
  type        = list(object({ sid = string, actions = list(string), resources = list(string) }))
}

variable "database" {
  description = "The database and the secrets of its accounts, for the task that makes the program's account."
  type = object({
    url_secret_arn    = string
    master_secret_arn = string
    address           = string
    name              = string
  })
}

variable "is_protected" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number
}

variable "key_arn" {
  description = "Key for logs and secrets."
  type        = string
}
