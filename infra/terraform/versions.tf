terraform {
  # 1.11 is the first version with write-only arguments: passwords reach AWS without a copy in the state (README, "Secrets").
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.62"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }

  # Where the state lies is of the account, not of these files: terraform init -backend-config=backend.hcl
  backend "s3" {}
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      # The budget counts by it.
      Deployment = local.prefix
      ManagedBy  = "terraform"
    }
  }
}
