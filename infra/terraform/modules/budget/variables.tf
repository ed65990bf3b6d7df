variable "prefix" {
  description = "What names begin with, and the value of the tag Deployment that everything carries."
  type        = string
}

variable "limit_usd" {
  description = "What a month may cost."
  type        = number
}

variable "topic_arn" {
  description = "Topic of alarms."
  type        = string
}

variable "address" {
  description = "Mail address."
  type        = string
}
