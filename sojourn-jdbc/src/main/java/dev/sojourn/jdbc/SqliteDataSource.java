package dev.sojourn.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A DataSource for a SQLite file, with the settings that sessions need: a write-ahead log, so that readers and the one writer
 * do not wait for each other; a wait of one second for a busy file; and every commit on the disk before it is acknowledged.
 *
 * <pre>{@code
 * SqliteDataSource file = SqliteDataSource.open(Path.of("data/sessions.db"));
 * SessionStore store = JdbcStore.builder(file).createTableIfMissing().build();
 * }</pre>
 *
 * <p>Needs {@code org.xerial:sqlite-jdbc} and {@code com.zaxxer:HikariCP}, which keeps four connections open. The file and its
 * directory are created if they are missing. Only its owner can read a new file. Several processes of one host may open the same
 * file. On a network file system the file would be damaged.
 *
 * <p>Thread-safe. The application closes it, after the store.
 */
public final class SqliteDataSource implements DataSource, AutoCloseable {
    private static final int MAX_CONNECTIONS = 4;
    private static final int BUSY_TIMEOUT_MILLIS = 1_000;
    private static final int POOL_TIMEOUT_MILLIS = 2_000;

    private final HikariDataSource pool;

    private SqliteDataSource(HikariDataSource pool) {
        this.pool = pool;
    }

    /** When a commit is acknowledged; SQLite's {@code synchronous} setting. */
    public enum Synchronous {
        /** When it is on the disk. An acknowledged write survives a power failure. One {@code fsync} for each write. */
        FULL,
        /**
         * When the operating system has it. An acknowledged write survives a {@code kill -9}, but a power failure may lose the
         * last writes: a session that was signed out would be signed in again. The file stays intact. Several times as many writes
         * per second.
         */
        NORMAL
    }

    /**
     * Opens a file with {@link Synchronous#FULL}: a confirmed sign-out is never undone.
     *
     * @param file the database file, created if it is missing
     * @return the open DataSource
     * @throws UncheckedIOException if it cannot be created
     * @throws IllegalStateException if one of the two libraries is missing
     */
    public static SqliteDataSource open(Path file) {
        return open(file, Synchronous.FULL);
    }

    /**
     * Opens a file.
     *
     * @param file the database file, created if it is missing
     * @param synchronous when a commit is acknowledged
     * @return the open DataSource
     * @throws UncheckedIOException if it cannot be created
     * @throws IllegalStateException if one of the two libraries is missing
     */
    public static SqliteDataSource open(Path file, Synchronous synchronous) {
        Path absolute = file.toAbsolutePath();
        create(absolute);
        try {
            HikariConfig config = new HikariConfig();
            config.setPoolName("sojourn-sqlite");
            config.setJdbcUrl("jdbc:sqlite:" + absolute);
            config.setMaximumPoolSize(MAX_CONNECTIONS);
            config.setConnectionTimeout(POOL_TIMEOUT_MILLIS);
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", synchronous.name());
            config.addDataSourceProperty("busy_timeout", String.valueOf(BUSY_TIMEOUT_MILLIS));
            return new SqliteDataSource(new HikariDataSource(config));
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "SqliteDataSource needs com.zaxxer:HikariCP and org.xerial:sqlite-jdbc on the class path", e);
        }
    }

    private static void create(Path file) {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (FileAlreadyExistsException e) {
            // An existing file keeps its permissions.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        return pool.getConnection();
    }

    /** Throws {@link SQLFeatureNotSupportedException}: a file has no users. */
    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("a SQLite file has no users");
    }

    /** Closes the file. SQLite copies the write-ahead log into it. */
    @Override
    public void close() {
        pool.close();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return pool.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return pool.isWrapperFor(type);
    }

    /** Omits the file's path. */
    @Override
    public String toString() {
        return "SqliteDataSource[" + (pool.isClosed() ? "closed" : "open") + "]";
    }
}
