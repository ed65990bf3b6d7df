#!/usr/bin/env bash
# Runs one of the tasks that are run by hand, waits for its end, and ends as it did.
#   run-task.sh account                 the program's account of the database (again after a new password)
#   run-task.sh migrate [--down 1]      the changes of the database
set -euo pipefail
cd "$(dirname "$0")"

task=${1:?usage: run-task.sh account|migrate [ARGUMENT…]}
shift
known=$(terraform output -json one_off_tasks)
field() { jq -er --arg name "$1" '.[$name]' <<<"$known"; }

arguments=(--cluster "$(field cluster)" --launch-type FARGATE --task-definition "$(field "$task")" --network-configuration "$(field network)")
if [ $# -gt 0 ]; then
    command=$(jq -cn --arg task "$task" '{containerOverrides: [{name: $task, command: ([$task] + $ARGS.positional)}]}' --args -- "$@")
    arguments+=(--overrides "$command")
fi
started=$(aws ecs run-task "${arguments[@]}" --query 'tasks[0].taskArn' --output text)
echo "started $started" >&2
aws ecs wait tasks-stopped --cluster "$(field cluster)" --tasks "$started"
code=$(aws ecs describe-tasks --cluster "$(field cluster)" --tasks "$started" --query 'tasks[0].containers[0].exitCode' --output text)
[ "$code" = 0 ] || { echo "it ended with $code; its log is in the group of the api, stream $task" >&2; exit 1; }
