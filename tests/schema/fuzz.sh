#!/usr/bin/env bash
# Random operations made from the schema of a running server, by schemathesis: none may be answered with a fault of ours, or with
# what the schema does not allow. BASE_URL and TOKEN name the server; it is to be one whose data may go.
set -euo pipefail

: "${BASE_URL:?start it with tests/with-server.sh}" "${TOKEN:?}"
folder=$(dirname "$(realpath "$0")")
# What it keeps between runs would make two runs differ.
cd "$(mktemp -d)"
PYTHONPATH="$folder" SCHEMATHESIS_HOOKS=scalars timeout 300 \
    "$(dirname "${AUTOML_TEST_PYTHON:?}")/schemathesis" run "$BASE_URL/graphql" --no-color \
    --header "Authorization: Bearer $TOKEN" --seed "${SEED:-20261125}" --max-examples "${EXAMPLES:-15}" \
    --phases fuzzing,stateful --checks not_a_server_error,response_schema_conformance --request-timeout 30 --continue-on-failure
