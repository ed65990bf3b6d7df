# Run by the task `account` (one_off.tf): makes the program's account of the database, or gives it its password.
# The roots that RDS's certificates are checked against; AWS publishes them here.
wget -q -O /tmp/rds.pem https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
\getenv account ACCOUNT
\getenv password ACCOUNT_PASSWORD
SELECT format('CREATE ROLE %I LOGIN', :'account') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'account') \gexec
SELECT format('ALTER ROLE %I PASSWORD %L', :'account', :'password') \gexec
-- Giving something away needs membership for a moment.
SELECT format('GRANT %I TO CURRENT_USER', :'account') \gexec
SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'account') \gexec
SELECT format('REVOKE %I FROM CURRENT_USER', :'account') \gexec
SQL
echo 'the account is there and owns the database'
