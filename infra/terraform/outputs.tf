output "settings" {
  description = "What the api is told, by the names that the program reads: for another process of your own beside it."
  value       = merge(local.shared_settings, local.api_settings, module.workers.scaling_settings)
}

output "secrets" {
  description = "Where the secret settings lie in Secrets Manager: names and addresses, no values."
  value       = local.api_secrets
}

output "url" {
  description = "Where people reach the platform."
  value       = local.public_url
}

output "repositories" {
  description = "Where the images are pushed to, by queue."
  value       = module.registry.urls
}

output "one_off_tasks" {
  description = "What `aws ecs run-task` needs for the tasks that are run by hand: account of the database, migrations (README)."
  value       = module.api.one_off_tasks
}

output "sign_in_url" {
  description = "The hosted pages of Cognito."
  value       = module.identity.sign_in_url
}

output "user_pool_id" {
  description = "The user pool, for adding people and putting them into groups."
  value       = module.identity.user_pool_id
}

output "dashboard" {
  description = "Name of the CloudWatch dashboard."
  value       = module.observability.dashboard
}
