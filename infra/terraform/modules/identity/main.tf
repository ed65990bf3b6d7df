# A user pool with hosted pages, step by step as docs/oidc.md has it: a public client with the code flow, and two groups.

resource "aws_cognito_user_pool" "this" {
  name                = var.prefix
  deletion_protection = var.is_protected ? "ACTIVE" : "INACTIVE"
  user_pool_tier      = "ESSENTIALS"

  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  username_configuration {
    case_sensitive = false
  }
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.is_open
  }

  # Length is what counts; kinds of characters only make people write them down.
  password_policy {
    minimum_length                   = 12
    require_lowercase                = false
    require_uppercase                = false
    require_numbers                  = false
    require_symbols                  = false
    temporary_password_validity_days = 3
    password_history_size            = 5
  }

  mfa_configuration = var.mfa
  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : [true]
    content {
      enabled = true
    }
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  dynamic "email_configuration" {
    for_each = var.mail == null ? [] : [var.mail]
    content {
      email_sending_account = "DEVELOPER"
      source_arn            = email_configuration.value.identity_arn
      from_email_address    = email_configuration.value.from
    }
  }
}

resource "aws_cognito_user_pool_domain" "this" {
  domain       = var.domain_prefix
  user_pool_id = aws_cognito_user_pool.this.id
}

# A browser keeps no secret: the code flow with PKCE takes its place.
resource "aws_cognito_user_pool_client" "web" {
  name            = "${var.prefix}-web"
  user_pool_id    = aws_cognito_user_pool.this.id
  generate_secret = false

  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "email", "profile"]
  supported_identity_providers         = ["COGNITO"]
  callback_urls                        = ["${var.public_url}/"]
  logout_urls                          = ["${var.public_url}/"]
  explicit_auth_flows                  = ["ALLOW_REFRESH_TOKEN_AUTH"]

  # An access token cannot be withdrawn before it ends (docs/oidc.md).
  access_token_validity  = 30
  id_token_validity      = 30
  refresh_token_validity = 30
  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
  enable_token_revocation       = true
  prevent_user_existence_errors = "ENABLED"
}

locals {
  groups = {
    members = "May use the platform"
    admins  = "Administrators of the platform"
  }
}

resource "aws_cognito_user_group" "this" {
  for_each = local.groups

  name         = "${var.prefix}-${each.key}"
  description  = each.value
  user_pool_id = aws_cognito_user_pool.this.id
}
