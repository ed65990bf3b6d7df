output "arns" {
  description = "Where the secrets lie: signing, metrics."
  # By the version, so that a task is not started before there is a value.
  value = { for name, version in aws_secretsmanager_secret_version.this : name => version.secret_id }
}
