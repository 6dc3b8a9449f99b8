package dev.sojourn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SessionStoreContract.Capability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract checks what a store declares missing. */
class SessionStoreContractTest {
    private static final Set<Capability> NONE = EnumSet.noneOf(Capability.class);
    private static final Set<Capability> ALL_OF_THE_INTERFACE =
            EnumSet.complementOf(EnumSet.of(Capability.EXPIRED_RECORDS));

    /** A store with the five calls only. */
    private record BareStore(SessionStore store) implements SessionStore {
        @Override
        public Optional<StoredSession> load(StoreKey key) {
            return store.load(key);
        }

        @Override
        public boolean create(StoreKey key, StoredSession session) {
            return store.create(key, session);
        }

        @Override
        public Outcome compareAndSet(StoreKey key, long expected, StoredSession replacement) {
            return store.compareAndSet(key, expected, replacement);
        }

        @Override
        public boolean touch(StoreKey key, long expected, long version, Instant expiresAt) {
            return store.touch(key, expected, version, expiresAt);
        }

        @Override
        public Outcome delete(StoreKey key, long expected) {
            return store.delete(key, expected);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private static SessionStore bareStore() {
        return new BareStore(new MemoryStore());
    }

    private static final class Contract extends SessionStoreContract {
        private final Supplier<SessionStore> stores;
        private final Set<Capability> missing;

        Contract(Supplier<SessionStore> stores, Set<Capability> missing) {
            this.stores = stores;
            this.missing = missing;
        }

        @Override
        protected SessionStore open() {
            return stores.get();
        }

        @Override
        protected Set<Capability> missingCapabilities() {
            return missing;
        }

        /** Runs the rules about capabilities and returns the names of those that fail. */
        List<String> failures() throws Exception {
            openStores();
            List<String> failures = new ArrayList<>();
            if (fails(this::a_store_has_all_capabilities_except_the_declared_ones_each_time_it_is_asked)) {
                failures.add("declared");
            }
            Stream.of(expired_records(), expiry_sweep(), user_index())
                    .flatMap(tests -> tests)
                    .filter(test -> fails(test.getExecutable()))
                    .map(DynamicTest::getDisplayName)
                    .forEach(failures::add);
            return failures;
        }

        @SuppressWarnings("CatchingUnchecked") // a rule fails by an assertion or by an exception
        private static boolean fails(Executable test) {
            try {
                test.execute();
                return false;
            } catch (Throwable e) {
                return true;
            }
        }
    }

    @Test
    void a_true_declaration_passes() throws Exception {
        assertThat(new Contract(MemoryStore::new, NONE).failures()).isEmpty();
        assertThat(new Contract(SessionStoreContractTest::bareStore, ALL_OF_THE_INTERFACE).failures())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_capability_that_is_declared_missing_and_present_fails(Capability capability) throws Exception {
        assertThat(new Contract(MemoryStore::new, EnumSet.of(capability)).failures())
                .isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Capability.class,
            names = {"USER_INDEX", "EXPIRY_SWEEP", "STORE_CLOCK"})
    void a_capability_that_is_missing_and_not_declared_fails(Capability capability) throws Exception {
        Set<Capability> declared = EnumSet.copyOf(ALL_OF_THE_INTERFACE);
        declared.remove(capability);

        assertThat(new Contract(SessionStoreContractTest::bareStore, declared).failures())
                .contains("declared");
    }

    @Test
    void a_store_that_keeps_expired_records_and_declares_that_it_does_not_fails_each_rule_about_them()
            throws Exception {
        assertThat(new Contract(MemoryStore::new, EnumSet.of(Capability.EXPIRED_RECORDS)).failures())
                .hasSize(5);
    }
}
