output "id" {
  description = "Name of the group, for alarms."
  value       = aws_elasticache_replication_group.this.id
}

output "url_secret_arn" {
  description = "Secret with the URL."
  value       = aws_secretsmanager_secret_version.url.secret_id
}
