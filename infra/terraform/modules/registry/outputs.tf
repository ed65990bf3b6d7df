output "urls" {
  description = "Where images are pushed to, by queue; api and CPU workers share one."
  value       = { for queue, repository in aws_ecr_repository.this : queue => repository.repository_url }
}
