package dev.sojourn.express;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.testing.SessionStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtendWith;

/** The store contract, on connect-pg-simple's table. */
@ExtendWith(SharedServers.class)
abstract class ExpressPostgresContract extends SessionStoreContract {
    abstract DataSource pool();

    @Override
    protected final SessionStore open() throws SQLException {
        try (Connection connection = pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS \"session\"");
        }
        return connect();
    }

    @Override
    protected final SessionStore openAnother(SessionStore first) {
        return connect();
    }

    @Override
    protected final Set<Capability> missingCapabilities() {
        return EnumSet.complementOf(EnumSet.of(Capability.EXPIRED_RECORDS));
    }

    private SessionStore connect() {
        return new WrappingStore(
                ExpressPostgresStore.builder(pool()).createTableIfMissing().build(), VersionDigest.SHA256);
    }
}
