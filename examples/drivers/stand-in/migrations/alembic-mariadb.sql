-- What op.execute of Alembic runs in one revision: an account of a password becomes one of tokens.
CREATE USER 'al_worker'@'%' IDENTIFIED BY 'not-a-real-password';
ALTER USER 'al_worker'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;
CREATE TABLE mysql.al_revision (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
DROP TABLE mysql.al_revision;
