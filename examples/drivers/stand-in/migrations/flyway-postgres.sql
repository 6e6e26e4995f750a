-- A versioned migration of Flyway: a user who may exist, and the role for tokens.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'fw_billing') THEN
        CREATE USER fw_billing WITH LOGIN;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
        GRANT rds_iam TO fw_billing;
    END IF;
END
$$;
CREATE SCHEMA IF NOT EXISTS fw_billing;
GRANT USAGE, CREATE ON SCHEMA fw_billing TO fw_billing;
ALTER ROLE fw_billing SET search_path = fw_billing;
