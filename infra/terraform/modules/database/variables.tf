variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets without a way out."
  type        = list(string)
}

variable "security_group_id" {
  description = "Group of the database."
  type        = string
}

variable "instance_class" {
  description = "Class of the instance."
  type        = string
}

variable "storage_gib" {
  description = "Storage to begin with."
  type        = number
}

variable "storage_limit_gib" {
  description = "How far storage grows by itself."
  type        = number
}

variable "is_multi_az" {
  description = "Whether a standby in another zone takes over."
  type        = bool
}

variable "backup_days" {
  description = "How far back any second can be restored."
  type        = number
}

variable "is_protected" {
  description = "Whether it refuses to be deleted, and leaves a snapshot."
  type        = bool
}

variable "password_edition" {
  description = "Another number has the program's password made anew."
  type        = number
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number
}

variable "key_arn" {
  description = "Key for storage and secrets."
  type        = string
}
