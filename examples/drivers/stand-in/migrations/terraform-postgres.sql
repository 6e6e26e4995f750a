-- As Terraform's provider cyrilgdn/postgresql runs postgresql_role with roles = ["rds_iam"], postgresql_grant_role
-- and postgresql_grant, with names of our own.
BEGIN;
CREATE ROLE "tf_orders" WITH LOGIN NOCREATEDB NOCREATEROLE INHERIT NOREPLICATION CONNECTION LIMIT -1 VALID UNTIL 'infinity';
GRANT "rds_iam" TO "tf_orders";
COMMENT ON ROLE "tf_orders" IS 'Orders service';
COMMIT;
CREATE ROLE "tf_readers" NOLOGIN;
GRANT "tf_readers" TO "tf_orders";
GRANT CONNECT ON DATABASE "postgres" TO "tf_readers";
ALTER DEFAULT PRIVILEGES IN SCHEMA "public" GRANT SELECT ON TABLES TO "tf_readers";
GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "tf_readers";
