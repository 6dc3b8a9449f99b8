package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * The part of the {@link SessionStoreContract} about concurrent and interrupted calls: of all changes that expect one
 * version exactly one is done, and an interrupt stays set.
 */
abstract class StoreContractConcurrency extends StoreContractExpiry {
    // ---- concurrent calls

    @Test
    final void exactly_one_of_many_creates_under_one_key_is_done() {
        raceForOneRecord(key -> {}, (key, racer) -> {
            StoredSession mine = session(racer + 10);
            return store(racer).create(key, mine) ? Optional.of(mine) : Optional.empty();
        });
    }

    @Test
    final void exactly_one_of_many_replacements_of_one_version_is_done() {
        raceForOneRecord(key -> create(key, session(1)), this::replaceAsRacer);
    }

    @Test
    final void exactly_one_of_many_touches_of_one_version_is_done() {
        raceForOneRecord(key -> create(key, session(1)), this::touchAsRacer);
    }

    @Test
    final void exactly_one_of_many_deletes_of_one_version_is_done() {
        try (Racers racers = new Racers(RACERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                StoreKey key = key();
                create(key, session(1));
                List<Outcome> outcomes = racers.race(tasks(racer -> store(racer).delete(key, 1)));
                long done = outcomes.stream()
                        .filter(each -> each instanceof Outcome.Done)
                        .count();
                assertEquals(1, done, "number of deletes that were done");
                outcomes.stream()
                        .filter(each -> each instanceof Outcome.Lost)
                        .forEach(StoreContractSupport::assertLostToAbsence);
                assertAbsent(key);
            }
        }
    }

    @Test
    final void exactly_one_of_many_different_changes_of_one_version_is_done() {
        try (Racers racers = new Racers(RACERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                StoreKey key = key();
                create(key, session(1));
                List<Optional<StoredSession>> done = racers
                        .race(tasks(racer -> switch (racer % 3) {
                            case 0 -> presentAfter(replaceAsRacer(key, racer));
                            case 1 -> presentAfter(touchAsRacer(key, racer));
                            default -> deleteAsRacer(key, racer);
                        }))
                        .stream()
                        .flatMap(List::stream)
                        .toList();
                assertEquals(1, done.size(), "number of changes that were done");
                done.get(0).ifPresentOrElse(present -> assertStored(present, key), () -> assertAbsent(key));
            }
        }
    }

    @Test
    final void no_increment_is_lost_if_each_loser_continues_from_the_returned_record() {
        StoreKey key = key();
        create(key, new StoredSession(new byte[] {0}, 0, now.plusSeconds(600), null));
        try (Racers racers = new Racers(RACERS)) {
            racers.race(tasks(racer -> {
                StoredSession current = store(racer).load(key).orElseThrow();
                for (int added = 0; added < 12; ) {
                    byte[] next = {(byte) (current.payload()[0] + 1)};
                    StoredSession mine =
                            new StoredSession(next, RANDOM.nextLong(), current.expiresAt(), current.subject());
                    Outcome outcome = store(racer).compareAndSet(key, current.version(), mine);
                    if (outcome instanceof Outcome.Lost lost) {
                        current = lost.current().orElseThrow();
                    } else {
                        current = mine;
                        added++;
                    }
                }
                return racer;
            }));
        }
        assertEquals(12 * RACERS, load(key).payload()[0]);
    }

    /** One caller's attempt. Returns the record that it wrote, or empty if it lost. */
    private interface Attempt {
        Optional<StoredSession> run(StoreKey key, int racer);
    }

    private void raceForOneRecord(Consumer<StoreKey> prepare, Attempt attempt) {
        try (Racers racers = new Racers(RACERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                StoreKey key = key();
                prepare.accept(key);
                List<StoredSession> done = racers.race(tasks(racer -> attempt.run(key, racer))).stream()
                        .flatMap(Optional::stream)
                        .toList();
                assertEquals(1, done.size(), "number of calls that were done");
                assertStored(done.get(0), key);
            }
        }
    }

    private Optional<StoredSession> replaceAsRacer(StoreKey key, int racer) {
        StoredSession mine = session(racer + 10);
        Outcome outcome = store(racer).compareAndSet(key, 1, mine);
        if (outcome instanceof Outcome.Lost lost) {
            lost.current()
                    .ifPresent(present ->
                            assertNotEquals(1, present.version(), "a lost call returns another version than expected"));
            return Optional.empty();
        }
        return Optional.of(mine);
    }

    private Optional<StoredSession> touchAsRacer(StoreKey key, int racer) {
        StoredSession before = session(1);
        Instant expiry = now.plusSeconds(1_000L + racer);
        return store(racer).touch(key, 1, racer + 10L, expiry)
                ? Optional.of(new StoredSession(before.payload(), racer + 10L, expiry, before.subject()))
                : Optional.empty();
    }

    private List<Optional<StoredSession>> deleteAsRacer(StoreKey key, int racer) {
        return store(racer).delete(key, 1) instanceof Outcome.Done ? List.of(Optional.empty()) : List.of();
    }

    /** Returns the state after a change that was done, or nothing if it lost. */
    private static List<Optional<StoredSession>> presentAfter(Optional<StoredSession> written) {
        return written.isPresent() ? List.of(written) : List.of();
    }

    // ---- interrupted calls

    @Test
    final void an_interrupted_load_returns_or_throws_and_keeps_the_interrupt() {
        StoreKey key = key();
        StoredSession session = create(key, session(1));

        callInterrupted(() -> store().load(key)).ifPresent(found -> assertSameSession(session, found.orElseThrow()));
    }

    @Test
    final void an_interrupted_create_returns_or_throws_and_keeps_the_interrupt() {
        StoreKey key = key();

        callInterrupted(() -> store().create(key, session(1))).ifPresent(done -> assertStored(session(1), key));

        assertUsable();
    }

    @Test
    final void an_interrupted_change_returns_or_throws_and_keeps_the_interrupt() {
        StoreKey key = key();
        create(key, session(1));

        callInterrupted(() -> store().compareAndSet(key, 1, session(2))).ifPresent(StoreContractSupport::assertDone);
        long version = load(key).version();
        callInterrupted(() -> store().touch(key, version, 3, now.plusSeconds(900)))
                .ifPresent(Assertions::assertTrue);
        long touched = load(key).version();
        callInterrupted(() -> store().delete(key, touched)).ifPresent(StoreContractSupport::assertDone);

        assertUsable();
    }

    /** Returns the call's result, or empty if it threw the exception that it may throw. */
    private static <T> Optional<T> callInterrupted(Supplier<T> call) {
        Thread.currentThread().interrupt();
        try {
            return Optional.of(call.get());
        } catch (StoreException e) {
            return Optional.empty();
        } finally {
            assertTrue(Thread.interrupted(), "the call cleared the interrupt");
        }
    }

    private void assertUsable() {
        StoreKey key = key();
        assertStored(create(key, session(1)), key);
    }
}
