# The domain as a sender of SES: signed (DKIM), with a bounce domain of its own (SPF), and a policy for receivers (DMARC). A new
# account of AWS may send to verified addresses only, until AWS lifts that on request (README, "First time").

locals {
  address     = "automl@${var.domain}"
  bounce_name = "bounce.${var.domain}"
}

resource "aws_sesv2_email_identity" "this" {
  email_identity         = var.domain
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name

  dkim_signing_attributes {
    next_signing_key_length = "RSA_2048_BIT"
  }
}

resource "aws_sesv2_email_identity_mail_from_attributes" "this" {
  email_identity         = aws_sesv2_email_identity.this.email_identity
  mail_from_domain       = local.bounce_name
  behavior_on_mx_failure = "USE_DEFAULT_VALUE"
}

# It holds for every mail of the identity: the program names none.
resource "aws_sesv2_configuration_set" "this" {
  configuration_set_name = var.prefix

  delivery_options {
    tls_policy = "REQUIRE"
  }
  reputation_options {
    reputation_metrics_enabled = true
  }
  suppression_options {
    suppressed_reasons = ["BOUNCE", "COMPLAINT"]
  }
}

resource "aws_sesv2_configuration_set_event_destination" "complaints" {
  configuration_set_name = aws_sesv2_configuration_set.this.configuration_set_name
  event_destination_name = "complaints"

  event_destination {
    enabled              = true
    matching_event_types = ["COMPLAINT", "REJECT"]
    sns_destination {
      topic_arn = var.topic_id
    }
  }
}

# SES hands out three names.
resource "aws_route53_record" "dkim" {
  count = 3

  zone_id = var.zone_id
  name    = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[count.index]}._domainkey.${var.domain}"
  type    = "CNAME"
  ttl     = 3600
  records = ["${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[count.index]}.dkim.amazonses.com"]
}

resource "aws_route53_record" "bounce" {
  zone_id = var.zone_id
  name    = local.bounce_name
  type    = "MX"
  ttl     = 3600
  records = ["10 feedback-smtp.${var.region}.amazonses.com"]
}

resource "aws_route53_record" "spf" {
  zone_id = var.zone_id
  name    = local.bounce_name
  type    = "TXT"
  ttl     = 3600
  records = ["v=spf1 include:amazonses.com -all"]
}

resource "aws_route53_record" "dmarc" {
  zone_id = var.zone_id
  name    = "_dmarc.${var.domain}"
  type    = "TXT"
  ttl     = 3600
  records = ["v=DMARC1; p=quarantine; rua=mailto:${var.reports}"]
}
