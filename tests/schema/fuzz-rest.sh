#!/usr/bin/env bash
# Random requests made from docs/openapi.json, as a running server gives it, by schemathesis: none may be answered with a fault of
# ours, with a status or a type that is not described, or with what the description does not allow. As fuzz.sh, it is for a server
# whose data may go.
set -euo pipefail

: "${BASE_URL:?start it with tests/with-server.sh}" "${TOKEN:?}"
folder=$(dirname "$(realpath "$0")")
# shellcheck source=tests/schema/things.sh
source "$folder/things.sh"
until_ready penguins
model=$(model_of "$(job_of species)")
ask "{\"query\":\"mutation { deployModel(input: {id: \\\"$model\\\"}) { model { id } } }\"}" >/dev/null
upload=$(ask '{"query":"mutation { createUpload(input: {fileName: \"a.csv\", sizeBytes: 1000}) { upload { url } } }"}' | grep -oE '/v1/uploads/[0-9a-f-]+' | cut -d / -f 4)

cd "$(mktemp -d)"
MODEL=$model UPLOAD=$upload PYTHONPATH="$folder" SCHEMATHESIS_HOOKS=rest timeout 120 \
    "$(dirname "${AUTOML_TEST_PYTHON:?}")/schemathesis" run "$BASE_URL/openapi.json" --no-color --warnings off \
    --header "Authorization: Bearer $TOKEN" --seed "${SEED:-20261125}" --max-examples "${EXAMPLES:-60}" \
    --exclude-path /graphql --phases examples,coverage,fuzzing --request-timeout 30 --continue-on-failure \
    --checks not_a_server_error,response_schema_conformance,status_code_conformance,content_type_conformance
