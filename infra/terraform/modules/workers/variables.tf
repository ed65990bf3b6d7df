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

variable "form" {
  description = "batch: a worker is a job of AWS Batch; group: an instance of an Auto Scaling group."
  type        = string
}

variable "purchase" {
  description = "SPOT or ON_DEMAND."
  type        = string
}

variable "queues" {
  description = "Workers by queue, cpu and gpu."
  type = map(object({
    instance_types = list(string)
    vcpus          = number
    memory_mib     = number
    gpus           = number
    slots          = number
    min_workers    = number
    max_workers    = number
  }))
}

variable "disk_gib" {
  description = "Disk of a machine: system, images, and what the workers on it keep."
  type        = number
}

variable "images" {
  description = "Images by queue, with their tags."
  type        = map(string)
}

variable "subnet_ids" {
  description = "Private subnets."
  type        = list(string)
}

variable "security_group_id" {
  description = "Group of workers."
  type        = string
}

variable "settings" {
  description = "What every process is told, by the names that the program reads."
  type        = map(string)
}

variable "secrets" {
  description = "The same, where the value lies in Secrets Manager: addresses."
  type        = map(string)
}

variable "bucket_arn" {
  description = "Bucket of people's files."
  type        = string
}

variable "mail_identity_arns" {
  description = "Sender of SES and its configuration set."
  type        = list(string)
}

variable "mail_from" {
  description = "The one address that may be sent from."
  type        = string
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number
}

variable "key_arn" {
  description = "Key for logs, files and secrets."
  type        = string
}
