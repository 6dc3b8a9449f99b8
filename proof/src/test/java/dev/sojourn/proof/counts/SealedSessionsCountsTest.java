package dev.sojourn.proof.counts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a sealed session costs: store calls and bytes. */
class SealedSessionsCountsTest {
    private final SettableClock clock = new SettableClock();
    private final SpyStore revoked =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    private SealedSite node() {
        Revocations revocations = Revocations.in(revoked, r -> r.clock(clock));
        return new SealedSite(clock, c -> c.revocations(revocations));
    }

    @Test
    void a_request_calls_no_store_while_the_view_of_the_revocations_is_fresh() {
        try (SealedSite site = node()) {
            String text = site.get("/login?alice").token();
            site.getAs(text, "/read");
            revoked.clearCalls();

            for (int i = 0; i < 100; i++) {
                site.getAs(text, "/read");
                site.getAs(text, "/set?" + i);
                site.getAs(text, "/untouched");
                site.get("/set?new");
            }

            assertThat(revoked.calls()).isEmpty();
        }
    }

    @Test
    void a_fresh_view_is_read_by_the_request_that_finds_it_too_old_with_at_most_two_loads() {
        try (SealedSite site = node()) {
            String text = site.get("/login?alice").token();
            site.getAs(text, "/read");
            revoked.clearCalls();
            clock.advance(Duration.ofSeconds(2));

            site.getAs(text, "/read");
            int first = revoked.calls().size();
            site.getAs(text, "/read");

            assertThat(first).isBetween(1, 2);
            assertThat(revoked.calls()).hasSize(first).containsOnly("load");
        }
    }

    @Test
    void a_request_without_a_session_reads_no_revocations() {
        try (SealedSite site = node()) {
            site.get("/read");
            site.getAs("forged", "/read");
            site.get("/set?x");

            assertThat(revoked.calls()).isEmpty();
        }
    }

    @Test
    void the_text_of_an_empty_session_has_at_most_225_bytes_and_that_of_the_lab_seed_345() {
        try (SealedSite site = node()) {
            site.addPage("/begin", (session, exchange) -> {
                session.regenerate();
                return "ok";
            });
            site.addPage("/seed", (session, exchange) -> {
                session.login("alice");
                session.set("user", "alice");
                session.set("theme", "dark");
                session.set("locale", "en_GB");
                session.set("cart", 17);
                return "ok";
            });

            String empty = site.get("/begin").token();
            String seed = site.get("/seed").token();

            assertThat(empty.length()).isBetween(200, 225);
            assertThat(seed.length()).isBetween(empty.length() + 1, 345);
        }
    }

    @Test
    void a_logout_costs_the_calls_of_one_revocation() {
        try (SealedSite site = node()) {
            String text = site.get("/login?alice").token();
            String other = site.get("/login?bob").token();
            site.getAs(text, "/logout");
            site.getAs(other, "/read");
            revoked.clearCalls();

            site.getAs(other, "/logout");

            assertThat(revoked.calls()).hasSizeLessThanOrEqualTo(2).isSubsetOf(List.of("load", "compareAndSet"));
        }
    }
}
