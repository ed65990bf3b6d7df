variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "key_arn" {
  description = "Key for the images."
  type        = string
}
