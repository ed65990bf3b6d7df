variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "key_arn" {
  description = "Key for the secrets."
  type        = string
}

variable "edition" {
  description = "Another number has the values made anew."
  type        = number
}
