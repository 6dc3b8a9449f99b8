package dev.sojourn.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SessionStoreContract.Capability;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;

/** The base of the {@link SessionStoreContract}: opens the stores, makes keys and records, and checks results. */
abstract class StoreContractSupport {
    static final int RACERS = 8;
    static final int ROUNDS = 25;
    static final SecureRandom RANDOM = new SecureRandom();

    /** The time at which the test began, in the precision that a store keeps. */
    final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    private @Nullable SessionStore first;
    private @Nullable SessionStore second;

    abstract SessionStore open() throws Exception;

    abstract SessionStore openAnother(SessionStore first) throws Exception;

    abstract Set<Capability> missingCapabilities();

    @BeforeEach
    final void openStores() throws Exception {
        SessionStore opened = open();
        first = opened;
        second = openAnother(opened);
    }

    @AfterEach
    final void closeStores() {
        if (second != null && second != first) {
            second.close();
        }
        if (first != null) {
            first.close();
        }
    }

    final SessionStore store() {
        if (first == null) {
            throw new IllegalStateException("open() returned no store");
        }
        return first;
    }

    /** Returns the store of one of several concurrent callers: the first node's or the second node's. */
    final SessionStore store(int racer) {
        return racer % 2 == 0 || second == null ? store() : second;
    }

    /** Returns the store as the second node has it. */
    final SessionStore otherNode() {
        return store(1);
    }

    final boolean has(Capability capability) {
        return !missingCapabilities().contains(capability);
    }

    /** Returns a test that opens its own stores: all dynamic tests of a method share what was opened before the method. */
    final DynamicTest rule(String name, Runnable test) {
        return dynamicTest(name, () -> {
            closeStores();
            openStores();
            test.run();
        });
    }

    /** Returns one task for each of the concurrent callers. */
    static <T> List<Callable<T>> tasks(IntFunction<T> task) {
        return IntStream.range(0, RACERS)
                .mapToObj(racer -> (Callable<T>) () -> task.apply(racer))
                .toList();
    }

    // ---- keys and records

    static StoreKey key() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return StoreKey.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Returns a live record of Alice whose payload contains its version. */
    final StoredSession session(long version) {
        return session(version, now.plusSeconds(600).plusMillis(123), "alice");
    }

    static StoredSession session(long version, Instant expiresAt, @Nullable String subject) {
        byte[] payload = ("{\"v\":" + version + "}").getBytes(StandardCharsets.UTF_8);
        return new StoredSession(payload, version, expiresAt, subject);
    }

    final StoredSession create(StoreKey key, StoredSession session) {
        assertTrue(store().create(key, session), "create on a free key");
        return session;
    }

    /** Creates a record of version 1 under a new key. */
    final StoreKey create(Instant expiresAt, @Nullable String subject) {
        StoreKey key = key();
        create(key, session(1, expiresAt, subject));
        return key;
    }

    final StoredSession replace(StoreKey key, long expected, StoredSession replacement) {
        assertDone(store().compareAndSet(key, expected, replacement));
        return replacement;
    }

    final StoredSession load(StoreKey key) {
        return store().load(key).orElseThrow(() -> new AssertionError("the record is absent"));
    }

    // ---- assertions

    /** Checks that both nodes load this record. */
    final void assertStored(StoredSession expected, StoreKey key) {
        assertSameSession(expected, load(key));
        assertSameSession(
                expected,
                otherNode().load(key).orElseThrow(() -> new AssertionError("the record is absent at the other node")));
    }

    final void assertAbsent(StoreKey key) {
        assertTrue(store().load(key).isEmpty(), "the record should be absent");
    }

    static void assertSameSession(StoredSession expected, StoredSession actual) {
        assertEquals(expected.version(), actual.version(), "version");
        assertArrayEquals(expected.payload(), actual.payload(), "payload");
        assertEquals(expected.expiresAt(), actual.expiresAt(), "expiry");
        assertEquals(expected.subject(), actual.subject(), "subject");
    }

    static void assertDone(Outcome outcome) {
        assertInstanceOf(Outcome.Done.class, outcome, "the call expects the present version");
    }

    /** Checks that a call lost to another write, and returned the present record. */
    static void assertLost(StoredSession present, Outcome outcome) {
        Outcome.Lost lost = assertInstanceOf(Outcome.Lost.class, outcome, "the call expects another version");
        assertSameSession(
                present,
                lost.current().orElseThrow(() -> new AssertionError("a lost call returns the present record")));
    }

    /** Checks that a call lost because there is no record. */
    static void assertLostToAbsence(Outcome outcome) {
        Outcome.Lost lost = assertInstanceOf(Outcome.Lost.class, outcome, "there is no record");
        assertTrue(lost.current().isEmpty(), "a lost call returns no record if there is none");
    }
}
