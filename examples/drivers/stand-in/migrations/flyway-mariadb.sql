-- A versioned migration of Flyway, as the AWS guide creates a user, in two steps.
CREATE USER IF NOT EXISTS fw_billing IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS';
ALTER USER 'fw_billing'@'%' REQUIRE SSL;
CREATE DATABASE fw_billing;
GRANT ALL PRIVILEGES ON fw_billing.* TO 'fw_billing'@'%';
FLUSH PRIVILEGES;
