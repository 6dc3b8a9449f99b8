package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.MemoryStore;
import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class A22ClockTest {
    private static final Duration TEN = Duration.ofMinutes(10);

    private static void addTimesPage(Site site) {
        site.addPage(
                "/times",
                (session, exchange) -> session.createdAt().toEpochMilli() + " "
                        + session.lastAccessedAt().toEpochMilli() + " "
                        + session.expiresAt().toEpochMilli());
    }

    private static long[] times(Site site, String token) {
        RawResponse response = site.getAs(token, "/times");
        assertThat(response.status()).isEqualTo(200);
        return List.of(response.body().split(" ")).stream()
                .mapToLong(Long::parseLong)
                .toArray();
    }

    @Test
    void a_clock_that_jumps_back_revives_no_ended_session_and_reports_no_future_access() {
        try (Site site = Site.onTwoNodes()) {
            addTimesPage(site);
            String ended = site.startSession("x");
            String expired = site.startSession("y");
            String living = site.startSession("z");
            long expiry = times(site, living)[2];
            site.getAs(ended, "/logout");
            site.clock().advance(Duration.ofMinutes(29));
            site.getAs(living, "/read");
            site.clock().advance(Duration.ofMinutes(1));
            assertThat(site.getAs(expired, "/read").body()).isEqualTo("null");
            site.clock().advance(TEN.negated());
            assertThat(site.getAs(ended, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(expired, "/read").body()).isEqualTo("null");
            long[] after = times(site, living);
            assertThat(after[1]).isLessThanOrEqualTo(site.clock().instant().toEpochMilli());
            assertThat(after[2]).isEqualTo(expiry + Duration.ofMinutes(29).toMillis());
        }
    }

    @Test
    void a_clock_that_jumps_back_extends_a_session_by_at_most_the_jump() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            site.clock().advance(TEN.negated());
            assertThat(site.getAs(token, "/change?y").status()).isEqualTo(200);
            site.clock().advance(TEN.plusMinutes(30));
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_clock_that_jumps_forward_ages_sessions_by_the_jump() {
        try (Site site = Site.onTwoNodes()) {
            String token = site.startSession("x");
            site.clock().advance(TEN);
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
            site.clock().advance(Duration.ofMinutes(30).minusMillis(1));
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void the_last_access_never_decreases_on_nodes_with_different_clocks() {
        SettableClock ahead = new SettableClock();
        SettableClock behind = new SettableClock();
        behind.set(ahead.instant().minus(Duration.ofMinutes(5)));
        SpyStore store = new SpyStore(MemoryStore.builder().clock(ahead).build());
        try (Site fast = new Site(ahead, store, c -> {});
                Site slow = new Site(behind, store, c -> {})) {
            addTimesPage(fast);
            addTimesPage(slow);
            String token = fast.startSession("x");
            long last = times(fast, token)[1];
            long end = times(fast, token)[2];
            for (int i = 0; i < 20; i++) {
                Site node = i % 2 == 0 ? slow : fast;
                assertThat(node.getAs(token, i % 3 == 0 ? "/change?" + i : "/read")
                                .status())
                        .isEqualTo(200);
                ahead.advance(Duration.ofSeconds(90));
                behind.advance(Duration.ofSeconds(90));
                long[] now = times(fast, token);
                assertThat(now[1]).isGreaterThanOrEqualTo(last);
                assertThat(now[2]).isGreaterThanOrEqualTo(end);
                last = now[1];
                end = now[2];
                assertThat(times(slow, token)[1])
                        .isLessThanOrEqualTo(behind.instant().toEpochMilli());
            }
            assertThat(slow.getAs(token, "/read").body()).isEqualTo("18");
        }
    }

    @Test
    void a_session_created_in_the_future_works_and_expires_by_its_own_times() {
        SettableClock ahead = new SettableClock();
        SettableClock behind = new SettableClock();
        behind.set(ahead.instant().minus(Duration.ofMinutes(5)));
        SpyStore store = new SpyStore(MemoryStore.builder().clock(ahead).build());
        try (Site fast = new Site(ahead, store, c -> {});
                Site slow = new Site(behind, store, c -> {})) {
            String token = fast.startSession("x");
            assertThat(slow.getAs(token, "/read").body()).isEqualTo("x");
            assertThat(store.calls()).as("no touch to an earlier time").containsExactly("load");
            behind.advance(Duration.ofMinutes(35));
            assertThat(slow.getAs(token, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_node_with_a_slow_clock_does_not_write_sessions_that_it_only_reads() {
        SettableClock right = new SettableClock();
        SettableClock late = new SettableClock();
        late.set(right.instant().minus(Duration.ofHours(13)));
        FaultyStore store = new FaultyStore(MemoryStore.builder().clock(right).build());
        Sessions sound = Sessions.create(c -> c.secret(Site.SECRET).store(store).clock(right));
        Sessions behind =
                Sessions.create(c -> c.secret(Site.SECRET).store(store).clock(late));
        String token = new TestExchange("/")
                .serve(sound, session -> session.set("a", 1))
                .token();
        store.reset();

        new TestExchange("/", Site.cookie(token))
                .serve(
                        behind,
                        session -> assertThat(session.get("a", Integer.class)).isEqualTo(1));

        assertThat(store.calls()).containsExactly(Call.LOAD);
    }

    @Test
    void a_node_with_a_fast_clock_neither_uses_nor_removes_sessions_expired_by_its_clock() {
        for (Duration wrong : List.of(Duration.ofHours(1), Duration.ofDays(3), Duration.ofDays(3_000))) {
            SettableClock right = new SettableClock();
            SettableClock ahead = new SettableClock();
            ahead.set(right.instant().plus(wrong));
            SpyStore store = new SpyStore(MemoryStore.builder().clock(right).build());
            try (Site sound = new Site(right, store, c -> {});
                    Site fast = new Site(ahead, store, c -> {})) {
                String token = sound.startSession("x");

                RawResponse response = fast.getAs(token, "/read");

                assertThat(response.body()).isEqualTo("null");
                assertThat(response.cookies()).as("no cookie is cleared").isEmpty();
                assertThat(store.calls()).containsExactly("load");
                assertThat(sound.getAs(token, "/read").body()).isEqualTo("x");
            }
        }
    }

    @Test
    void huge_and_negative_durations_are_refused() {
        for (Duration bad : List.of(
                Duration.ofSeconds(Long.MAX_VALUE),
                Duration.ofSeconds(Long.MIN_VALUE),
                Duration.ofDays(3_651),
                Duration.ofMillis(999),
                Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET).idleTimeout(bad)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET).absoluteTimeout(bad)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET)
                            .idleTimeout(Duration.ofHours(1))
                            .touchInterval(bad.isNegative() ? bad : Duration.ofHours(1))));
        }
    }

    @Test
    void a_sessions_own_timeouts_have_the_same_limits() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/bad", (session, exchange) -> {
                for (Duration bad : List.of(
                        Duration.ofSeconds(Long.MAX_VALUE),
                        Duration.ofDays(3_651),
                        Duration.ofMillis(1),
                        Duration.ofSeconds(-1))) {
                    assertThatIllegalArgumentException().isThrownBy(() -> session.idleTimeout(bad));
                    assertThatIllegalArgumentException().isThrownBy(() -> session.absoluteTimeout(bad));
                }
                return "refused";
            });
            assertThat(site.get("/bad").body()).isEqualTo("refused");
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void the_longest_durations_and_the_epoch_work() {
        try (Site site =
                Site.onTwoNodes(c -> c.idleTimeout(Duration.ofDays(3_650)).absoluteTimeout(Duration.ofDays(3_650)))) {
            site.clock().set(Instant.EPOCH);
            String token = site.startSession("x");
            site.clock().advance(Duration.ofDays(3_649));
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
            site.clock().advance(Duration.ofDays(1));
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
        }
    }
}
