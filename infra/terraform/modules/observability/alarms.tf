# What wakes somebody, as a table. `when` compares the figure with `limit` over `minutes`; `missing` says what silence means.

locals {
  balancer = { LoadBalancer = var.load_balancer.id }
  database = { DBInstanceIdentifier = var.database.id }
  service  = { ClusterName = var.service.cluster, ServiceName = var.service.name }
  # The first node of the group: the alarms are about size, which all nodes share.
  cache = { CacheClusterId = "${var.cache_id}-001" }
  gib   = 1024 * 1024 * 1024

  alarms = {
    # The face.
    answers-5xx     = { namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", dimensions = local.balancer, stat = "Sum", when = "GreaterThanThreshold", limit = 10, minutes = 5, missing = "notBreaching", what = "The api answered with 5xx more than ten times in five minutes." }
    balancer-5xx    = { namespace = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", dimensions = local.balancer, stat = "Sum", when = "GreaterThanThreshold", limit = 10, minutes = 5, missing = "notBreaching", what = "The load balancer had no api to ask, or got no answer, more than ten times in five minutes." }
    unhealthy-tasks = { namespace = "AWS/ApplicationELB", metric = "UnHealthyHostCount", dimensions = merge(local.balancer, { TargetGroup = var.load_balancer.targets }), stat = "Maximum", when = "GreaterThanThreshold", limit = 0, minutes = 5, missing = "notBreaching", what = "A task of the api has not been ready for five minutes." }
    slow-answers    = { namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", dimensions = local.balancer, stat = "p95", when = "GreaterThanThreshold", limit = 2, minutes = 15, missing = "notBreaching", what = "One of twenty answers took longer than two seconds, for a quarter of an hour." }
    api-memory      = { namespace = "AWS/ECS", metric = "MemoryUtilization", dimensions = local.service, stat = "Maximum", when = "GreaterThanThreshold", limit = 85, minutes = 15, missing = "notBreaching", what = "A task of the api uses more than 85 % of its memory: AUTOML_MODEL_CACHE may be too large for it." }
    # The truth.
    database-cpu         = { namespace = "AWS/RDS", metric = "CPUUtilization", dimensions = local.database, stat = "Average", when = "GreaterThanThreshold", limit = 80, minutes = 15, missing = "breaching", what = "Postgres has been busy for a quarter of an hour." }
    database-storage     = { namespace = "AWS/RDS", metric = "FreeStorageSpace", dimensions = local.database, stat = "Minimum", when = "LessThanThreshold", limit = var.database.storage_gib * local.gib / 10, minutes = 5, missing = "breaching", what = "Less than a tenth of the first size of Postgres' storage is free: it has not grown, or has reached its limit." }
    database-memory      = { namespace = "AWS/RDS", metric = "FreeableMemory", dimensions = local.database, stat = "Minimum", when = "LessThanThreshold", limit = 0.1 * local.gib, minutes = 15, missing = "breaching", what = "Postgres has less than 100 MiB of memory left." }
    database-connections = { namespace = "AWS/RDS", metric = "DatabaseConnections", dimensions = local.database, stat = "Maximum", when = "GreaterThanThreshold", limit = var.database.connections, minutes = 5, missing = "breaching", what = "Postgres has nearly as many connections as it takes." }
    # The bell.
    redis-memory = { namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", dimensions = local.cache, stat = "Maximum", when = "GreaterThanThreshold", limit = 80, minutes = 15, missing = "missing", what = "Redis is nearly full: it will refuse, and pages and tasks go the slower way (docs/operations.md)." }
    redis-cpu    = { namespace = "AWS/ElastiCache", metric = "EngineCPUUtilization", dimensions = local.cache, stat = "Average", when = "GreaterThanThreshold", limit = 80, minutes = 15, missing = "missing", what = "Redis has been busy for a quarter of an hour." }
    # Mail.
    mail-bounces    = { namespace = "AWS/SES", metric = "Reputation.BounceRate", dimensions = {}, stat = "Average", when = "GreaterThanThreshold", limit = 0.04, minutes = 60, missing = "notBreaching", what = "More than 4 % of the account's mail comes back; AWS reviews it from 5 %." }
    mail-complaints = { namespace = "AWS/SES", metric = "Reputation.ComplaintRate", dimensions = {}, stat = "Average", when = "GreaterThanThreshold", limit = 0.0008, minutes = 60, missing = "notBreaching", what = "Nearly one of a thousand mails is called spam; AWS reviews it from 0.1 %." }
    # What the program says of itself (docs/operations.md, "Figures to collect").
    dead-tasks  = { namespace = var.metrics_namespace, metric = "automl_tasks", dimensions = { state = "dead" }, stat = "Maximum", when = "GreaterThanThreshold", limit = 0, minutes = 5, missing = "missing", what = "A task was given up: the administrators' page says which and why." }
    no-database = { namespace = var.metrics_namespace, metric = "automl_database_up", dimensions = { deployment = var.prefix }, stat = "Minimum", when = "LessThanThreshold", limit = 1, minutes = 5, missing = "missing", what = "An api has not reached Postgres for five minutes." }
    silent-api  = { namespace = var.metrics_namespace, metric = "automl_database_up", dimensions = { deployment = var.prefix }, stat = "SampleCount", when = "LessThanThreshold", limit = 1, minutes = 10, missing = "breaching", what = "No api has told its figures for ten minutes: none runs, or the collector beside it does not." }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.prefix}-${each.key}"
  alarm_description   = each.value.what
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = startswith(each.value.stat, "p") ? null : each.value.stat
  extended_statistic  = startswith(each.value.stat, "p") ? each.value.stat : null
  comparison_operator = each.value.when
  threshold           = each.value.limit
  period              = each.value.minutes * 60 / (each.value.minutes > 10 ? 3 : 1)
  evaluation_periods  = each.value.minutes > 10 ? 3 : 1
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# Tasks wait although there are workers, or wait so long that no machine can be had. A queue that starts from none waits for its
# first machine: that is no alarm.
resource "aws_cloudwatch_metric_alarm" "waiting" {
  for_each = toset(var.queues)

  alarm_name          = "${var.prefix}-${each.value}-tasks-wait"
  alarm_description   = "Tasks of the queue ${each.value} have waited for a minute although workers are there, or for half an hour without any."
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  evaluation_periods  = 3
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "waits"
    expression  = "IF((oldest > 60 AND workers > 0) OR oldest > 1800, 1, 0)"
    label       = "Tasks wait too long"
    return_data = true
  }
  metric_query {
    id = "oldest"
    metric {
      namespace   = var.metrics_namespace
      metric_name = "automl_queue_oldest_seconds"
      dimensions  = { queue = each.value }
      period      = 300
      stat        = "Maximum"
    }
  }
  metric_query {
    id = "workers"
    metric {
      namespace   = var.metrics_namespace
      metric_name = "automl_workers"
      dimensions  = { queue = each.value }
      period      = 300
      stat        = "Minimum"
    }
  }
}
