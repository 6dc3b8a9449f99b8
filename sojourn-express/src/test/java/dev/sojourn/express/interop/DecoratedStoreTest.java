package dev.sojourn.express.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.express.ExpressPostgresStore;
import dev.sojourn.express.SharedServers;
import dev.sojourn.express.interop.Browser.VisibleResponse;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests that the store determines how versions are derived from records, even if another store wraps it. */
@ExtendWith(SharedServers.class)
class DecoratedStoreTest {
    @Test
    void stored_versions_are_recognized_through_a_forwarding_store() throws Exception {
        FaultyStore store = new FaultyStore(ExpressPostgresStore.builder(SharedServers.pool18())
                .schema("public")
                .createTableIfMissing()
                .build());
        Sessions sessions = Sessions.create(Express.compatible(
                store, e -> e.existingWeakSecret("old secret").insecureHttp()));
        try (JavaApp app = new JavaApp()) {
            app.serve("/decorated/pg", sessions);
            Browser browser = new Browser("/decorated");
            browser.send(app.port(), "pg", new Request("nested", "a", ""));
            store.reset();
            store.failNext(Call.COMPARE_AND_SET, Fault.RESPONSE_LOST);

            VisibleResponse counted = browser.send(app.port(), "pg", new Request("nested", "a", ""));

            assertThat(counted.status()).isEqualTo(200);
            assertThat(store.calls()).containsExactly(Call.LOAD, Call.COMPARE_AND_SET, Call.LOAD);
            VisibleResponse later = browser.send(app.port(), "pg", Request.GET);
            assertThat(later.attributes().at("/a/n").asInt()).isEqualTo(2);
        }
    }
}
