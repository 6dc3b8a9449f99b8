package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.Reply;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.TestExchange;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class A05ForgedIdsTest {
    private static final int FORGED = 200_000;
    private static final long MOST_HEAP_GROWTH = 16L << 20;

    @Test
    void two_hundred_thousand_forged_ids_never_reach_the_store_and_leave_nothing_in_memory() {
        SpyStore store = new SpyStore(new MemoryStore());
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));
        Random random = new Random(5);
        long before = usedHeap();
        for (int i = 0; i < FORGED; i++) {
            new TestExchange("/", Site.cookie(Forgery.wellFormed(random)))
                    .serve(sessions, session -> assertThat(session.isNew()).isTrue());
        }
        assertThat(store.calls()).isEmpty();
        // Remembering each forged id would take at least 30 MB.
        assertThat(usedHeap() - before).isLessThan(MOST_HEAP_GROWTH);
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
    void forged_ids_over_the_wire_cost_no_store_call_and_no_cookie() {
        try (Site site = new Site()) {
            Random random = new Random(6);
            for (int i = 0; i < 300; i++) {
                Forgery.isWorthless(site, Site.cookie(Forgery.wellFormed(random)));
            }
            assertThat(site.heard().names()).hasSize(300).containsOnly("tokenRefused");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 21, 22, 42, 43, 44, 64, 86, 87, 88, 171, 172, 173, 10_000})
    void an_id_of_the_wrong_length_costs_no_store_call(int length) {
        try (Site site = new Site()) {
            Forgery.isWorthless(site, Site.cookie("A".repeat(length)));
            Forgery.isWorthless(site, Site.cookie("A".repeat(length) + "." + "A".repeat(43)));
            Forgery.isWorthless(site, Site.cookie("A".repeat(43) + "." + "A".repeat(length)));
        }
    }

    @Test
    void visitors_without_a_cookie_who_only_read_leave_no_record_and_get_no_cookie() {
        SpyStore store = new SpyStore(new MemoryStore());
        Sessions sessions = Sessions.create(c -> c.secret(Site.SECRET).store(store));
        for (int i = 0; i < 100_000; i++) {
            TestExchange visit = new TestExchange("/").serve(sessions, session -> session.get("a", String.class));
            assertThat(visit.responseHeaders("Set-Cookie")).isEmpty();
        }
        assertThat(store.calls()).isEmpty();
    }

    @Test
    void a_flood_of_anonymous_writes_stays_below_the_ceiling_and_signs_nobody_out() {
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
    void a_store_full_of_signed_in_sessions_refuses_new_ones_with_a_503() {
        MemoryStore full = MemoryStore.builder().maxSessions(2).build();
        try (Site site = new Site(c -> c.store(full))) {
            site.get("/login?alice");
            site.get("/login?bob");
            Reply refused = site.get("/set?x");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isPresent();
            assertThat(refused.cookies()).isEmpty();
            assertThat(full.size()).isEqualTo(2);
        }
    }
}
