# One topic for everything that a person should look at.

resource "aws_sns_topic" "alarms" {
  name              = "${var.prefix}-alarms"
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.address
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

data "aws_iam_policy_document" "alarms" {
  statement {
    sid       = "ServicesOfThisAccount"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]
    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com", "ses.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

# A worker that Batch could not start, or that ended badly. What it worked on goes to another one; why it did is for a person.
resource "aws_cloudwatch_event_rule" "failed_jobs" {
  count = length(var.job_queue_arns) > 0 ? 1 : 0

  name        = "${var.prefix}-failed-workers"
  description = "Jobs of Batch that failed"
  event_pattern = jsonencode({
    source        = ["aws.batch"]
    "detail-type" = ["Batch Job State Change"]
    detail        = { status = ["FAILED"], jobQueue = var.job_queue_arns }
  })
}

resource "aws_cloudwatch_event_target" "failed_jobs" {
  count = length(aws_cloudwatch_event_rule.failed_jobs)

  rule = aws_cloudwatch_event_rule.failed_jobs[0].name
  arn  = aws_sns_topic.alarms.arn
  input_transformer {
    input_paths    = { name = "$.detail.jobName", reason = "$.detail.statusReason", queue = "$.detail.jobQueue" }
    input_template = "\"A worker failed: <name> of <queue>: <reason>\""
  }
}
