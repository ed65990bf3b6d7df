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

variable "address" {
  description = "Where alarms are mailed to."
  type        = string
}

variable "metrics_namespace" {
  description = "Namespace of the program's figures."
  type        = string
}

variable "load_balancer" {
  description = "The load balancer and its targets, as CloudWatch names them."
  type        = object({ id = string, targets = string })
}

variable "service" {
  description = "Cluster and service of the api."
  type        = object({ cluster = string, name = string })
}

variable "database" {
  description = "The database, its storage, and how many connections are too many."
  type        = object({ id = string, storage_gib = number, connections = number })
}

variable "cache_id" {
  description = "The Redis group; its nodes are named after it."
  type        = string
}

variable "queues" {
  description = "Names of the queues that have workers."
  type        = list(string)
}

variable "job_queue_arns" {
  description = "Queues of Batch whose failed jobs are told."
  type        = list(string)
}

variable "key_arn" {
  description = "Key for the topic."
  type        = string
}
