output "issuer" {
  description = "The pool's name in its tokens (AUTOML_OIDC_ISSUER)."
  value       = "https://${aws_cognito_user_pool.this.endpoint}"
}

output "client_id" {
  description = "The web app's client (AUTOML_OIDC_CLIENT_IDS)."
  value       = aws_cognito_user_pool_client.web.id
}

output "user_pool_id" {
  description = "The pool."
  value       = aws_cognito_user_pool.this.id
}

output "member_group" {
  description = "Who is in it may use the platform."
  value       = aws_cognito_user_group.this["members"].name
}

output "admin_group" {
  description = "Who is in it is an administrator."
  value       = aws_cognito_user_group.this["admins"].name
}

output "sign_in_url" {
  description = "The hosted pages."
  value       = "https://${aws_cognito_user_pool_domain.this.domain}.auth.${var.region}.amazoncognito.com"
}
