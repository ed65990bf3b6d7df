# The parts and how they hang together; what each process is told is in settings.tf.

locals {
  # What every name begins with: two environments fit into one account.
  prefix     = "${var.name}-${var.environment}"
  public_url = "https://${var.domain}"
  api_port   = 8080
  is_prod    = var.environment == "prod"
}

module "keys" {
  source = "./modules/keys"

  prefix     = local.prefix
  region     = var.region
  account_id = var.account_id
}

module "network" {
  source = "./modules/network"

  prefix              = local.prefix
  region              = var.region
  cidr                = var.network.cidr
  zones               = var.network.zones
  nat_gateways        = var.network.nat_gateways
  interface_endpoints = var.network.interface_endpoints
  api_port            = local.api_port
  log_days            = var.log_days
  key_arn             = module.keys.arn
}

module "registry" {
  source = "./modules/registry"

  prefix  = local.prefix
  key_arn = module.keys.arn
}

module "secrets" {
  source = "./modules/secrets"

  prefix  = local.prefix
  key_arn = module.keys.arn
  edition = var.secrets_edition
}

module "database" {
  source = "./modules/database"

  prefix            = local.prefix
  subnet_ids        = module.network.data_subnet_ids
  security_group_id = module.network.security_group_ids.database
  instance_class    = var.database.instance_class
  storage_gib       = var.database.storage_gib
  storage_limit_gib = var.database.storage_limit_gib
  is_multi_az       = var.database.is_multi_az
  backup_days       = var.database.backup_days
  is_protected      = var.is_protected
  password_edition  = var.secrets_edition
  log_days          = var.log_days
  key_arn           = module.keys.arn
}

module "cache" {
  source = "./modules/cache"

  prefix            = local.prefix
  subnet_ids        = module.network.data_subnet_ids
  security_group_id = module.network.security_group_ids.cache
  node_type         = var.cache.node_type
  nodes             = var.cache.nodes
  token_edition     = var.secrets_edition
  log_days          = var.log_days
  key_arn           = module.keys.arn
}

module "storage" {
  source = "./modules/storage"

  prefix               = local.prefix
  region               = var.region
  account_id           = var.account_id
  allowed_origins      = [local.public_url]
  deleted_files_days   = var.storage.deleted_files_days
  access_log_days      = var.storage.access_log_days
  is_protected         = var.is_protected
  load_balancer_prefix = "load-balancer"
  key_arn              = module.keys.arn
}

module "mail" {
  source = "./modules/mail"

  prefix   = local.prefix
  region   = var.region
  domain   = var.domain
  zone_id  = var.zone_id
  reports  = var.alarm_address
  topic_id = module.observability.topic_arn
}

module "identity" {
  source = "./modules/identity"

  prefix        = local.prefix
  region        = var.region
  public_url    = local.public_url
  domain_prefix = var.identity.domain_prefix
  is_open       = var.identity.is_open
  mfa           = var.identity.mfa
  is_protected  = var.is_protected
  mail          = var.identity.mail_through_ses ? { identity_arn = module.mail.identity_arn, from = module.mail.from } : null
}

module "workers" {
  source = "./modules/workers"

  prefix             = local.prefix
  region             = var.region
  account_id         = var.account_id
  form               = var.workers.form
  purchase           = var.workers.purchase
  queues             = var.worker_queues
  disk_gib           = var.workers.disk_gib
  images             = { cpu = "${module.registry.urls.cpu}:${var.image_tag}", gpu = "${module.registry.urls.gpu}:${var.image_tag}" }
  subnet_ids         = module.network.private_subnet_ids
  security_group_id  = module.network.security_group_ids.worker
  settings           = local.shared_settings
  secrets            = local.worker_secrets
  bucket_arn         = module.storage.bucket_arn
  mail_identity_arns = [module.mail.identity_arn, module.mail.configuration_set_arn]
  mail_from          = module.mail.address
  log_days           = var.log_days
  key_arn            = module.keys.arn
}

module "api" {
  source = "./modules/api"

  prefix              = local.prefix
  region              = var.region
  account_id          = var.account_id
  image               = "${module.registry.urls.cpu}:${var.image_tag}"
  collector_image     = var.collector_image
  port                = local.api_port
  cpu                 = var.api.cpu
  memory_mib          = var.api.memory_mib
  min_tasks           = var.api.min_tasks
  max_tasks           = var.api.max_tasks
  requests_per_5min   = var.api.requests_per_5min
  domain              = var.domain
  zone_id             = var.zone_id
  vpc_id              = module.network.vpc_id
  public_subnet_ids   = module.network.public_subnet_ids
  private_subnet_ids  = module.network.private_subnet_ids
  security_group_ids  = module.network.security_group_ids
  log_bucket          = module.storage.log_bucket
  log_prefix          = module.storage.load_balancer_prefix
  settings            = merge(local.shared_settings, local.api_settings, module.workers.scaling_settings)
  secrets             = local.api_secrets
  metrics_namespace   = local.prefix
  bucket_arn          = module.storage.bucket_arn
  scaling_permissions = module.workers.scaling_permissions
  database = {
    url_secret_arn    = module.database.url_secret_arn
    master_secret_arn = module.database.master_secret_arn
    address           = module.database.address
    name              = module.database.name
  }
  is_protected = var.is_protected
  log_days     = var.log_days
  key_arn      = module.keys.arn
}

module "observability" {
  source = "./modules/observability"

  prefix            = local.prefix
  region            = var.region
  account_id        = var.account_id
  address           = var.alarm_address
  metrics_namespace = local.prefix
  load_balancer     = module.api.load_balancer
  service           = module.api.service
  database          = { id = module.database.id, storage_gib = var.database.storage_gib, connections = var.database.connections_alarm }
  cache_id          = module.cache.id
  queues            = keys(var.worker_queues)
  job_queue_arns    = module.workers.job_queue_arns
  key_arn           = module.keys.arn
}

module "budget" {
  source = "./modules/budget"

  prefix    = local.prefix
  limit_usd = var.budget_usd
  topic_arn = module.observability.topic_arn
  address   = var.alarm_address
}
