#!/usr/bin/env bash
# with-postgres.sh DEV_SERVICES COMMAND…: runs a command beside a throw-away Postgres server. The command finds its URL in
# AUTOML_TEST_POSTGRES, and nothing of it in the variables that a server of ours would read.
set -euo pipefail

services=$(realpath "${1:?usage: with-postgres.sh DEV_SERVICES COMMAND…}")
shift
work=$(mktemp -d)
# Postgres runs as another account when root starts it.
chmod 711 "$work"
trap 'rm -rf "$work"' EXIT

inside='export AUTOML_TEST_POSTGRES=$AUTOML_DATABASE_URL
unset AUTOML_DATABASE_URL AUTOML_REDIS_URL AUTOML_S3_BUCKET AUTOML_S3_ENDPOINT AUTOML_S3_REGION
exec "$@"'
"$services" --folder "$work/services" --volatile --postgres-port 0 --redis-port 0 --s3-port 0 -- \
    bash -c "$inside" with-postgres "$@"
