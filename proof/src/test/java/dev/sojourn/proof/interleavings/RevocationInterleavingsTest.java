package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionException;
import dev.sojourn.SessionListener;
import dev.sojourn.engine.RetryPacer;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.engine.RevocationSettings;
import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.spi.ForwardingStore;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Runs every schedule of two nodes that revoke, with at most one fault, while the list begins, while a chunk has room, and
 * while it is full. What was acknowledged is refused by every node that reads later, and all nodes agree on the tag of a user.
 */
final class RevocationInterleavingsTest {
    /** How many revoked tokens fill a chunk. */
    private static final int FULL = 2_520;

    private static final RetryPacer WITHOUT_WAITING = new RetryPacer() {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void pause(int conflicts) {}

        @Override
        public void pause(int tries, Duration shortest, Duration longest) {}
    };

    private final SettableClock clock = new SettableClock();
    private final GatedStore store = new GatedStore("", new Versions());

    private RevocationList node(int number, SessionStore at) {
        RevocationList node = RevocationList.of(
                at,
                new RevocationSettings(
                        Duration.ofSeconds(2), Duration.ZERO, clock, new SessionListener() {}, new Numbers(number)),
                WITHOUT_WAITING);
        node.requireLifetime(Duration.ofHours(12));
        return node;
    }

    private Instant inAnHour() {
        return clock.instant().plusSeconds(3_600);
    }

    /** Returns the records of a list with some revoked tokens. */
    private Map<StoreKey, StoredSession> listWith(int tokens) {
        MemoryStore memory = MemoryStore.builder().clock(clock).build();
        Set<StoreKey> keys = new LinkedHashSet<>();
        RevocationList node = node(9, new ForwardingStore() {
            @Override
            protected SessionStore store() {
                return memory;
            }

            @Override
            public boolean create(StoreKey key, StoredSession session) {
                keys.add(key);
                return super.create(key, session);
            }
        });
        for (int i = 0; i < tokens; i++) {
            node.revoke("before" + i, inAnHour());
        }
        Map<StoreKey, StoredSession> records = new LinkedHashMap<>();
        keys.forEach(key -> records.put(key, memory.load(key).orElseThrow()));
        return records;
    }

    /** What the nodes do at once, and what was acknowledged. */
    private static final class Run {
        final List<RevocationList> nodes = new ArrayList<>();
        final Set<String> acknowledged = new LinkedHashSet<>();
        final List<Runnable> work = new ArrayList<>();
        int ends;

        void at(int node, Consumer<RevocationList> task) {
            work.add(() -> task.accept(nodes.get(node)));
        }

        void revoke(int node, String id, Instant until) {
            at(node, its -> {
                its.revoke(id, until);
                acknowledged.add(id);
                assertThat(its.isRevoked(id)).as("%s on its own node", id).isTrue();
            });
        }

        void endAll(int node) {
            at(node, its -> {
                String before = its.freshTag("alice");
                its.endAll("alice");
                ends++;
                assertThat(its.isTagCurrent("alice", before))
                        .as("an earlier tag on its own node")
                        .isFalse();
            });
        }
    }

    /** Runs all schedules, and checks what every node knows afterwards. Returns the number of different final states. */
    private int check(Map<StoreKey, StoredSession> records, boolean loaded, Consumer<Run> work) {
        Schedules schedules = new Schedules();
        do {
            store.reset();
            records.forEach(store::create);
            Run run = new Run();
            for (int i = 0; i < 3; i++) {
                run.nodes.add(node(i, store));
                if (loaded) {
                    assertThat(run.nodes.get(i).isRevoked("another")).isFalse();
                }
            }
            work.accept(run);
            Execution execution = new Execution(schedules, Fault.ALL, store::state);
            run.work.forEach(each -> execution.add(() -> runUnlessUnavailable(each), Actor.Traits.NONE));
            try {
                if (execution.run()) {
                    checkAfterwards(run);
                }
            } catch (AssertionError e) {
                throw new AssertionError(schedules + ": " + e.getMessage(), e);
            }
        } while (schedules.next());
        return schedules.finalStates();
    }

    /** Begins work before or after any call of the other node, and returns what was acknowledged by then. */
    private static boolean begin(Supplier<Boolean> acknowledged) {
        return Actor.call(Call.event("begin", acknowledged), acknowledged);
    }

    private static void runUnlessUnavailable(Runnable work) {
        try {
            work.run();
        } catch (SessionException e) {
            assertThat(e.status()).isEqualTo(503);
        }
    }

    private void checkAfterwards(Run run) {
        List<RevocationList> all = new ArrayList<>(run.nodes);
        all.add(node(3, store));
        @Nullable String tag = all.get(3).freshTag("alice");
        assertThat(run.ends == 0 || tag != null)
                .as("an acknowledged end has a tag")
                .isTrue();
        for (RevocationList node : all) {
            assertThat(node.freshTag("alice")).as("the tag on every node").isEqualTo(tag);
            for (String id : run.acknowledged) {
                assertThat(node.isRevoked(id)).as(id).isTrue();
            }
            assertThat(node.isRevoked("another")).isFalse();
        }
        all.get(0).revoke("afterwards", inAnHour());
        assertThat(node(4, store).isRevoked("afterwards"))
                .as("the next revocation")
                .isTrue();
    }

    private void report(String scenario, int states) {
        System.out.println("  revocations, " + scenario + ": " + states + " final states");
        assertThat(states).isGreaterThan(20);
    }

    @Test
    void two_nodes_begin_the_list_at_once() {
        report("two begin the list", check(Map.of(), false, run -> {
            run.revoke(0, "a", inAnHour());
            run.revoke(1, "b", inAnHour());
        }));
    }

    @Test
    void two_nodes_begin_the_first_chunk_at_once() {
        report("two begin the first chunk", check(listWith(0), true, run -> {
            run.revoke(0, "a", inAnHour());
            run.revoke(1, "b", inAnHour());
        }));
    }

    @Test
    void two_nodes_append_to_a_chunk_at_once() {
        report("two append", check(listWith(1), true, run -> {
            run.revoke(0, "a", inAnHour());
            run.revoke(1, "b", inAnHour());
        }));
    }

    @Test
    void two_nodes_find_a_chunk_full_at_once() {
        report("two find a full chunk", check(listWith(FULL), true, run -> {
            run.revoke(0, "a", inAnHour());
            run.revoke(1, "b", inAnHour());
        }));
    }

    @Test
    void a_node_reads_while_another_fills_a_chunk() {
        report("one reads, one fills", check(listWith(FULL), true, run -> {
            run.revoke(0, "a", inAnHour());
            run.at(1, node -> {
                boolean isAcknowledged = begin(() -> run.acknowledged.contains("a"));
                node.freshTag("alice");
                assertThat(!isAcknowledged || node.isRevoked("a"))
                        .as("what was acknowledged before the read")
                        .isTrue();
            });
        }));
    }

    @Test
    void two_nodes_end_the_sessions_of_a_user_at_once() {
        report("two end all", check(listWith(1), true, run -> {
            run.endAll(0);
            run.endAll(1);
        }));
    }

    @Test
    void a_user_signs_in_while_all_sessions_are_ended() {
        report("one signs in, one ends all", check(listWith(1), true, run -> {
            run.endAll(0);
            run.at(1, node -> {
                boolean hasEnded = begin(() -> run.ends > 0);
                String tag = node.freshTag("alice");
                assertThat(!hasEnded || tag != null)
                        .as("the tag of a login after an acknowledged end")
                        .isTrue();
            });
        }));
    }
}
