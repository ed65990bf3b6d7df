variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network, /16 to /20."
  type        = string
}

variable "zones" {
  description = "Availability zones to be in, two or three."
  type        = list(string)
}

variable "nat_gateways" {
  description = "one or per_zone: one is cheaper, and its zone's end is everybody's."
  type        = string
}

variable "interface_endpoints" {
  description = "Whether images, logs and secrets are reached inside of the network as well."
  type        = bool
}

variable "api_port" {
  description = "Port that the api listens on."
  type        = number
}

variable "log_days" {
  description = "How long flow logs are kept."
  type        = number
}

variable "key_arn" {
  description = "Key for the logs."
  type        = string
}
