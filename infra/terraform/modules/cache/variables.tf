variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets without a way out."
  type        = list(string)
}

variable "security_group_id" {
  description = "Group of the cache."
  type        = string
}

variable "node_type" {
  description = "Type of a node."
  type        = string
}

variable "nodes" {
  description = "Nodes; with two or more another one takes over."
  type        = number
}

variable "token_edition" {
  description = "Another number has the token made anew."
  type        = number
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number
}

variable "key_arn" {
  description = "Key for what is at rest."
  type        = string
}
