output "scaling_settings" {
  description = "What the api is told of workers (docs/scaling.md), by the names that it reads."
  value = merge({ AUTOML_SCALING = var.form }, [for name, queue in var.queues : merge(
    {
      "AUTOML_SCALING_${upper(name)}_MIN"   = tostring(queue.min_workers)
      "AUTOML_SCALING_${upper(name)}_MAX"   = tostring(queue.max_workers)
      "AUTOML_SCALING_${upper(name)}_SLOTS" = tostring(queue.slots)
    },
    var.form != "batch" ? {} : {
      "AUTOML_SCALING_${upper(name)}_JOB_QUEUE" = aws_batch_job_queue.this[name].name
      # Without a revision: the newest.
      "AUTOML_SCALING_${upper(name)}_JOB_DEFINITION" = aws_batch_job_definition.this[name].name
    },
    var.form != "group" ? {} : {
      "AUTOML_SCALING_${upper(name)}_GROUP" = aws_autoscaling_group.this[name].name
    },
  )]...)
}

output "scaling_permissions" {
  description = "What the api may do to start and end workers, as docs/scaling.md lists it."
  # Chosen by name: two lists of unlike length are no two sides of a condition.
  value = {
    batch = [
      {
        sid     = "StartWorkers"
        actions = ["batch:SubmitJob"]
        resources = concat(
          [for queue in aws_batch_job_queue.this : queue.arn],
          # Of any revision, and without one.
          flatten([for definition in aws_batch_job_definition.this : [definition.arn_prefix, "${definition.arn_prefix}:*"]]),
        )
      },
      {
        sid       = "CallOffWorkers"
        actions   = ["batch:CancelJob"]
        resources = ["arn:aws:batch:${var.region}:${var.account_id}:job/*"]
      },
      # AWS knows no resource for it.
      { sid = "SeeWorkers", actions = ["batch:ListJobs"], resources = ["*"] },
    ]
    group = [
      {
        sid       = "StartAndEndWorkers"
        actions   = ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"]
        resources = [for group in aws_autoscaling_group.this : group.arn]
      },
      # AWS knows no resource for it.
      { sid = "SeeWorkers", actions = ["autoscaling:DescribeAutoScalingGroups"], resources = ["*"] },
    ]
  }[var.form]
}

output "job_queue_arns" {
  description = "Queues of Batch, for alarms."
  value       = [for queue in aws_batch_job_queue.this : queue.arn]
}
