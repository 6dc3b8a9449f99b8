package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.TestExchange;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class A05ForgedIdsTest {
    private static final int FORGED = 200_000;
    private static final long MAX_HEAP_GROWTH = 16L << 20;

    @Test
    void two_hundred_thousand_forged_ids_cost_no_store_call_and_no_memory() {
        SpyStore store = new SpyStore(new MemoryStore());
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));
        Random random = new Random(5);
        long before = usedHeap();
        for (int i = 0; i < FORGED; i++) {
            new TestExchange("/", Site.cookie(ForgedTokens.wellFormed(random)))
                    .serve(sessions, session -> assertThat(session.isNew()).isTrue());
        }
        assertThat(store.calls()).isEmpty();
        // Remembering each forged id would take at least 30 MB.
        assertThat(usedHeap() - before).isLessThan(MAX_HEAP_GROWTH);
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    @Test
    void forged_ids_over_http_cost_no_store_call_and_set_no_cookie() {
        try (Site site = Site.onTwoNodes()) {
            Random random = new Random(6);
            for (int i = 0; i < 300; i++) {
                ForgedTokens.assertNotAccepted(site, Site.cookie(ForgedTokens.wellFormed(random)));
            }
            assertThat(site.listener().names()).hasSize(300).containsOnly("tokenRefused");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 21, 22, 42, 43, 44, 64, 86, 87, 88, 171, 172, 173, 10_000})
    void an_id_of_the_wrong_length_costs_no_store_call(int length) {
        try (Site site = Site.onTwoNodes()) {
            ForgedTokens.assertNotAccepted(site, Site.cookie("A".repeat(length)));
            ForgedTokens.assertNotAccepted(site, Site.cookie("A".repeat(length) + "." + "A".repeat(43)));
            ForgedTokens.assertNotAccepted(site, Site.cookie("A".repeat(43) + "." + "A".repeat(length)));
        }
    }

    @Test
    void reads_without_a_cookie_create_no_record_and_set_no_cookie() {
        SpyStore store = new SpyStore(new MemoryStore());
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));
        for (int i = 0; i < 100_000; i++) {
            TestExchange visit = new TestExchange("/").serve(sessions, session -> session.get("a", String.class));
            assertThat(visit.responseHeaders("Set-Cookie")).isEmpty();
        }
        assertThat(store.calls()).isEmpty();
    }

    @Test
    void a_flood_of_anonymous_writes_stays_below_the_limit_and_ends_no_signed_in_session() {
        MemoryStore store = MemoryStore.builder().maxSessions(500).build();
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));
        String alice = new TestExchange("/")
                .serve(sessions, session -> session.login("alice"))
                .token();
        for (int i = 0; i < 5_000; i++) {
            new TestExchange("/").serve(sessions, session -> session.set("a", 1));
        }
        assertThat(store.size()).isLessThanOrEqualTo(500);
        assertThat(store.evictions()).isGreaterThan(4_000);
        new TestExchange("/", Site.cookie(alice))
                .serve(sessions, session -> assertThat(session.subject()).isEqualTo("alice"));
    }

    @Test
    void a_store_full_of_signed_in_sessions_refuses_new_sessions_with_a_503() {
        MemoryStore full = MemoryStore.builder().maxSessions(2).build();
        try (Site site = Site.onTwoNodes(c -> c.store(full))) {
            site.get("/login?alice");
            site.get("/login?bob");
            RawResponse refused = site.get("/set?x");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isPresent();
            assertThat(refused.cookies()).isEmpty();
            assertThat(full.size()).isEqualTo(2);
        }
    }
}
