-- As Terraform's provider petoju/mysql runs mysql_user with auth_plugin = "AWSAuthenticationPlugin" and mysql_grant,
-- with names of our own.
CREATE DATABASE IF NOT EXISTS `tf_shop` CHARACTER SET utf8mb4;
CREATE USER 'tf_orders'@'%' IDENTIFIED WITH AWSAuthenticationPlugin as 'RDS' REQUIRE SSL;
GRANT SELECT, INSERT, UPDATE, DELETE ON `tf_shop`.* TO 'tf_orders'@'%';
ALTER USER 'tf_orders'@'%' REQUIRE SSL;
SHOW GRANTS FOR 'tf_orders'@'%';
