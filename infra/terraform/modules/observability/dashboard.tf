# One page: is it up, is it quick, does the queue move, what is short.

locals {
  # One graph each; `metrics` as CloudWatch's own format has them.
  graphs = [
    { title = "Requests and errors", stat = "Sum", metrics = [
      ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.load_balancer.id],
      [".", "HTTPCode_Target_4XX_Count", ".", "."],
      [".", "HTTPCode_Target_5XX_Count", ".", "."],
    ] },
    { title = "Time to answer, 95 of 100", stat = "p95", metrics = [["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer.id]] },
    { title = "Oldest waiting task, seconds", stat = "Maximum", metrics = [for queue in var.queues : [var.metrics_namespace, "automl_queue_oldest_seconds", "queue", queue]] },
    { title = "Workers", stat = "Maximum", metrics = [for queue in var.queues : [var.metrics_namespace, "automl_workers", "queue", queue]] },
    { title = "Tasks, of the kind that has most", stat = "Maximum", metrics = [for state in ["queued", "running", "dead"] : [var.metrics_namespace, "automl_tasks", "state", state]] },
    { title = "The api's processor and memory, %", stat = "Average", metrics = [
      ["AWS/ECS", "CPUUtilization", "ClusterName", var.service.cluster, "ServiceName", var.service.name],
      [".", "MemoryUtilization", ".", ".", ".", "."],
    ] },
    { title = "Postgres: processor, %, and connections", stat = "Average", metrics = [
      ["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", var.database.id],
      [".", "DatabaseConnections", ".", "."],
    ] },
    { title = "Open sockets", stat = "Sum", metrics = [[var.metrics_namespace, "automl_websockets", "deployment", var.prefix]] },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.prefix
  dashboard_body = jsonencode({
    widgets = [for index, graph in local.graphs : {
      type   = "metric"
      x      = index % 2 * 12
      y      = floor(index / 2) * 6
      width  = 12
      height = 6
      properties = {
        title   = graph.title
        region  = var.region
        stat    = graph.stat
        period  = 60
        metrics = graph.metrics
      }
    }]
  })
}
