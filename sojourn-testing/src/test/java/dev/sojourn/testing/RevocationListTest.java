package dev.sojourn.testing;

import static dev.sojourn.testing.FaultyStore.Call.COMPARE_AND_SET;
import static dev.sojourn.testing.FaultyStore.Call.CREATE;
import static dev.sojourn.testing.FaultyStore.Call.LOAD;
import static dev.sojourn.testing.RevocationNodes.DELAY;
import static dev.sojourn.testing.RevocationNodes.LIFETIME;
import static dev.sojourn.testing.RevocationNodes.accepted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.Sessions;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Revocations on two nodes over one store: what counts when, and what it costs. */
class RevocationListTest {
    /** How many revoked tokens fill a chunk. */
    private static final int FULL = 2_520;

    private final RevocationNodes nodes = new RevocationNodes();
    private final RevocationList node = nodes.node();
    private final RevocationList other = nodes.node();

    // ---- tokens

    @Test
    void a_revoked_token_is_refused_at_once_on_its_node_and_on_the_other_after_the_delay() {
        assertThat(other.isRevoked("a")).isFalse();
        node.revoke("a", nodes.inAnHour());

        assertThat(node.isRevoked("a")).isTrue();
        assertThat(node.isRevoked("b")).isFalse();
        nodes.letViewsGrowOld();
        assertThat(other.isRevoked("a")).isTrue();
        assertThat(other.isRevoked("b")).isFalse();
    }

    @Test
    void the_age_of_a_view_is_measured_by_the_monotonic_clock_if_the_other_is_set_back() {
        assertThat(other.isRevoked("a")).isFalse();
        node.revoke("a", nodes.inAnHour());

        nodes.advanceMonotonic(DELAY.plusMillis(1));
        nodes.clock.advance(Duration.ofMinutes(-1));

        assertThat(other.isRevoked("a")).isTrue();
    }

    @Test
    void the_age_of_a_view_is_measured_by_the_system_clock_if_the_machine_was_suspended() {
        assertThat(other.isRevoked("a")).isFalse();
        node.revoke("a", nodes.inAnHour());

        nodes.clock.advance(DELAY.plusMillis(1));

        assertThat(other.isRevoked("a")).isTrue();
    }

    @Test
    void a_node_that_starts_later_reads_everything_before_it_accepts_anything() {
        nodes.revokeMany(node, "t", FULL + 10);

        RevocationList started = nodes.node();

        assertThat(accepted(started, "t", FULL + 10)).isEmpty();
        assertThat(started.isRevoked("another")).isFalse();
    }

    // ---- users

    @Test
    void a_token_counts_only_with_the_tag_of_the_latest_end_of_all_sessions_of_its_user() {
        assertThat(node.isTagCurrent("alice", null)).isTrue();
        assertThat(node.freshTag("alice")).isNull();

        node.endAll("alice");
        assertThat(node.isTagCurrent("alice", null)).isFalse();
        String first = other.freshTag("alice");
        assertThat(first).hasSize(11);
        assertThat(node.isTagCurrent("alice", first)).isTrue();

        other.endAll("alice");
        assertThat(other.isTagCurrent("alice", first)).isFalse();
        assertThat(node.freshTag("alice")).isEqualTo(other.freshTag("alice")).isNotEqualTo(first);
        assertThat(node.isTagCurrent("alice", first)).isFalse();
        assertThat(node.isTagCurrent("bob", null)).isTrue();
    }

    @Test
    void of_two_ends_the_one_that_was_stored_later_counts_even_if_its_clock_is_behind() {
        SettableClock behind = new SettableClock();
        behind.set(nodes.clock.instant().minusSeconds(30));
        RevocationList slow = nodes.node(behind);
        node.endAll("alice");
        String first = node.freshTag("alice");

        slow.endAll("alice");

        assertThat(slow.isTagCurrent("alice", first)).isFalse();
        assertThat(node.freshTag("alice")).isNotEqualTo(first).isEqualTo(slow.freshTag("alice"));
    }

    @Test
    void a_token_without_a_tag_counts_only_if_it_was_issued_after_the_end() {
        nodes.clock.set(nodes.clock.instant().plusSeconds(1));
        long second = nodes.clock.instant().getEpochSecond();
        node.endAll("alice");

        assertThat(node.isRevokedAt("alice", Instant.ofEpochSecond(second - 60)))
                .isTrue();
        assertThat(node.isRevokedAt("alice", Instant.ofEpochSecond(second))).isTrue();
        assertThat(node.isRevokedAt("alice", Instant.ofEpochSecond(second + 2))).isFalse();
        assertThat(node.isRevokedAt("alice", null)).isTrue();
        assertThat(node.isRevokedAt("bob", null)).isFalse();
    }

    @Test
    void the_end_of_a_users_sessions_is_kept_for_the_longest_lifetime_that_any_node_has_named() {
        SettableClock clock = nodes.clock;
        RevocationList brief = nodes.nodeWithoutLifetime(clock, Duration.ZERO);
        brief.requireLifetime(Duration.ofMinutes(5));
        assertThat(node.isTagCurrent("alice", null)).isTrue();

        brief.endAll("alice");

        nodes.advance(LIFETIME.minusSeconds(1));
        assertThat(node.isTagCurrent("alice", null)).isFalse();
        assertThat(nodes.node().isTagCurrent("alice", null)).isFalse();
    }

    @Test
    void ending_the_sessions_of_a_user_is_refused_if_no_node_has_mounted_any() {
        RevocationList alone = nodes.nodeWithoutLifetime(nodes.clock, Duration.ZERO);

        assertThatThrownBy(() -> alone.endAll("alice"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("c.revocations(...)");
        assertThatThrownBy(() -> alone.endAll("")).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- calls

    @Test
    void a_check_costs_no_call_and_a_refresh_two_however_many_tokens_were_revoked() {
        nodes.revokeMany(node, "t", 2 * FULL + 10);
        assertThat(other.isRevoked("t0")).isTrue();
        nodes.store.reset();

        assertThat(accepted(other, "t", 2 * FULL + 10)).isEmpty();
        assertThat(nodes.store.calls()).isEmpty();

        nodes.letViewsGrowOld();
        assertThat(accepted(other, "t", 2 * FULL + 10)).isEmpty();
        assertThat(nodes.store.calls()).containsExactly(LOAD, LOAD);
    }

    @Test
    void a_view_is_refreshed_once_it_is_half_as_old_as_it_may_be() {
        assertThat(node.isRevoked("a")).isFalse();
        node.revoke("a", nodes.inAnHour());
        nodes.store.reset();

        nodes.advance(DELAY.dividedBy(2));
        assertThat(node.isRevoked("a")).isTrue();
        assertThat(nodes.store.calls()).isEmpty();

        nodes.advance(Duration.ofMillis(1));
        assertThat(node.isRevoked("a")).isTrue();
        assertThat(nodes.store.calls()).containsExactly(LOAD, LOAD);
    }

    @Test
    void the_first_read_creates_the_head_and_the_first_revocation_a_chunk() {
        assertThat(node.isRevoked("a")).isFalse();
        assertThat(nodes.store.calls()).containsExactly(LOAD, CREATE);
        assertThat(other.isRevoked("a")).isFalse();
        assertThat(nodes.store.calls()).containsExactly(LOAD, CREATE, LOAD);
        nodes.store.reset();

        node.revoke("a", nodes.inAnHour());
        assertThat(nodes.store.calls()).containsExactly(LOAD, CREATE, COMPARE_AND_SET);
        nodes.store.reset();

        node.revoke("b", nodes.inAnHour());
        assertThat(nodes.store.calls()).containsExactly(COMPARE_AND_SET);
    }

    @Test
    void a_sign_in_reads_the_list_with_two_loads() {
        node.endAll("alice");
        nodes.store.reset();

        assertThat(node.freshTag("alice")).isNotNull();

        assertThat(nodes.store.calls()).containsExactly(LOAD, LOAD);
    }

    @Test
    void requests_that_find_the_view_too_old_share_one_refresh() {
        node.revoke("a", nodes.inAnHour());
        assertThat(other.isRevoked("a")).isTrue();
        nodes.letViewsGrowOld();
        nodes.store.reset();
        FaultyStore.Hold hold = nodes.store.holdNext(LOAD);
        List<Callable<Boolean>> checks = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            checks.add(() -> other.isRevoked("a"));
        }
        checks.add(() -> {
            hold.awaitCall();
            hold.release();
            return true;
        });

        try (Racers racers = new Racers(8)) {
            assertThat(racers.race(checks)).containsOnly(true);
        }
        assertThat(nodes.store.calls()).containsExactly(LOAD, LOAD);
    }

    @Test
    void while_one_request_refreshes_a_view_that_is_young_enough_the_others_go_on() {
        assertThat(node.isRevoked("a")).isFalse();
        nodes.advance(DELAY.dividedBy(2).plusMillis(1));
        FaultyStore.Hold hold = nodes.store.holdNext(LOAD);

        try (Racers racers = new Racers(2)) {
            assertThat(racers.race(List.of(() -> node.isRevoked("a"), () -> {
                        hold.awaitCall();
                        boolean revoked = node.isRevoked("a");
                        hold.release();
                        return revoked;
                    })))
                    .containsOnly(false);
        }
    }

    // ---- many

    @Test
    void many_threads_on_two_nodes_lose_no_revocation() {
        int each = 800;
        RevocationList one = nodes.nodeInRealTime();
        RevocationList two = nodes.nodeInRealTime();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RevocationList its = i % 2 == 0 ? one : two;
            String prefix = "r" + i + "-";
            tasks.add(() -> {
                nodes.revokeMany(its, prefix, each);
                return accepted(its, prefix, each).isEmpty();
            });
        }
        try (Racers racers = new Racers(8)) {
            assertThat(racers.race(tasks)).containsOnly(true);
        }

        nodes.letViewsGrowOld();
        for (RevocationList its : List.of(one, two, nodes.node())) {
            for (int i = 0; i < 8; i++) {
                assertThat(accepted(its, "r" + i + "-", each)).isEmpty();
            }
        }
    }

    @Test
    void revocations_that_wait_in_one_process_are_appended_together() throws Exception {
        node.revoke("first", nodes.inAnHour());
        nodes.store.reset();
        FaultyStore.Hold hold = nodes.store.holdNext(COMPARE_AND_SET);
        List<Thread> threads = new ArrayList<>();
        threads.add(start(() -> node.revoke("t0", nodes.inAnHour())));
        hold.awaitCall();
        for (int i = 1; i < 20; i++) {
            String id = "t" + i;
            threads.add(start(() -> node.revoke(id, nodes.inAnHour())));
        }
        for (Thread waiting : threads.subList(1, 20)) {
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }

        hold.release();
        for (Thread each : threads) {
            each.join();
        }

        assertThat(accepted(node, "t", 20)).isEmpty();
        assertThat(nodes.store.calls()).containsExactly(COMPARE_AND_SET, COMPARE_AND_SET);
    }

    private static Thread start(Runnable work) {
        Thread thread = new Thread(work);
        thread.start();
        return thread;
    }

    @Test
    void two_nodes_that_end_the_sessions_of_a_user_at_once_agree_on_the_tag() {
        try (Racers racers = new Racers(2)) {
            for (int i = 0; i < 100; i++) {
                String before = node.freshTag("alice");
                racers.race(List.of(() -> end(node), () -> end(other)));

                String tag = node.freshTag("alice");
                assertThat(tag).isNotEqualTo(before).isEqualTo(other.freshTag("alice"));
                assertThat(node.isTagCurrent("alice", before)).isFalse();
                assertThat(other.isTagCurrent("alice", tag)).isTrue();
            }
        }
    }

    private static boolean end(RevocationList node) {
        node.endAll("alice");
        return true;
    }

    @Test
    void a_hundred_thousand_tokens_are_written_read_and_told_apart_from_others() {
        int many = 100_000;
        nodes.revokeMany(node, "t", many);
        nodes.store.reset();

        RevocationList started = nodes.node();
        assertThat(accepted(started, "t", many)).isEmpty();
        assertThat(nodes.store.calls()).hasSize(1 + (many + FULL - 1) / FULL).containsOnly(LOAD);
        assertThat(accepted(started, "u", many)).hasSize(many);
    }

    // ---- time

    @Test
    void entries_whose_tokens_have_ended_leave_the_views_and_the_store() {
        nodes.revokeMany(node, "old", FULL);
        node.endAll("alice", nodes.inAnHour());
        assertThat(other.isRevoked("old0")).isTrue();
        int chunks = nodes.data.keys().size() - 1;

        nodes.advance(Duration.ofHours(1).plusMinutes(1).plusMinutes(5).plusSeconds(2));
        assertThat(other.isRevoked("old0")).isFalse();
        assertThat(other.isTagCurrent("alice", null)).isTrue();
        nodes.revokeMany(node, "new", FULL);

        assertThat(accepted(node, "new", FULL)).isEmpty();
        nodes.letViewsGrowOld();
        assertThat(accepted(other, "new", FULL)).isEmpty();
        assertThat(nodes.data.keys().subList(1, chunks))
                .allSatisfy(key -> assertThat(nodes.data.load(key))
                        .as("a chunk that has ended is removed")
                        .isEmpty());
    }

    @Test
    void a_token_stays_revoked_until_a_minute_after_its_end() {
        node.revoke("a", nodes.clock.instant().plusSeconds(10));

        nodes.advance(Duration.ofSeconds(69));

        assertThat(node.isRevoked("a")).isTrue();
        assertThat(nodes.node().isRevoked("a")).isTrue();
    }

    @Test
    void a_clock_that_was_ahead_and_is_set_back_brings_no_token_back() {
        node.revoke("a", nodes.inAnHour());
        SettableClock ahead = new SettableClock();
        ahead.set(nodes.clock.instant().plus(Duration.ofDays(1)));
        RevocationList wrong = nodes.node(ahead);
        assertThat(wrong.isRevoked("another")).isFalse();

        ahead.set(nodes.clock.instant());
        nodes.letViewsGrowOld();

        assertThat(wrong.isRevoked("a")).isTrue();
    }

    @Test
    void a_node_whose_clock_is_behind_ends_sessions_for_as_long_as_any_other() {
        SettableClock behind = new SettableClock();
        behind.set(nodes.clock.instant().minus(Duration.ofDays(30)));
        RevocationList wrong = nodes.node(behind);

        wrong.endAll("alice");

        nodes.advance(LIFETIME.minusSeconds(1));
        assertThat(node.isTagCurrent("alice", null)).isFalse();
    }

    @Test
    void a_node_whose_clock_is_ahead_removes_nothing_that_others_need() {
        nodes.revokeMany(node, "t", FULL + 1);
        SettableClock ahead = new SettableClock();
        ahead.set(nodes.clock.instant().plus(Duration.ofDays(30)));
        RevocationList wrong = nodes.node(ahead);

        nodes.revokeMany(wrong, "u", FULL);

        assertThat(accepted(nodes.node(), "t", FULL + 1)).isEmpty();
    }

    // ---- other data in the store

    @Test
    void a_sweep_of_sessions_in_the_same_store_removes_nothing_of_the_list() {
        nodes.revokeMany(node, "t", FULL + 1);
        Sessions sessions =
                Sessions.create(c -> c.secret("the secret of these tests, which no application would use 4711")
                        .clock(nodes.clock)
                        .store(nodes.store));

        sessions.sweep(1_000);

        assertThat(accepted(nodes.node(), "t", FULL + 1)).isEmpty();
    }

    @Test
    void the_records_of_the_list_are_no_sessions() {
        node.revoke("a", nodes.inAnHour());

        assertThat(nodes.data.keys())
                .hasSize(2)
                .allSatisfy(key -> assertThatThrownBy(() -> Sessions.recordFormat()
                                .read(nodes.data.load(key).orElseThrow()))
                        .isInstanceOf(UnreadableRecordException.class));
    }

    @Test
    void other_data_under_the_key_of_the_list_is_a_503_that_says_what_to_do() {
        node.revoke("a", nodes.inAnHour());
        StoredSession head = nodes.data.load(nodes.data.keys().get(0)).orElseThrow();
        byte[] foreign = "{\"format\":1}".getBytes(StandardCharsets.UTF_8);
        nodes.data.compareAndSet(
                nodes.data.keys().get(0), head.version(), new StoredSession(foreign, 7, head.expiresAt(), null));

        nodes.letViewsGrowOld();

        assertThatThrownBy(() -> node.isRevoked("a"))
                .isInstanceOf(SessionUnavailableException.class)
                .hasMessageContaining("prefix or table of their own");
        assertThat(node.health().problem())
                .hasValueSatisfying(problem -> assertThat(problem).contains("prefix or table of their own"));
    }

    @Test
    void a_list_knows_whether_it_is_kept_in_the_store_of_sessions() {
        assertThat(node.uses(nodes.store)).isTrue();
        assertThat(node.uses(new FaultyStore(nodes.store))).isTrue();
        assertThat(node.uses(new FaultyStore())).isFalse();
    }

    @Test
    void tokens_without_an_end_are_refused_at_start_up() {
        for (Duration endless : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(3_651))) {
            assertThatThrownBy(() -> node.requireLifetime(endless))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("set an absoluteTimeout");
        }
    }
}
