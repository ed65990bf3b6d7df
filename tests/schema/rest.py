"""What schemathesis is told of the REST part: parts of paths that lead to things that are there."""

import os

import schemathesis

THERE = {"/v1/models/{id}/predict": os.environ.get("MODEL"), "/v1/uploads/{id}": os.environ.get("UPLOAD")}


@schemathesis.serializer("application/offset+octet-stream")
def bytes_of_a_file(context, value):
    """The bytes as they are."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Half of the ids, by their first letter, are of the thing that is there."""
    there = THERE.get(context.operation.path)
    if there and path_parameters and ord(str(path_parameters.get("id") or "a")[0]) % 2:
        path_parameters["id"] = there
    return path_parameters
