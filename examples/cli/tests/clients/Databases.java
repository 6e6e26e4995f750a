// One case over JDBC: Databases.java DRIVER CASE. The database is in the environment, as in run.py.

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

class Databases {
    static final int ROW = 17_000_000;
    static final boolean IS_POSTGRES = "postgres".equals(System.getenv("DB_ENGINE"));

    public static void main(String[] arguments) throws Exception {
        try (Connection connection = connect()) {
            check(connection);
            switch (arguments[1]) {
                case "hold" -> {
                    System.out.println("open");
                    System.in.read();
                    check(connection);
                    try (Connection again = connect()) {
                        check(again);
                    }
                }
                case "cancel" -> cancel(connection);
                case "row" -> row(connection);
                case "load" -> load(connection);
                default -> { }
            }
        }
        System.out.println("ok");
    }

    static Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.put("user", System.getenv("DB_USER"));
        properties.put("password", System.getenv().getOrDefault("DB_PASSWORD", ""));
        properties.put("allowLocalInfile", "true");
        String place = "%s:%s/%s".formatted(
            System.getenv("DB_HOST"), System.getenv("DB_PORT"), System.getenv("DB_NAME"));
        return DriverManager.getConnection(
            "jdbc:" + (IS_POSTGRES ? "postgresql" : "mariadb") + "://" + place, properties);
    }

    static String one(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    static void check(Connection connection) throws SQLException {
        String user = one(connection, IS_POSTGRES
            ? "SELECT current_user" : "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1)");
        expect(user.equals(System.getenv("DB_USER")), user);
    }

    static void cancel(Connection connection) throws Exception {
        long started = System.nanoTime();
        try (var statement = connection.createStatement()) {
            Thread thread = new Thread(() -> {
                try {
                    Thread.sleep(1000);
                    statement.cancel();
                } catch (Exception error) {
                    throw new IllegalStateException(error);
                }
            });
            thread.start();
            try {
                statement.executeQuery(IS_POSTGRES ? "SELECT pg_sleep(30)" : "SELECT SLEEP(30)");
            } catch (SQLException error) {
                expect(error.getMessage().matches("(?s).*(cancel|interrupted).*"), error.getMessage());
            }
            thread.join();
        }
        expect(System.nanoTime() - started < 15_000_000_000L, "the statement was not ended");
        check(connection);
    }

    static void row(Connection connection) throws SQLException {
        expect(one(connection, "SELECT REPEAT('x', " + ROW + ")").length() == ROW, "a large row");
        String mark = IS_POSTGRES ? "?::text" : "?";
        try (var statement = connection.prepareStatement("SELECT LENGTH(" + mark + ")")) {
            statement.setString(1, "y".repeat(ROW));
            var rows = statement.executeQuery();
            rows.next();
            expect(rows.getInt(1) == ROW, "a large parameter");
        }
    }

    static void load(Connection connection) throws Exception {
        int lines = 400_000;
        StringBuilder text = new StringBuilder();
        for (int number = 0; number < lines; number++) {
            text.append(number).append(',').append("x".repeat(40)).append('\n');
        }
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE loaded (number int, text varchar(40))");
            if (IS_POSTGRES) {
                Class<?> base = Class.forName("org.postgresql.PGConnection");
                Object copy = base.getMethod("getCopyAPI").invoke(connection.unwrap(base));
                copy.getClass().getMethod("copyIn", String.class, java.io.Reader.class).invoke(
                    copy, "COPY loaded FROM STDIN WITH (FORMAT csv)", new StringReader(text.toString()));
            } else {
                Path file = Files.createTempFile("load", ".csv");
                Files.writeString(file, text);
                statement.execute(
                    "LOAD DATA LOCAL INFILE '" + file + "' INTO TABLE loaded FIELDS TERMINATED BY ','");
                Files.delete(file);
            }
        }
        expect(one(connection, "SELECT COUNT(*) FROM loaded").equals(String.valueOf(lines)), "rows loaded");
    }

    static void expect(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }
}
