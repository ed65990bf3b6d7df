#!/usr/bin/env bash
# Random operations made from the schema of a running server, by schemathesis: none may be answered with a fault of ours, or with
# what the schema does not allow. BASE_URL and TOKEN name the server; it is to be one whose data may go.
set -euo pipefail

: "${BASE_URL:?start it with tests/with-server.sh}" "${TOKEN:?}"
folder=$(dirname "$(realpath "$0")")
# shellcheck source=tests/schema/things.sh
source "$folder/things.sh"

# A dataset, some jobs and a model to ask about.
until_ready penguins
jobs=""
for target in species sex body_mass_g; do
    job=$(job_of "$target")
    jobs="$jobs,$job"
done
model=$(model_of "${jobs##*,}")
viewer=$(ask '{"query":"{ viewer { id } }"}' | ids)

# What it keeps between runs would make two runs differ.
cd "$(mktemp -d)"
IDS="$dataset$jobs,$viewer,$model" PYTHONPATH="$folder" SCHEMATHESIS_HOOKS=scalars timeout 600 \
    "$(dirname "${AUTOML_TEST_PYTHON:?}")/schemathesis" run "$BASE_URL/graphql" --no-color --warnings off \
    --header "Authorization: Bearer $TOKEN" --seed "${SEED:-20261125}" --max-examples "${EXAMPLES:-60}" \
    --phases fuzzing,stateful --checks not_a_server_error,response_schema_conformance --request-timeout 30 --continue-on-failure
