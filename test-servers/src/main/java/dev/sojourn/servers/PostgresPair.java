package dev.sojourn.servers;

/**
 * A PostgreSQL 18 primary with a synchronous standby: a commit is acknowledged when both have it on disk. There is no automatic
 * failover: a test that kills the primary also promotes the standby. Safe for use by any thread; every method blocks until it
 * has finished.
 */
public final class PostgresPair implements AutoCloseable {

    private final PostgresServer primary;
    private final PostgresServer standby;

    private PostgresPair() {
        primary = PostgresServer.startDurable();
        try {
            standby = primary.synchronousStandby();
        } catch (RuntimeException e) {
            primary.close();
            throw e;
        }
    }

    /**
     * Starts both servers.
     *
     * @return the pair; its commits wait until the standby follows
     * @throws ServerException if one of them does not start
     */
    public static PostgresPair start() {
        return new PostgresPair();
    }

    /**
     * Returns a JDBC URL that connects to the current primary.
     *
     * @return jdbc:postgresql://127.0.0.1:P1,127.0.0.1:P2/postgres?targetServerType=primary, with user and password
     */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port()
                + "/postgres?targetServerType=primary&user=" + primary.user() + "&password=" + primary.password();
    }

    /** Kills the primary (SIGKILL) permanently. */
    public void killPrimary() {
        primary.kill();
    }

    /** Promotes the standby to a primary without a standby. */
    public void promote() {
        standby.promote();
    }

    /** Ends both servers and removes their data. */
    @Override
    public void close() {
        primary.close();
        standby.close();
    }
}
