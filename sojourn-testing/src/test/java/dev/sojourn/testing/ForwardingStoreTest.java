package dev.sojourn.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.MemoryStore;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.testing.FaultyStore.Call;
import dev.sojourn.testing.FaultyStore.Fault;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

/** A forwarding store passes the contract if its inner store does. */
class ForwardingStoreTest extends SessionStoreContract {
    private static final class Forwarding extends ForwardingStore {
        private final SessionStore store;

        Forwarding(SessionStore store) {
            this.store = store;
        }

        @Override
        protected SessionStore store() {
            return store;
        }
    }

    @Override
    protected SessionStore open() {
        return new Forwarding(new Forwarding(new MemoryStore()));
    }

    @Test
    void every_method_of_the_interface_is_forwarded() {
        assertThat(SessionStore.class.getMethods())
                .hasSizeGreaterThanOrEqualTo(8)
                .allSatisfy(method -> {
                    Method forwarded = ForwardingStore.class.getMethod(method.getName(), method.getParameterTypes());
                    assertThat(forwarded.getDeclaringClass())
                            .as(method.getName())
                            .isEqualTo(ForwardingStore.class);
                });
    }

    @Test
    void a_failure_is_passed_on_unchanged_and_the_call_is_not_repeated() {
        FaultyStore store = new FaultyStore();
        SessionStore forwarding = new Forwarding(store);
        store.failNext(Call.LOAD, Fault.RESPONSE_LOST);

        assertThatThrownBy(() -> forwarding.load(StoreKey.of("a")))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.isUnknown()).isTrue());
        assertThat(store.calls()).containsExactly(Call.LOAD);
    }

    @Test
    void the_innermost_store_is_found_through_any_number_of_forwarding_stores() {
        MemoryStore memory = new MemoryStore();

        assertThat(ForwardingStore.innermost(new Forwarding(new Forwarding(memory))))
                .isSameAs(memory);
        assertThat(ForwardingStore.innermost(memory)).isSameAs(memory);
    }
}
