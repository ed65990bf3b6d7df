variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "account_id" {
  description = "The account; part of the buckets' names, which are the world's."
  type        = string
}

variable "allowed_origins" {
  description = "Addresses whose pages may send files to the bucket and fetch them: the web app's."
  type        = list(string)
}

variable "deleted_files_days" {
  description = "How long deleted files can be brought back."
  type        = number
}

variable "access_log_days" {
  description = "How long access logs are kept."
  type        = number
}

variable "is_protected" {
  description = "Whether a bucket with files in it refuses to be deleted."
  type        = bool
}

variable "load_balancer_prefix" {
  description = "Where in the bucket of logs those of the load balancer go."
  type        = string
}

variable "key_arn" {
  description = "Key for the files."
  type        = string
}
