# What each process is told, by the names that the program reads (platform/src/settings, src/logs.rs; docs/operations.md has the table). A name
# that the program does not know fails tests/policy.py.

locals {
  # Of api and workers alike.
  shared_settings = {
    AUTOML_PUBLIC_URL = local.public_url
    AUTOML_S3_BUCKET  = module.storage.bucket
    AUTOML_S3_REGION  = var.region
    AUTOML_SES_FROM   = module.mail.from
    AUTOML_SES_REGION = var.region
    AUTOML_LOG_FORMAT = "json"
  }

  api_settings = merge({
    # The load balancer is the only door, and the only proxy.
    AUTOML_HOST    = "0.0.0.0"
    AUTOML_PORT    = tostring(local.api_port)
    AUTOML_PROXIES = "1"

    AUTOML_OIDC_ISSUER       = module.identity.issuer
    AUTOML_OIDC_CLIENT_IDS   = module.identity.client_id
    AUTOML_OIDC_SIGN_UP      = "groups:${module.identity.member_group},${module.identity.admin_group}"
    AUTOML_OIDC_ADMIN_GROUPS = module.identity.admin_group
    AUTOML_SIGN_UP           = "closed"

    AUTOML_SCALING_NAME         = local.prefix
    AUTOML_SCALING_REGION       = var.region
    AUTOML_SCALING_IDLE_SECONDS = tostring(var.workers.idle_seconds)

    # Loaded models take a few times their stored size (docs/operations.md), beside the collector.
    AUTOML_MODEL_CACHE = "${floor(var.api.memory_mib / 8)}MiB"
    AUTOML_PLAYGROUND  = local.is_prod ? "off" : "on"
  }, local.price, local.quotas)

  price = var.price_per_slot_hour == null ? {} : {
    AUTOML_PRICE_PER_HOUR = tostring(var.price_per_slot_hour)
    AUTOML_PRICE_CURRENCY = "USD"
  }

  # A person's share; what is null has no limit.
  quotas = { for name, value in {
    AUTOML_QUOTA_JOBS_PER_DAY            = var.quotas.jobs_per_day
    AUTOML_QUOTA_COMPUTE_SECONDS_PER_DAY = var.quotas.compute_seconds_per_day
    AUTOML_QUOTA_STORED_BYTES            = var.quotas.stored_bytes
    AUTOML_QUOTA_JOB_BUDGET_SECONDS      = var.quotas.job_budget_seconds
  } : name => tostring(value) if value != null }

  # Names of secrets and where the agent of ECS or Batch finds their values; no value passes through these files.
  worker_secrets = {
    AUTOML_DATABASE_URL = "${module.database.url_secret_arn}:url::"
    AUTOML_REDIS_URL    = module.cache.url_secret_arn
    AUTOML_SECRET       = module.secrets.arns.signing
  }
  api_secrets = merge(local.worker_secrets, {
    AUTOML_METRICS_TOKEN = module.secrets.arns.metrics
  })
}
