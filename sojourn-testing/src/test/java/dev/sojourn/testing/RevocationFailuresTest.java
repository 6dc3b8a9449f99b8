package dev.sojourn.testing;

import static dev.sojourn.testing.RevocationNodes.DELAY;
import static dev.sojourn.testing.RevocationNodes.accepted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Revocations while the store hangs, loses answers, is cut off, or loses data. */
class RevocationFailuresTest {
    private static final int FULL = 2_520;

    private final RevocationNodes nodes = new RevocationNodes();
    private final RevocationList node = nodes.node();
    private final RevocationList other = nodes.node();

    private static void assertUnavailable(RevocationList node) {
        assertThatThrownBy(() -> node.isRevoked("any")).isInstanceOfSatisfying(SessionUnavailableException.class, e -> {
            assertThat(e.status()).isEqualTo(503);
            assertThat(e.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
        });
        assertThatThrownBy(() -> node.isTagCurrent("alice", null)).isInstanceOf(SessionUnavailableException.class);
        assertThatThrownBy(() -> node.isRevokedAt("alice", null)).isInstanceOf(SessionUnavailableException.class);
    }

    // ---- lost answers

    @ParameterizedTest
    @CsvSource({
        "CREATE, RESPONSE_LOST, 0",
        "CREATE, REQUEST_LOST, 0",
        "COMPARE_AND_SET, RESPONSE_LOST, 0",
        "COMPARE_AND_SET, REQUEST_LOST, 0",
        "COMPARE_AND_SET, RESPONSE_LOST, 10",
        "COMPARE_AND_SET, REQUEST_LOST, 10",
        "COMPARE_AND_SET, RESPONSE_LOST, 2520",
        "COMPARE_AND_SET, REQUEST_LOST, 2520",
        "CREATE, RESPONSE_LOST, 2520",
        "CREATE, REQUEST_LOST, 2520"
    })
    void a_revocation_whose_answer_was_lost_is_repeated(Call call, Fault fault, int before) {
        assertThat(node.isRevoked("a")).isFalse();
        nodes.revokeMany(node, "t", before);
        nodes.store.failNext(call, fault);

        node.revoke("a", nodes.inAnHour());
        node.endAll("alice");

        assertThat(nodes.events.failures).isNotEmpty();
        nodes.letViewsGrowOld();
        for (RevocationList its : List.of(node, other)) {
            assertThat(its.isRevoked("a")).isTrue();
            assertThat(its.isTagCurrent("alice", null)).isFalse();
            assertThat(accepted(its, "t", before)).isEmpty();
        }
        assertThat(node.freshTag("alice")).isEqualTo(other.freshTag("alice"));
    }

    @Test
    void a_revocation_that_the_store_refuses_fails_and_can_be_repeated() {
        assertThat(node.isRevoked("a")).isFalse();
        nodes.store.failAll();
        assertThatThrownBy(() -> node.revoke("a", nodes.inAnHour()))
                .isInstanceOfSatisfying(
                        SessionUnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.STORE_UNAVAILABLE));
        assertThatThrownBy(() -> node.endAll("alice")).isInstanceOf(SessionUnavailableException.class);

        nodes.store.reset();
        node.revoke("a", nodes.inAnHour());

        assertThat(node.isRevoked("a")).isTrue();
    }

    @Test
    void a_revocation_whose_answers_are_all_lost_fails_with_an_unknown_outcome() {
        assertThat(node.isRevoked("a")).isFalse();
        RevocationList deaf = nodes.nodeOver(new ForwardingStore() {
            @Override
            protected SessionStore store() {
                return nodes.data;
            }

            @Override
            public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
                throw StoreException.unknown("the answer was lost", null);
            }
        });

        assertThatThrownBy(() -> deaf.revoke("a", nodes.inAnHour()))
                .isInstanceOfSatisfying(
                        SessionUnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.OUTCOME_UNKNOWN));
    }

    // ---- a store that is cut off

    @Test
    void once_the_view_is_older_than_the_delay_and_the_store_is_unavailable_nothing_is_accepted() {
        assertThat(node.isRevoked("a")).isFalse();
        nodes.store.failAll();

        nodes.advance(DELAY);
        assertThat(node.isRevoked("a")).isFalse();
        nodes.advance(Duration.ofMillis(1));
        assertUnavailable(node);
        assertThat(node.health().up()).isFalse();
        assertThat(nodes.events.ages).isEmpty();

        nodes.store.reset();
        assertThat(node.isRevoked("a")).isFalse();
        assertThat(node.health().up()).isTrue();
    }

    @Test
    void a_node_that_starts_without_the_store_accepts_nothing() {
        nodes.store.failAll();
        RevocationList tolerant = nodes.node(nodes.clock, Duration.ofHours(1));

        assertUnavailable(tolerant);
        assertThat(tolerant.health().problem()).isPresent();
        assertThatThrownBy(() -> tolerant.freshTag("alice")).isInstanceOf(SessionUnavailableException.class);
    }

    @Test
    void with_acceptWhileUnavailable_sessions_are_accepted_for_that_long_and_the_listener_is_notified() {
        RevocationList tolerant = nodes.node(nodes.clock, Duration.ofMinutes(10));
        tolerant.revoke("a", nodes.inAnHour());
        assertThat(tolerant.isRevoked("a")).isTrue();
        nodes.store.failAll();

        nodes.letViewsGrowOld();
        assertThat(tolerant.isRevoked("a")).isTrue();
        assertThat(tolerant.isRevoked("b")).isFalse();
        assertThat(nodes.events.ages).hasSize(1);
        assertThat(nodes.events.ages.get(0)).isGreaterThan(DELAY).isLessThan(Duration.ofMinutes(1));

        nodes.advance(Duration.ofMinutes(10));
        assertUnavailable(tolerant);

        nodes.store.reset();
        assertThat(tolerant.isRevoked("b")).isFalse();
    }

    @Test
    void with_acceptWhileUnavailable_a_store_that_responds_is_read_as_ever() {
        RevocationList tolerant = nodes.node(nodes.clock, Duration.ofMinutes(10));
        assertThat(tolerant.isRevoked("a")).isFalse();
        node.revoke("a", nodes.inAnHour());

        nodes.letViewsGrowOld();

        assertThat(tolerant.isRevoked("a")).isTrue();
        assertThat(nodes.events.ages).isEmpty();
    }

    @Test
    void a_refresh_ahead_that_fails_does_no_harm_and_is_not_repeated_by_every_request() {
        assertThat(node.isRevoked("a")).isFalse();
        nodes.advance(DELAY.dividedBy(2).plusMillis(1));
        nodes.store.reset();
        nodes.store.failAll();

        for (int i = 0; i < 100; i++) {
            assertThat(node.isRevoked("a")).isFalse();
        }

        assertThat(nodes.store.calls()).hasSize(1);
    }

    // ---- a store that hangs

    @Test
    void while_the_store_hangs_a_request_that_needs_a_younger_view_fails_and_the_next_at_once() throws Exception {
        assertThat(node.isRevoked("a")).isFalse();
        nodes.letViewsGrowOld();
        FaultyStore.Hold hold = nodes.store.holdNext(Call.LOAD);

        try (Racers racers = new Racers(2)) {
            List<Boolean> results = racers.race(List.of(() -> node.isRevoked("a"), () -> {
                hold.awaitCall();
                nodes.advance(Duration.ofMillis(1_001));
                for (int i = 0; i < 10; i++) {
                    assertUnavailable(node);
                }
                hold.release();
                return false;
            }));
            assertThat(results).containsOnly(false);
        }
        assertThat(node.isRevoked("a")).isFalse();
    }

    @Test
    void a_refresh_that_never_returns_is_given_up_after_five_seconds() {
        assertThat(node.isRevoked("a")).isFalse();
        nodes.letViewsGrowOld();
        other.revoke("a", nodes.inAnHour());
        FaultyStore.Hold hold = nodes.store.holdNext(Call.LOAD);

        try (Racers racers = new Racers(2)) {
            List<Boolean> results = racers.race(List.of(() -> node.isRevoked("a"), () -> {
                hold.awaitCall();
                nodes.advance(Duration.ofMillis(5_001));
                boolean revoked = node.isRevoked("a");
                hold.release();
                return revoked;
            }));
            assertThat(results).containsOnly(true);
        }
    }

    @Test
    void with_acceptWhileUnavailable_a_refresh_that_never_returns_is_given_up_too() {
        RevocationList tolerant = nodes.node(nodes.clock, Duration.ofHours(1));
        assertThat(tolerant.isRevoked("a")).isFalse();
        other.revoke("a", nodes.inAnHour());
        nodes.store.failAll();
        nodes.letViewsGrowOld();
        assertThat(tolerant.isRevoked("a")).isFalse();
        nodes.store.reset();
        nodes.letViewsGrowOld();
        FaultyStore.Hold hold = nodes.store.holdNext(Call.LOAD);

        try (Racers racers = new Racers(2)) {
            List<Boolean> results = racers.race(List.of(() -> tolerant.isRevoked("a"), () -> {
                hold.awaitCall();
                boolean whileItHangs = tolerant.isRevoked("a");
                nodes.advance(Duration.ofMillis(5_001));
                boolean afterwards = tolerant.isRevoked("a");
                hold.release();
                return !whileItHangs && afterwards;
            }));
            assertThat(results).containsOnly(true);
        }
    }

    @Test
    void a_revocation_does_not_wait_for_another_one_that_hangs() {
        node.revoke("first", nodes.inAnHour());
        FaultyStore.Hold hold = nodes.store.holdNext(Call.COMPARE_AND_SET);

        try (Racers racers = new Racers(2)) {
            racers.race(List.of(
                    () -> {
                        node.revoke("a", nodes.inAnHour());
                        return true;
                    },
                    () -> {
                        hold.awaitCall();
                        node.revoke("b", nodes.inAnHour());
                        hold.release();
                        return true;
                    }));
        }
        nodes.letViewsGrowOld();
        for (String id : List.of("first", "a", "b")) {
            assertThat(node.isRevoked(id)).isTrue();
            assertThat(other.isRevoked(id)).isTrue();
        }
    }

    // ---- a store that loses data

    @Test
    void a_store_that_lost_everything_gets_back_what_the_nodes_know() {
        nodes.revokeMany(node, "t", FULL + 10);
        node.endAll("alice");
        String tag = node.freshTag("alice");
        nodes.data.clear();

        nodes.letViewsGrowOld();
        assertThat(accepted(node, "t", FULL + 10)).isEmpty();
        assertThat(node.isTagCurrent("alice", null)).isFalse();

        RevocationList started = nodes.node();
        assertThat(accepted(started, "t", FULL + 10)).isEmpty();
        assertThat(started.isTagCurrent("alice", tag)).isTrue();
        assertThat(started.isTagCurrent("alice", null)).isFalse();
        nodes.letViewsGrowOld();
        assertThat(accepted(other, "t", FULL + 10)).isEmpty();
    }

    @Test
    void two_nodes_that_notice_a_loss_both_write_back_what_only_they_know() {
        node.revoke("a", nodes.inAnHour());
        other.revoke("b", nodes.inAnHour());
        assertThat(node.isRevoked("a")).isTrue();
        nodes.data.clear();

        nodes.letViewsGrowOld();
        assertThat(node.isRevoked("a")).isTrue();
        assertThat(other.isRevoked("b")).isTrue();
        nodes.letViewsGrowOld();
        for (RevocationList its : List.of(node, other, nodes.node())) {
            assertThat(its.isRevoked("a")).isTrue();
            assertThat(its.isRevoked("b")).isTrue();
        }
    }

    @Test
    void a_store_that_lost_the_head_gets_back_what_the_nodes_know() {
        nodes.revokeMany(node, "t", FULL + 10);
        nodes.data.lose(nodes.data.keys().get(0));

        nodes.letViewsGrowOld();
        assertThat(accepted(node, "t", FULL + 10)).isEmpty();
        assertThat(accepted(nodes.node(), "t", FULL + 10)).isEmpty();
    }

    @Test
    void a_store_that_lost_the_last_chunk_gets_back_what_the_nodes_know() {
        nodes.revokeMany(node, "t", 10);
        nodes.data.lose(nodes.data.keys().get(1));

        nodes.letViewsGrowOld();
        assertThat(accepted(node, "t", 10)).isEmpty();
        assertThat(accepted(nodes.node(), "t", 10)).isEmpty();
    }

    @Test
    void a_store_that_lost_the_last_chunk_gets_it_back_with_the_next_revocation() {
        nodes.revokeMany(node, "t", 10);
        nodes.data.lose(nodes.data.keys().get(1));

        node.revoke("a", nodes.inAnHour());
        nodes.letViewsGrowOld();
        assertThat(node.isRevoked("a")).isTrue();

        RevocationList started = nodes.node();
        assertThat(started.isRevoked("a")).isTrue();
        assertThat(accepted(started, "t", 10)).isEmpty();
    }

    @Test
    void a_chunk_that_only_a_node_with_an_older_view_knows_is_written_back_once_another_node_misses_it() {
        nodes.revokeMany(node, "t", FULL + 10);
        nodes.data.lose(nodes.data.keys().get(1));

        RevocationList started = nodes.node();
        assertThat(started.isRevoked("another")).isFalse();
        nodes.letViewsGrowOld();
        assertThat(accepted(node, "t", FULL + 10)).isEmpty();
        nodes.letViewsGrowOld();

        assertThat(accepted(started, "t", FULL + 10)).isEmpty();
    }

    @Test
    void a_failover_that_loses_the_last_writes_loses_no_revocation_that_a_node_knows() {
        node.revoke("a", nodes.inAnHour());
        MemoryStore replica = nodes.data.copy();
        node.revoke("b", nodes.inAnHour());
        node.endAll("alice");
        nodes.data.returnTo(replica);

        nodes.letViewsGrowOld();
        assertThat(node.isRevoked("b")).isTrue();
        RevocationList started = nodes.node();
        assertThat(started.isRevoked("a")).isTrue();
        assertThat(started.isRevoked("b")).isTrue();
        assertThat(started.isTagCurrent("alice", null)).isFalse();
    }

    @Test
    void a_failover_that_loses_a_write_which_another_node_then_replaces_is_noticed() {
        node.revoke("a", nodes.inAnHour());
        MemoryStore replica = nodes.data.copy();
        node.revoke("b", nodes.inAnHour());
        nodes.data.returnTo(replica);
        other.revoke("c", nodes.inAnHour());

        nodes.letViewsGrowOld();
        assertThat(node.isRevoked("b")).isTrue();
        RevocationList started = nodes.node();
        for (String id : List.of("a", "b", "c")) {
            assertThat(started.isRevoked(id)).as(id).isTrue();
        }
    }

    @Test
    void a_failover_that_loses_writes_which_another_node_then_fills_the_chunk_with_is_noticed() {
        node.revoke("a", nodes.inAnHour());
        MemoryStore replica = nodes.data.copy();
        node.revoke("b", nodes.inAnHour());
        nodes.data.returnTo(replica);
        nodes.revokeMany(other, "t", FULL + 1);

        nodes.letViewsGrowOld();
        assertThat(node.isRevoked("b")).isTrue();
        assertThat(nodes.node().isRevoked("b")).isTrue();
    }

    @Test
    void a_failover_that_loses_the_beginning_of_a_chunk_is_noticed() {
        nodes.revokeMany(node, "t", FULL);
        MemoryStore replica = nodes.data.copy();
        nodes.revokeMany(node, "u", 10);
        nodes.data.returnTo(replica);

        nodes.letViewsGrowOld();
        assertThat(accepted(node, "u", 10)).isEmpty();
        RevocationList started = nodes.node();
        assertThat(accepted(started, "t", FULL)).isEmpty();
        assertThat(accepted(started, "u", 10)).isEmpty();
    }

    @Test
    void a_loss_that_cannot_be_made_good_at_once_is_made_good_later() {
        node.revoke("a", nodes.inAnHour());
        nodes.data.clear();
        nodes.letViewsGrowOld();
        nodes.store.failNext(Call.COMPARE_AND_SET, Fault.NOT_DONE);

        assertThat(node.isRevoked("a")).isTrue();
        nodes.letViewsGrowOld();
        assertThat(node.isRevoked("a")).isTrue();

        assertThat(nodes.node().isRevoked("a")).isTrue();
    }
}
