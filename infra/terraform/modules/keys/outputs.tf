output "arn" {
  description = "The key, once it has a name."
  value       = aws_kms_key.this.arn
}
