variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "public_url" {
  description = "Where people reach the platform: they come back there after signing in."
  type        = string
}

variable "domain_prefix" {
  description = "Prefix of the hosted pages."
  type        = string
}

variable "is_open" {
  description = "Whether people may register themselves; who is in no group is let in by nobody all the same."
  type        = bool
}

variable "mfa" {
  description = "Second factor: OFF, OPTIONAL or ON."
  type        = string
}

variable "is_protected" {
  description = "Whether the pool refuses to be deleted."
  type        = bool
}

variable "mail" {
  description = "Sender of the pool's mails through SES; null: Cognito's own, 50 a day."
  type = object({
    identity_arn = string
    from         = string
  })
}
