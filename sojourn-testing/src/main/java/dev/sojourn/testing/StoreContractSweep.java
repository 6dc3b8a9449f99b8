package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sojourn.spi.ExpirySweep;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SessionStoreContract.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The part of the {@link SessionStoreContract} about the {@link ExpirySweep}. */
abstract class StoreContractSweep extends StoreContractConcurrency {
    @TestFactory
    final Stream<DynamicTest> expiry_sweep() {
        return has(Capability.EXPIRY_SWEEP)
                ? Stream.of(
                        rule("removes_only_records_that_expired_before_the_instant", this::removesOnlyTheExpired),
                        rule("reports_the_complete_record_before_it_is_removed", this::reportsBeforeItRemoves),
                        rule("removes_at_most_the_limit_and_the_rest_later", this::keepsToTheLimit),
                        rule("keeps_a_record_whose_report_fails_and_reports_it_again", this::reportsAgain),
                        rule("removes_the_other_records_if_some_reports_fail", this::continuesAfterFailures),
                        rule(
                                "reaches_every_other_record_if_as_many_reports_as_the_limit_fail",
                                this::getsPastAPageOfFailures),
                        rule("keeps_a_record_that_was_touched_or_replaced", this::keepsTheExtended),
                        rule("keeps_a_record_that_is_touched_during_its_report", this::losesToATouch),
                        rule("finds_a_record_whose_expiry_was_shortened", this::findsTheShortened),
                        rule("does_not_report_a_deleted_record", this::skipsTheDeleted),
                        rule("returns_at_once_while_another_node_sweeps", this::yieldsToAnotherNode))
                : Stream.of(rule(
                        "is_missing_as_declared",
                        () -> assertTrue(store().expirySweep().isEmpty(), "the store has an expirySweep()")));
    }

    private ExpirySweep sweep() {
        return store().expirySweep().orElseThrow();
    }

    /** Sweeps and returns the keys that were reported. */
    private List<StoreKey> sweep(Instant expiredBefore, int limit) {
        List<StoreKey> reported = new ArrayList<>();
        int count = sweep().sweep(expiredBefore, limit, (key, record) -> reported.add(key));
        assertEquals(reported.size(), count, "number of removed records");
        return reported;
    }

    private void removesOnlyTheExpired() {
        Instant line = now.minus(Duration.ofMinutes(6));
        Set<StoreKey> expired = new HashSet<>();
        Set<StoreKey> kept = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            expired.add(create(line.minusMillis(1L + i * 40_000L), i % 2 == 0 ? null : "alice"));
            kept.add(create(line.plusMillis(i * 40_000L), i % 2 == 0 ? null : "alice"));
        }
        kept.add(create(now.plusSeconds(60), null));

        assertEquals(expired, new HashSet<>(sweep(line, 100)));

        expired.forEach(this::assertAbsent);
        kept.stream()
                .filter(key -> store().load(key).isEmpty())
                .forEach(key -> fail("a record was removed that had not expired before the instant"));
        assertEquals(List.of(), sweep(line, 100));
    }

    private void reportsBeforeItRemoves() {
        StoreKey key = key();
        StoredSession session = create(key, session(7, now.minusSeconds(700), "alice"));
        List<StoredSession> reported = new ArrayList<>();

        int count = sweep().sweep(now.minusSeconds(400), 10, (each, record) -> {
            assertEquals(key, each);
            assertTrue(store().load(key).isPresent(), "the record is present while it is reported");
            reported.add(record);
        });

        assertEquals(1, count);
        assertEquals(1, reported.size());
        assertSameSession(session, reported.get(0));
    }

    private void keepsToTheLimit() {
        Set<StoreKey> keys = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            keys.add(create(now.minusSeconds(700L + i * 61L), i % 2 == 0 ? null : "alice"));
        }
        Set<StoreKey> swept = new HashSet<>();
        for (int expected : new int[] {3, 3, 1, 0}) {
            List<StoreKey> some = sweep(now.minusSeconds(600), 3);
            assertEquals(expected, some.size());
            swept.addAll(some);
        }
        assertEquals(keys, swept);
    }

    private void reportsAgain() {
        StoreKey key = create(now.minusSeconds(700), "alice");
        RuntimeException problem = new IllegalStateException("the listener fails");

        RuntimeException thrown = assertThrows(
                RuntimeException.class,
                () -> sweep().sweep(now.minusSeconds(600), 10, (each, record) -> {
                    throw problem;
                }));

        assertSame(problem, thrown, "the sweep rethrows what the report throws");
        assertTrue(store().load(key).isPresent(), "the record stays");
        assertEquals(List.of(key), sweep(now.minusSeconds(600), 10));
    }

    private void continuesAfterFailures() {
        Set<StoreKey> bad = new HashSet<>();
        Set<StoreKey> good = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            (i % 4 == 1 ? bad : good).add(create(now.minusSeconds(700L + i * 61L), i % 2 == 0 ? null : "alice"));
        }
        RuntimeException problem = new IllegalStateException("the listener fails for this session");
        Set<StoreKey> reported = new HashSet<>();
        // A call may stop at a failure. The next calls continue after it, and start again at the end.
        for (int call = 0; call < 2 * bad.size() + 2; call++) {
            try {
                sweep().sweep(now.minusSeconds(600), 100, (key, record) -> {
                    if (bad.contains(key)) {
                        throw problem;
                    }
                    assertTrue(reported.add(key), "a removed record is reported once");
                });
            } catch (IllegalStateException e) {
                assertSame(problem, e, "the sweep rethrows what the report throws");
            }
        }

        assertEquals(good, reported);
        good.forEach(this::assertAbsent);
        bad.forEach(key -> assertTrue(store().load(key).isPresent(), "a record whose report failed stays"));
        assertEquals(bad, new HashSet<>(sweep(now.minusSeconds(600), 100)));
    }

    private void getsPastAPageOfFailures() {
        Set<StoreKey> bad = new HashSet<>();
        Set<StoreKey> good = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            (i < 6 ? bad : good).add(create(now.minusSeconds(1_400L - i * 61L), i % 2 == 0 ? null : "alice"));
        }
        int limit = bad.size() / 2;
        Set<StoreKey> reported = new HashSet<>();
        for (int call = 0; call < 10 * bad.size() && !reported.equals(good); call++) {
            try {
                sweep().sweep(now.minusSeconds(600), limit, (key, record) -> {
                    if (bad.contains(key)) {
                        throw new IllegalStateException("the listener fails for this session");
                    }
                    reported.add(key);
                });
            } catch (IllegalStateException e) {
                // The next call continues after it.
            }
        }

        assertEquals(good, reported, "records whose report succeeds do not wait for those whose report fails");
    }

    private void keepsTheExtended() {
        StoreKey touched = create(now.minusSeconds(700), null);
        StoreKey replaced = create(now.minusSeconds(700), "alice");
        assertTrue(store().touch(touched, 1, 2, now.plusSeconds(60)));
        assertDone(store().compareAndSet(replaced, 1, session(2, now.plusSeconds(60), "alice")));

        assertEquals(List.of(), sweep(now.minusSeconds(600), 10));

        assertTrue(store().load(touched).isPresent());
        assertTrue(store().load(replaced).isPresent());
    }

    private void losesToATouch() {
        StoreKey key = create(now.minusSeconds(700), "alice");
        boolean[] touched = {false};

        int count = sweep().sweep(
                        now.minusSeconds(600),
                        10,
                        (each, record) -> touched[0] = store().touch(each, record.version(), 2, now.plusSeconds(60)));

        assertEquals(touched[0] ? 0 : 1, count, "number of removed records");
        assertEquals(touched[0], store().load(key).isPresent(), "a touch that was done stays done");
    }

    private void findsTheShortened() {
        StoreKey touched = create(now.plusSeconds(3_600), null);
        StoreKey replaced = create(now.plusSeconds(3_600), "alice");
        assertTrue(store().touch(touched, 1, 2, now.minusSeconds(700)));
        assertDone(store().compareAndSet(replaced, 1, session(2, now.minusSeconds(700), "alice")));

        assertEquals(Set.of(touched, replaced), new HashSet<>(sweep(now.minusSeconds(600), 10)));
    }

    private void skipsTheDeleted() {
        StoreKey key = create(now.minusSeconds(700), "alice");
        assertDone(store().delete(key, 1));

        assertEquals(List.of(), sweep(now.minusSeconds(600), 10));
    }

    private void yieldsToAnotherNode() {
        StoreKey key = create(now.minusSeconds(700), "alice");
        List<StoreKey> second = new ArrayList<>();

        int count = sweep().sweep(
                        now.minusSeconds(600),
                        10,
                        (each, record) -> otherNode()
                                .expirySweep()
                                .orElseThrow()
                                .sweep(now.minusSeconds(600), 10, (again, same) -> second.add(again)));

        assertEquals(1, count);
        assertEquals(List.of(), second, "the other node reports nothing");
        assertAbsent(key);
    }
}
