package dev.sojourn.jdbc;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.MidMoveStore;
import dev.sojourn.testing.SessionStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The store contract while sessions move from SQLite to another store. */
class MoveFromSqliteTest extends SessionStoreContract {
    @TempDir
    private static Path folder;

    private static SqliteDataSource database;

    private MemoryStore next = new MemoryStore();

    @BeforeAll
    static void openTheFile() {
        database = SqliteDataSource.open(folder.resolve("sessions.db"));
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    protected SessionStore open() throws Exception {
        JdbcStore old = JdbcStore.builder(database).createTableIfMissing().build();
        JdbcStoreContract.empty(database);
        next = new MemoryStore();
        return new MidMoveStore(old, next);
    }

    @Override
    protected SessionStore openAnother(SessionStore first) {
        return new MidMoveStore(JdbcStore.over(database), next);
    }
}
