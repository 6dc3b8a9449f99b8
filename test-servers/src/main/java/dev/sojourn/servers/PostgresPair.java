package dev.sojourn.servers;

/**
 * PostgreSQL 18 with a synchronous standby: a commit is acknowledged when both have it on disk. Nobody watches them: who
 * kills the primary also promotes the standby. Safe for use by any thread; every method blocks until it is done.
 */
public final class PostgresPair implements AutoCloseable {

    private final PostgresServer primary;
    private final PostgresServer standby;

    private PostgresPair() {
        primary = PostgresServer.durable();
        try {
            standby = primary.synchronousStandby();
        } catch (RuntimeException e) {
            primary.close();
            throw e;
        }
    }

    /**
     * Starts both.
     *
     * @return the pair; its commits wait until the standby follows
     * @throws ServerException when one does not start
     */
    public static PostgresPair start() {
        return new PostgresPair();
    }

    /**
     * Returns the address of whichever is the primary, as JDBC takes it.
     *
     * @return jdbc:postgresql://127.0.0.1:P1,127.0.0.1:P2/postgres?targetServerType=primary, with user and password
     */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + primary.port() + ",127.0.0.1:" + standby.port()
                + "/postgres?targetServerType=primary&user=" + primary.user() + "&password=" + primary.password();
    }

    /** Kills the primary (SIGKILL). It does not come back. */
    public void killPrimary() {
        primary.kill();
    }

    /** Makes the standby the primary, which waits for nobody. */
    public void promote() {
        standby.promote();
    }

    /** Ends both and removes their data. */
    @Override
    public void close() {
        primary.close();
        standby.close();
    }
}
