output "bucket" {
  description = "Bucket of people's files (AUTOML_S3_BUCKET)."
  value       = aws_s3_bucket.files.bucket
}

output "bucket_arn" {
  description = "The same, for permissions."
  value       = aws_s3_bucket.files.arn
}

output "log_bucket" {
  description = "Bucket of access logs."
  # By the policy: a load balancer is refused before it may write.
  value = aws_s3_bucket_policy.logs.bucket
}

output "load_balancer_prefix" {
  description = "Where in it those of the load balancer go."
  value       = var.load_balancer_prefix
}
