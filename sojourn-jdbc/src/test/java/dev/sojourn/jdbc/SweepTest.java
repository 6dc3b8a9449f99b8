package dev.sojourn.jdbc;

import static dev.sojourn.jdbc.Samples.NOW;
import static dev.sojourn.jdbc.Samples.key;
import static dev.sojourn.jdbc.Samples.session;
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

/** Sweeps that the contract does not cover: large tables, dead nodes, wrong clocks, and the store's own rows. */
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

    private StoreKey expired() {
        StoreKey key = key();
        assertThat(store.create(key, session(1, EXPIRED_BEFORE.minusSeconds(1), null)))
                .isTrue();
        return key;
    }

    private int swept(Instant line) {
        return sweep.sweep(line, 100, (key, session) -> {});
    }

    @Test
    void calls_pass_over_a_large_table_in_slices_and_miss_nothing() {
        Set<StoreKey> garbage = new HashSet<>();
        for (int i = 0; i < 4_500; i++) {
            if (i % 15 == 0) {
                garbage.add(expired());
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

        assertThat(reported).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(garbage);
        assertThat(counts.get(0)).as("one slice, not the table").isBetween(1, 200);
        assertThat(Real.query(file, "SELECT count(*) FROM sojourn_session WHERE session_key NOT LIKE 'sweep:%'"))
                .containsExactly("4200");
    }

    @Test
    void the_claim_of_a_dead_node_expires() {
        StoreKey key = expired();
        claimAsAnotherNode(EXPIRED_BEFORE.plus(CLAIM));

        assertThat(swept(EXPIRED_BEFORE)).isZero();
        assertThat(swept(EXPIRED_BEFORE.plus(CLAIM).minusMillis(1))).isZero();
        assertThat(store.load(key)).isPresent();

        assertThat(swept(EXPIRED_BEFORE.plus(CLAIM))).isEqualTo(1);
    }

    @Test
    void a_claim_by_a_clock_far_ahead_blocks_no_node() {
        expired();
        claimAsAnotherNode(EXPIRED_BEFORE.plus(Duration.ofDays(365)));

        assertThat(swept(EXPIRED_BEFORE)).isEqualTo(1);
    }

    /** Takes the claim as a node does that is killed while it sweeps. */
    private void claimAsAnotherNode(Instant until) {
        swept(EXPIRED_BEFORE.minus(Duration.ofDays(1)));
        Real.execute(
                file,
                "UPDATE sojourn_session SET version = 42, expires_at = " + until.toEpochMilli()
                        + " WHERE session_key = 'sweep:'");
    }

    @Test
    void a_sweep_releases_its_claim_even_if_a_listener_fails() {
        expired();
        assertThatThrownBy(() -> sweep.sweep(EXPIRED_BEFORE, 10, (key, session) -> {
                    throw new IllegalStateException("the listener is out of order");
                }))
                .isInstanceOf(IllegalStateException.class);

        ExpirySweep otherNode = JdbcStore.over(file).expirySweep().orElseThrow();
        assertThat(otherNode.sweep(EXPIRED_BEFORE, 10, (key, session) -> {})).isEqualTo(1);
    }

    @Test
    void a_listener_that_fails_at_one_record_does_not_block_the_others() {
        StoreKey bad = expired();
        for (int i = 0; i < 20; i++) {
            expired();
        }
        for (int call = 0; call < 3; call++) {
            try {
                sweep.sweep(EXPIRED_BEFORE, 100, (key, session) -> {
                    if (key.equals(bad)) {
                        throw new IllegalStateException("the listener does not like this one");
                    }
                });
            } catch (IllegalStateException e) {
                // The exception is thrown and the record stays. The next call continues after it.
            }
        }

        assertThat(Real.query(file, "SELECT session_key FROM sojourn_session WHERE session_key NOT LIKE 'sweep:%'"))
                .containsExactly(bad.text());
    }

    @Test
    void an_expired_epoch_is_removed_without_being_reported() {
        UserIndex index = store.userIndex().orElseThrow();
        index.advanceEpoch("alice", EXPIRED_BEFORE.minusSeconds(1));
        index.advanceEpoch("bob", EXPIRED_BEFORE.plus(Duration.ofHours(3)));
        StoreKey key = expired();
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
    void an_epoch_is_kept_as_long_as_the_latest_end_all_requested() {
        for (DataSource database : databases().toList()) {
            JdbcStore any = JdbcStore.builder(database).createTableIfMissing().build();
            UserIndex index = any.userIndex().orElseThrow();
            index.advanceEpoch("carol", EXPIRED_BEFORE.plusSeconds(90));
            index.advanceEpoch("carol", EXPIRED_BEFORE.minusSeconds(90));

            any.expirySweep().orElseThrow().sweep(EXPIRED_BEFORE, 100, (each, session) -> {});

            assertThat(index.enter("carol", key(), NOW)).isNotZero();
        }
    }

    private Stream<DataSource> databases() {
        return Stream.of(file, Real.postgres18Pool(), Real.mariadbPool());
    }
}
