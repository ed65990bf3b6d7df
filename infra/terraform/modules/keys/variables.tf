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
