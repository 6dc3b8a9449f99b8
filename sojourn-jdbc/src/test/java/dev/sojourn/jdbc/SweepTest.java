package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Fixtures.NOW;
import static dev.sojourn.jdbc.Fixtures.key;
import static dev.sojourn.jdbc.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.UserIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests sweeps that the contract does not cover: large tables, dead nodes, wrong clocks, and the store's own rows. */
class SweepTest {
    private static final Instant EXPIRED_BEFORE = NOW.minusSeconds(600);
    private static final Duration CLAIM = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private SqliteDataSource file;
    private JdbcStore store;
    private ExpirySweep sweep;

    @BeforeEach
    void open() {
        file = SqliteDataSource.open(folder.resolve("sessions.db"), SqliteDataSource.Synchronous.NORMAL);
        store = JdbcStore.builder(file).createTableIfMissing().build();
        sweep = store.expirySweep().orElseThrow();
    }

    @AfterEach
    void close() {
        file.close();
    }

    private StoreKey createExpired() {
        StoreKey key = key();
        assertThat(store.create(key, session(1, EXPIRED_BEFORE.minusSeconds(1), null)))
                .isTrue();
        return key;
    }

    private int sweepBefore(Instant time) {
        return sweep.sweep(time, 100, (key, session) -> {});
    }

    @Test
    void sweeps_scan_a_large_table_in_slices_and_miss_no_expired_record() {
        Set<StoreKey> expired = new HashSet<>();
        for (int i = 0; i < 4_500; i++) {
            if (i % 15 == 0) {
                expired.add(createExpired());
            } else {
                store.create(key(), session(i));
            }
        }
        List<StoreKey> reported = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();

        // Five slices of 1,000, and one more because the first may begin anywhere.
        for (int call = 0; call < 6; call++) {
            counts.add(sweep.sweep(EXPIRED_BEFORE, 100, (key, session) -> reported.add(key)));
        }

        assertThat(reported).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expired);
        assertThat(counts.get(0)).as("one slice, not the table").isBetween(1, 200);
        assertThat(SharedServers.query(
                        file, "SELECT count(*) FROM sojourn_session WHERE session_key NOT LIKE 'sweep:%'"))
                .containsExactly("4200");
    }

    @Test
    void the_claim_of_a_dead_node_expires() {
        StoreKey key = createExpired();
        claimAsAnotherNode(EXPIRED_BEFORE.plus(CLAIM));

        assertThat(sweepBefore(EXPIRED_BEFORE)).isZero();
        assertThat(sweepBefore(EXPIRED_BEFORE.plus(CLAIM).minusMillis(1))).isZero();
        assertThat(store.load(key)).isPresent();

        assertThat(sweepBefore(EXPIRED_BEFORE.plus(CLAIM))).isEqualTo(1);
    }

    @Test
    void a_claim_of_a_node_with_a_clock_far_ahead_blocks_no_node() {
        createExpired();
        claimAsAnotherNode(EXPIRED_BEFORE.plus(Duration.ofDays(365)));

        assertThat(sweepBefore(EXPIRED_BEFORE)).isEqualTo(1);
    }

    /** Takes the claim like a node that is killed during a sweep. */
    private void claimAsAnotherNode(Instant until) {
        sweepBefore(EXPIRED_BEFORE.minus(Duration.ofDays(1)));
        SharedServers.execute(
                file,
                "UPDATE sojourn_session SET version = 42, expires_at = " + until.toEpochMilli()
                        + " WHERE session_key = 'sweep:'");
    }

    @Test
    void a_sweep_releases_its_claim_even_if_a_listener_fails() {
        createExpired();
        assertThatThrownBy(() -> sweep.sweep(EXPIRED_BEFORE, 10, (key, session) -> {
                    throw new IllegalStateException("the listener fails");
                }))
                .isInstanceOf(IllegalStateException.class);

        ExpirySweep otherNode = JdbcStore.over(file).expirySweep().orElseThrow();
        assertThat(otherNode.sweep(EXPIRED_BEFORE, 10, (key, session) -> {})).isEqualTo(1);
    }

    @Test
    void a_listener_that_fails_on_one_record_does_not_block_the_other_records() {
        StoreKey rejected = createExpired();
        for (int i = 0; i < 20; i++) {
            createExpired();
        }
        for (int call = 0; call < 3; call++) {
            try {
                sweep.sweep(EXPIRED_BEFORE, 100, (key, session) -> {
                    if (key.equals(rejected)) {
                        throw new IllegalStateException("the listener rejects this record");
                    }
                });
            } catch (IllegalStateException e) {
                // The exception is thrown and the record stays. The next call continues after it.
            }
        }

        assertThat(SharedServers.query(
                        file, "SELECT session_key FROM sojourn_session WHERE session_key NOT LIKE 'sweep:%'"))
                .containsExactly(rejected.text());
    }

    @Test
    void an_expired_epoch_is_removed_without_being_reported() {
        UserIndex index = store.userIndex().orElseThrow();
        index.advanceEpoch("alice", EXPIRED_BEFORE.minusSeconds(1));
        index.advanceEpoch("bob", EXPIRED_BEFORE.plus(Duration.ofHours(3)));
        StoreKey key = createExpired();
        List<StoreKey> reported = new ArrayList<>();

        assertThat(sweep.sweep(EXPIRED_BEFORE, 100, (each, session) -> reported.add(each)))
                .isEqualTo(1);

        assertThat(reported).containsExactly(key);
        assertThat(index.enter("alice", key, NOW))
                .as("not before an hour has passed")
                .isNotZero();

        assertThat(sweep.sweep(EXPIRED_BEFORE.plus(Duration.ofHours(2)), 100, (each, session) -> reported.add(each)))
                .isZero();

        assertThat(reported).containsExactly(key);
        assertThat(index.enter("alice", key, NOW)).isZero();
        assertThat(index.enter("bob", key, NOW)).isNotZero();
    }

    @Test
    void an_epoch_is_kept_until_the_latest_time_that_end_all_requested() {
        for (DataSource database : databases().toList()) {
            JdbcStore current =
                    JdbcStore.builder(database).createTableIfMissing().build();
            UserIndex index = current.userIndex().orElseThrow();
            index.advanceEpoch("carol", EXPIRED_BEFORE.plusSeconds(90));
            index.advanceEpoch("carol", EXPIRED_BEFORE.minusSeconds(90));

            current.expirySweep().orElseThrow().sweep(EXPIRED_BEFORE, 100, (each, session) -> {});

            assertThat(index.enter("carol", key(), NOW)).isNotZero();
        }
    }

    private Stream<DataSource> databases() {
        return Stream.of(file, SharedServers.postgres18Pool(), SharedServers.mariadbPool());
    }
}
