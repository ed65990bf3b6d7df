#!/usr/bin/env bash
# Random operations made from the schema of a running server, by schemathesis: none may be answered with a fault of ours, or with
# what the schema does not allow. BASE_URL and TOKEN name the server; it is to be one whose data may go.
set -euo pipefail

: "${BASE_URL:?start it with tests/with-server.sh}" "${TOKEN:?}"
folder=$(dirname "$(realpath "$0")")
ask() { curl -sS --fail-with-body "$BASE_URL/graphql" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d "$1"; }
ids() { grep -oE '"id":"[^"]+"' | cut -d '"' -f 4; }

# A dataset, some jobs and a model to ask about.
dataset=$(ask '{"query":"mutation { createSampleDataset(input: {key: \"penguins\"}) { dataset { id } } }"}' | ids)
for _ in $(seq 100); do
    ask "{\"query\":\"{ node(id: \\\"$dataset\\\") { ... on Dataset { state } } }\"}" | grep -q READY && break
    sleep 0.2
done
jobs=""
for target in species sex body_mass_g; do
    job=$(ask "{\"query\":\"mutation { createJob(input: {datasetId: \\\"$dataset\\\", target: \\\"$target\\\", budgetSeconds: 10}) { job { id } } }\"}" | ids)
    jobs="$jobs,$job"
done
model=""
for _ in $(seq 200); do
    model=$(ask "{\"query\":\"{ node(id: \\\"${jobs##*,}\\\") { ... on Job { model { id } } } }\"}" | ids) && break
    sleep 0.2
done
viewer=$(ask '{"query":"{ viewer { id } }"}' | ids)

# What it keeps between runs would make two runs differ.
cd "$(mktemp -d)"
IDS="$dataset$jobs,$viewer,$model" PYTHONPATH="$folder" SCHEMATHESIS_HOOKS=scalars timeout 300 \
    "$(dirname "${AUTOML_TEST_PYTHON:?}")/schemathesis" run "$BASE_URL/graphql" --no-color --warnings off \
    --header "Authorization: Bearer $TOKEN" --seed "${SEED:-20261125}" --max-examples "${EXAMPLES:-60}" \
    --phases fuzzing,stateful --checks not_a_server_error,response_schema_conformance --request-timeout 30 --continue-on-failure
