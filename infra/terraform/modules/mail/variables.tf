variable "prefix" {
  description = "What names begin with."
  type        = string
}

variable "region" {
  description = "AWS region."
  type        = string
}

variable "domain" {
  description = "Domain that mail is sent from."
  type        = string
}

variable "zone_id" {
  description = "Zone for the records of DKIM, SPF and DMARC."
  type        = string
}

variable "reports" {
  description = "Where receivers send their DMARC reports."
  type        = string
}

variable "topic_id" {
  description = "Topic that is told of complaints."
  type        = string
}
