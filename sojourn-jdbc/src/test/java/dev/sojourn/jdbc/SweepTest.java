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

/** What the contract leaves to this store: large tables, dead nodes, wrong clocks, and the store's own rows. */
class SweepTest {
    private static final Instant LINE = NOW.minusSeconds(600);
    private static final Duration LEASE = Duration.ofSeconds(60);

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
        assertThat(store.create(key, session(1, LINE.minusSeconds(1), null))).isTrue();
        return key;
    }

    private int swept(Instant line) {
        return sweep.sweep(line, 100, (key, session) -> {});
    }

    @Test
    void calls_walk_round_a_large_table_and_leave_nothing_behind() {
        Set<StoreKey> garbage = new HashSet<>();
        for (int i = 0; i < 4_500; i++) {
            if (i % 15 == 0) {
                garbage.add(expired());
            } else {
                store.create(key(), session(i));
            }
        }
        List<StoreKey> told = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();

        // Five slices of 1,000, and one more because the first may have begun anywhere.
        for (int call = 0; call < 6; call++) {
            counts.add(sweep.sweep(LINE, 100, (key, session) -> told.add(key)));
        }

        assertThat(told).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(garbage);
        assertThat(counts.get(0)).as("one slice, not the table").isBetween(1, 200);
        assertThat(Real.query(file, "SELECT count(*) FROM sojourn_session WHERE session_key NOT LIKE 'sweep:%'"))
                .containsExactly("4200");
    }

    @Test
    void a_claim_whose_node_died_is_waited_out() {
        StoreKey key = expired();
        claimAsAnotherNode(LINE.plus(LEASE));

        assertThat(swept(LINE)).isZero();
        assertThat(swept(LINE.plus(LEASE).minusMillis(1))).isZero();
        assertThat(store.load(key)).isPresent();

        assertThat(swept(LINE.plus(LEASE))).isEqualTo(1);
    }

    @Test
    void a_claim_by_a_clock_far_ahead_blocks_nobody() {
        expired();
        claimAsAnotherNode(LINE.plus(Duration.ofDays(365)));

        assertThat(swept(LINE)).isEqualTo(1);
    }

    /** As a node leaves it that is killed while it sweeps. */
    private void claimAsAnotherNode(Instant until) {
        swept(LINE.minus(Duration.ofDays(1)));
        Real.execute(
                file,
                "UPDATE sojourn_session SET version = 42, expires_at = " + until.toEpochMilli()
                        + " WHERE session_key = 'sweep:'");
    }

    @Test
    void a_sweep_gives_its_claim_back_also_when_a_listener_fails() {
        expired();
        assertThatThrownBy(() -> sweep.sweep(LINE, 10, (key, session) -> {
                    throw new IllegalStateException("the listener is out of order");
                }))
                .isInstanceOf(IllegalStateException.class);

        ExpirySweep otherNode = JdbcStore.over(file).expirySweep().orElseThrow();
        assertThat(otherNode.sweep(LINE, 10, (key, session) -> {})).isEqualTo(1);
    }

    @Test
    void a_listener_that_fails_at_one_record_does_not_keep_the_others() {
        StoreKey bad = expired();
        for (int i = 0; i < 20; i++) {
            expired();
        }
        for (int call = 0; call < 3; call++) {
            try {
                sweep.sweep(LINE, 100, (key, session) -> {
                    if (key.equals(bad)) {
                        throw new IllegalStateException("the listener does not like this one");
                    }
                });
            } catch (IllegalStateException e) {
                // It goes up and the record stays; the next call goes on behind it.
            }
        }

        assertThat(Real.query(file, "SELECT session_key FROM sojourn_session WHERE session_key NOT LIKE 'sweep:%'"))
                .containsExactly(bad.text());
    }

    @Test
    void an_expired_epoch_goes_without_being_told_of() {
        UserIndex index = store.userIndex().orElseThrow();
        index.advanceEpoch("alice", LINE.minusSeconds(1));
        index.advanceEpoch("bob", LINE.plus(Duration.ofHours(3)));
        StoreKey key = expired();
        List<StoreKey> told = new ArrayList<>();

        assertThat(sweep.sweep(LINE, 100, (each, session) -> told.add(each))).isEqualTo(1);

        assertThat(told).containsExactly(key);
        assertThat(index.enter("alice", key, NOW))
                .as("not before an hour has passed")
                .isNotZero();

        assertThat(sweep.sweep(LINE.plus(Duration.ofHours(2)), 100, (each, session) -> told.add(each)))
                .isZero();

        assertThat(told).containsExactly(key);
        assertThat(index.enter("alice", key, NOW)).isZero();
        assertThat(index.enter("bob", key, NOW)).isNotZero();
    }

    @Test
    void an_epoch_is_kept_as_long_as_the_latest_end_of_all_asked_for() {
        for (DataSource database : databases().toList()) {
            JdbcStore any = JdbcStore.builder(database).createTableIfMissing().build();
            UserIndex index = any.userIndex().orElseThrow();
            index.advanceEpoch("carol", LINE.plusSeconds(90));
            index.advanceEpoch("carol", LINE.minusSeconds(90));

            any.expirySweep().orElseThrow().sweep(LINE, 100, (each, session) -> {});

            assertThat(index.enter("carol", key(), NOW)).isNotZero();
        }
    }

    private Stream<DataSource> databases() {
        return Stream.of(file, Real.postgres18Pool(), Real.mariadbPool());
    }
}
