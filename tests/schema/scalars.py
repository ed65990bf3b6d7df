"""How schemathesis makes values of the schema's own scalars."""

import os

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

DIGITS = 2**53 - 1


# Ids of objects that are there, so that not every question is about nothing.
IDS = [one for one in os.environ.get("IDS", "").split(",") if one]


def json_values():
    """Literals of any JSON value, small."""
    plain = st.one_of(
        st.integers(-DIGITS, DIGITS).map(nodes.Int),
        st.floats(allow_nan=False, allow_infinity=False).map(nodes.Float),
        st.text(max_size=20).map(nodes.String),
        st.booleans().map(nodes.Boolean),
        st.just(nodes.Null),
    )
    return plain


schemathesis.graphql.scalar("Long", st.integers(-DIGITS, DIGITS).map(nodes.Int))
schemathesis.graphql.scalar("JSON", json_values())
schemathesis.graphql.scalar("DateTime", st.datetimes().map(lambda time: nodes.String(time.isoformat() + "Z")))

# The others are texts that are no ids, and ids of objects that are not there.
NOBODY = "am9iOjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"
schemathesis.graphql.scalar("ID", st.one_of(st.sampled_from([*IDS, NOBODY]), st.text(max_size=20)).map(nodes.String))
