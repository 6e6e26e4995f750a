--liquibase formatted sql
--changeset platform:create-iam-users
-- A group for tokens, from which its members inherit rds_iam.
CREATE ROLE lb_services NOLOGIN IN ROLE rds_iam;
CREATE USER lb_reports IN ROLE lb_services;
GRANT pg_read_all_data TO lb_services;
--rollback DROP USER lb_reports; DROP ROLE lb_services;
