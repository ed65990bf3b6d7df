#!/bin/sh
# Run once by the image of Postgres, over an empty folder: the program's account owns the database and is nothing more
# (docs/operations.md, "The account of the database").
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname automl <<'SQL'
\getenv password ACCOUNT_PASSWORD
CREATE ROLE automl LOGIN PASSWORD :'password';
ALTER DATABASE automl OWNER TO automl;
SQL
