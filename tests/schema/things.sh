# Things to ask about, made in a running server: sourced by fuzz.sh and fuzz-rest.sh.
ask() { curl -sS --fail-with-body "$BASE_URL/graphql" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d "$1"; }
ids() { grep -oE '"id":"[^"]+"' | cut -d '"' -f 4; }

# A sample dataset, read: its id is in $dataset.
until_ready() {
    dataset=$(ask "{\"query\":\"mutation { createSampleDataset(input: {key: \\\"$1\\\"}) { dataset { id } } }\"}" | ids)
    for _ in $(seq 100); do
        ask "{\"query\":\"{ node(id: \\\"$dataset\\\") { ... on Dataset { state } } }\"}" | grep -q READY && break
        sleep 0.2
    done
}

# A job of ten seconds on that dataset, for that target.
job_of() {
    ask "{\"query\":\"mutation { createJob(input: {datasetId: \\\"$dataset\\\", target: \\\"$1\\\", budgetSeconds: 10}) { job { id } } }\"}" | ids
}

# The model of a job, when it has one.
model_of() {
    for _ in $(seq 200); do
        ask "{\"query\":\"{ node(id: \\\"$1\\\") { ... on Job { model { id } } } }\"}" | ids && break
        sleep 0.2
    done
}
