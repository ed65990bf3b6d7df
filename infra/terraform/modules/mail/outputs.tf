output "from" {
  description = "Sender with a name (AUTOML_SES_FROM)."
  value       = "AutoML Lite <${local.address}>"
}

output "address" {
  description = "Sender's address alone, for permissions."
  value       = local.address
}

output "identity_arn" {
  description = "The sender, for permissions."
  value       = aws_sesv2_email_identity.this.arn
}

output "configuration_set_arn" {
  description = "Its configuration set, for permissions."
  value       = aws_sesv2_configuration_set.this.arn
}
