output "id" {
  description = "Name of the instance, for alarms."
  value       = aws_db_instance.this.identifier
}

output "address" {
  description = "Host of the instance."
  value       = aws_db_instance.this.address
}

output "name" {
  description = "Name of the database."
  value       = aws_db_instance.this.db_name
}

output "url_secret_arn" {
  description = "Secret of the program's account: url, username, password."
  value       = aws_secretsmanager_secret_version.url.secret_id
}

output "master_secret_arn" {
  description = "Secret of the master account, which RDS keeps."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}
