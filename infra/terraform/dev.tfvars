# Small, alone in its zones, gone without a trace: for trying the platform in an account. Replace what says example.
environment   = "dev"
region        = "eu-west-1"
account_id    = "111122223333"
domain        = "automl-dev.example.com"
zone_id       = "Z0000000EXAMPLE"
image_tag     = "v0.1.0"
alarm_address = "platform@example.com"
budget_usd    = 200
is_protected  = false
log_days      = 30

network = { zones = ["eu-west-1a", "eu-west-1b"] }
storage = { deleted_files_days = 7, access_log_days = 30 }

identity = {
  domain_prefix = "example-automl-dev"
}

# One hour of half a c7i.xlarge on Spot, roughly; what people are shown, not what AWS charges.
price_per_slot_hour = 0.05
