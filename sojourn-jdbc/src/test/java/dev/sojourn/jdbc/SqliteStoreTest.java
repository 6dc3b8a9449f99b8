package dev.sojourn.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends JdbcStoreContract {
    @TempDir
    private static Path folder;

    private static SqliteDataSource one;
    private static SqliteDataSource other;

    @BeforeAll
    static void openTheFileTwice() {
        one = SqliteDataSource.open(folder.resolve("sessions.db"));
        other = SqliteDataSource.open(folder.resolve("sessions.db"));
    }

    @AfterAll
    static void close() {
        one.close();
        other.close();
    }

    @Override
    DataSource dataSource() {
        return one;
    }

    @Override
    DataSource anotherDataSource() {
        return other;
    }
}
