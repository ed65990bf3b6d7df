# Tasks that are run by hand (README, "First time"): they share the cluster, the network and the log of the api.

# Makes the program's account of the database, or gives it the password of its secret. The same as docs/operations.md says by hand:
# an account that owns the database and is nothing more. Running it again changes nothing else.
resource "aws_ecs_task_definition" "account" {
  # checkov:skip=CKV_AWS_336: psql writes its history nowhere, but the certificates it checks have to be fetched
  family                   = "${var.prefix}-account"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.account_execution.arn

  container_definitions = jsonencode([{
    name             = "account"
    image            = "public.ecr.aws/docker/library/postgres:17-alpine"
    essential        = true
    entryPoint       = ["/bin/sh", "-euc"]
    command          = [file("${path.module}/account.sh")]
    logConfiguration = merge(local.log, { options = merge(local.log.options, { awslogs-stream-prefix = "account" }) })
    environment = [
      { name = "PGHOST", value = var.database.address },
      { name = "PGDATABASE", value = var.database.name },
      { name = "PGSSLMODE", value = "verify-full" },
      { name = "PGSSLROOTCERT", value = "/tmp/rds.pem" },
    ]
    secrets = [
      { name = "PGUSER", valueFrom = "${var.database.master_secret_arn}:username::" },
      { name = "PGPASSWORD", valueFrom = "${var.database.master_secret_arn}:password::" },
      { name = "ACCOUNT", valueFrom = "${var.database.url_secret_arn}:username::" },
      { name = "ACCOUNT_PASSWORD", valueFrom = "${var.database.url_secret_arn}:password::" },
    ]
  }])
}

# Every process brings the database up to date when it starts, one at a time; this is for those who want to see that done before
# a new version runs, and for going back (`migrate --down`, by a command of the run).
resource "aws_ecs_task_definition" "migrate" {
  family                   = "${var.prefix}-migrate"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([{
    name                   = "migrate"
    image                  = var.image
    command                = ["migrate"]
    essential              = true
    readonlyRootFilesystem = true
    secrets                = [for secret in local.secrets : secret if secret.name == "AUTOML_DATABASE_URL"]
    mountPoints            = [local.home_mount]
    logConfiguration       = merge(local.log, { options = merge(local.log.options, { awslogs-stream-prefix = "migrate" }) })
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
  }])

  volume {
    name = local.home
  }
}
