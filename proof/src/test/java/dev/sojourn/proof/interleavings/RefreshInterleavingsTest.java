package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.IssuedTokens;
import dev.sojourn.Session;
import dev.sojourn.SessionException;
import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.engine.EngineSettings;
import dev.sojourn.engine.FamilyOptions;
import dev.sojourn.engine.RetryPacer;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.engine.RevocationSettings;
import dev.sojourn.engine.TokenEngine;
import dev.sojourn.proof.interleavings.GatedStore.Call;
import dev.sojourn.proof.interleavings.GatedStore.Coupling;
import dev.sojourn.proof.interleavings.Schedules.Reduction;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import dev.sojourn.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs every schedule of two refreshes of one session with a logout, with the end of all sessions of its user, and with time
 * that passes, with at most one fault. Nobody is signed out wrongly, no generation has two successors, and nothing survives an
 * acknowledged end.
 */
final class RefreshInterleavingsTest {
    private static final Duration LATER = Duration.ofMinutes(4);
    private static final Duration GRACE = Duration.ofSeconds(30);
    /** The node at which the user signs in, which does nothing while the others work. */
    private static final int FIRST_NODE = 9;

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

    /** One for all nodes: each run creates several. */
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final SettableClock clock = new SettableClock();
    private final Clock observedClock = new ObservedClock(clock);
    private final SettableClock endClock = new SettableClock();
    private final Instant start = clock.instant();
    private boolean areEndsTimeless;

    private final Versions versions = new Versions();
    private GatedStore store = new GatedStore("", versions);
    private GatedStore revoked = new GatedStore("revoked ", versions);
    private final TestTokens access = new TestTokens();

    /**
     * Makes the calls for revocations parts of the steps before them, and lets time pass only on the nodes that refresh: five actors
     * have too many schedules otherwise.
     */
    private void coupleRevocations() {
        areEndsTimeless = true;
        store = new GatedStore("", versions, Coupling.ORDERED_STEPS);
        revoked = new GatedStore("revoked ", versions, Coupling.WITHIN_STEPS);
    }

    /** Returns a pacer that never waits, and whose time is a clock's, so that the view of revocations ages with it. */
    private static RetryPacer pacer(Clock clock) {
        return new RetryPacer() {
            @Override
            public long nanoTime() {
                return Duration.between(Instant.EPOCH, clock.instant()).toNanos();
            }

            @Override
            public void pause(int conflicts) {}

            @Override
            public void pause(int tries, Duration shortest, Duration longest) {}
        };
    }

    private String state() {
        return store.state() + revoked.state() + clock.instant();
    }

    /**
     * What one actor does.
     *
     * @param work the work
     * @param noticesTime whether its node notices that time passes
     * @param isTwin whether the actor before does the same
     */
    private record Task(Runnable work, boolean noticesTime, boolean isTwin) {}

    /** One schedule: the nodes, what they do at once, and what came of it. */
    private final class Run {
        final Map<Integer, TokenEngine> nodes = new TreeMap<>();
        final List<Task> work = new ArrayList<>();
        final Set<String> successors = new LinkedHashSet<>();
        final Set<String> accessTokens = new LinkedHashSet<>();
        final List<Integer> failures = new ArrayList<>();
        /** The refresh tokens of all generations before the actors start, the first one first. */
        final List<String> generations = new ArrayList<>();

        boolean hasThief;
        /** The response to a thief, or the second one to a client, reports that the store is unavailable. */
        boolean isUnavailable;

        boolean reused;
        boolean lostWrites;
        boolean endRequested;
        boolean endAcknowledged;
        boolean timePassed;
        boolean writeAcknowledged;

        Run(int rotations) {
            clock.set(start);
            endClock.set(start.plus(LATER));
            store.reset();
            revoked.reset();
            TokenEngine first = node(FIRST_NODE);
            generations.add(login(first));
            clock.advance(LATER);
            for (int i = 0; i < rotations; i++) {
                assertThat(refresh(FIRST_NODE, presented())).isEqualTo(200);
                generations.addAll(successors);
                successors.clear();
                clock.advance(LATER);
            }
        }

        /** Describes what the actors that have finished, or stopped, have contributed. All access tokens are of one session. */
        String results() {
            return List.of(
                            new TreeSet<>(successors),
                            failures.stream().sorted().toList(),
                            reused,
                            isUnavailable,
                            lostWrites,
                            endRequested,
                            endAcknowledged,
                            timePassed,
                            writeAcknowledged)
                    .toString();
        }

        /** Returns the token that the client has. */
        String presented() {
            return generations.get(generations.size() - 1);
        }

        /** Returns a node; a new one has just read the revocations. */
        private TokenEngine node(int number) {
            return node(number, observedClock);
        }

        private TokenEngine node(int number, Clock nodeClock) {
            TokenEngine present = nodes.get(number);
            if (present != null) {
                return present;
            }
            RevocationList revocations = RevocationList.of(
                    revoked,
                    new RevocationSettings(
                            Duration.ofSeconds(2),
                            Duration.ZERO,
                            nodeClock,
                            new SessionListener() {},
                            new Numbers(number)),
                    pacer(nodeClock));
            FamilyOptions families = new FamilyOptions();
            families.access = access;
            families.revocations = revocations;
            EngineSettings.Builder settings = new EngineSettings.Builder();
            settings.mapper = MAPPER;
            settings.store = store;
            settings.clock = nodeClock;
            settings.idleTimeout = Duration.ofDays(1);
            settings.absoluteTimeout = Duration.ofDays(2);
            settings.generator = new Ids("the-id-of-node-" + number + "-number-")::next;
            settings.families = families;
            settings.listener = new SessionListener() {
                @Override
                public void onTokenReused(SessionInfo session) {
                    endRequested = true;
                    // A node that stops notifies no listener.
                    Actor actor = Actor.current();
                    reused |= actor == null || !actor.isStopped();
                }

                @Override
                public void onStoreLostWrites(SessionInfo session) {
                    lostWrites = true;
                }
            };
            TokenEngine node =
                    TokenEngine.of(settings.build(List.of("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")), WITHOUT_WAITING);
            if (nodes.isEmpty()) {
                revocations.revoke("another", clock.instant().plus(Duration.ofHours(1)));
            }
            assertThat(revocations.isRevoked("another")).isTrue();
            nodes.put(number, node);
            return node;
        }

        private String login(TokenEngine node) {
            try (SessionScope scope = node.engine().open(new TestExchange("/"))) {
                Session session = scope.session();
                session.login("alice");
                IssuedTokens tokens = node.issue(session);
                accessTokens.add(tokens.accessToken());
                return Objects.requireNonNull(tokens.refreshToken());
            }
        }

        /** Adds work at a node of its own. */
        private void add(IntConsumer atNode) {
            int number = work.size();
            node(number);
            work.add(new Task(() -> atNode.accept(number), true, false));
        }

        /** Adds work at a node of its own whose clock may stand still. */
        private void addEnd(IntConsumer atNode) {
            int number = work.size();
            if (areEndsTimeless) {
                node(number, endClock);
            } else {
                node(number);
            }
            work.add(new Task(() -> atNode.accept(number), !areEndsTimeless, false));
        }

        /** Adds a refresh with the token that the client has; a client without a response repeats it. */
        void refresh() {
            add(this::refreshWithRepetition);
        }

        /** Adds two such refreshes, on equal nodes: which one makes the first step makes no difference. */
        void refreshTwice() {
            refresh();
            add(this::refreshWithRepetition);
            work.set(work.size() - 1, new Task(work.get(work.size() - 1).work(), true, true));
        }

        private void refreshWithRepetition(int node) {
            int status = refresh(node, presented());
            if (status == 503) {
                status = refresh(node, presented());
            }
            if (status != 200) {
                failures.add(status);
                isUnavailable |= status == 503;
            }
        }

        /** Adds a refresh by a thief, with a token some generations older than the client's. Its response ends the session. */
        void refreshByThief(int older) {
            hasThief = true;
            add(node -> {
                endRequested = true;
                int status = refresh(node, generations.get(generations.size() - 1 - older));
                assertThat(status).as("the response to a thief").isIn(401, 503);
                endAcknowledged |= status == 401;
                isUnavailable |= status == 503;
            });
        }

        private int refresh(int node, String token) {
            try {
                IssuedTokens tokens = node(node).refresh(token);
                successors.add(Objects.requireNonNull(tokens.refreshToken()));
                accessTokens.add(tokens.accessToken());
                return 200;
            } catch (SessionException e) {
                return e.status();
            }
        }

        private boolean opensSession(String accessToken) {
            TestExchange exchange = new TestExchange("/", "Authorization: Bearer " + accessToken);
            try (SessionScope scope = node(FIRST_NODE).engine().open(exchange)) {
                return scope.session().subject() != null;
            } catch (TokenRefusedException e) {
                return false;
            }
        }

        /** Adds a request with an access token that changes the session. */
        void write() {
            add(node -> {
                String token =
                        "Authorization: Bearer " + accessTokens.iterator().next();
                try (SessionScope scope = node(node).engine().open(new TestExchange("/", token))) {
                    scope.session().set("cart", 1);
                    scope.commit();
                    writeAcknowledged = true;
                } catch (SessionException e) {
                    assertThat(e.status()).isIn(401, 409, 503);
                }
            });
        }

        void logout() {
            end(node -> node(node).revoke(presented()));
        }

        void endAll() {
            end(node -> node(node).engine().of("alice").endAll());
        }

        private void end(IntConsumer end) {
            addEnd(node -> {
                endRequested = true;
                try {
                    end.accept(node);
                    endAcknowledged = true;
                } catch (SessionException e) {
                    assertThat(e.status()).isEqualTo(503);
                }
            });
        }

        /** Adds a moment at which 30 seconds pass, before or after any store call of the others. */
        void letTimePass() {
            work.add(new Task(() -> Actor.call(Call.event("clock", this::advance), this::advance), true, false));
        }

        private Boolean advance() {
            timePassed = true;
            clock.advance(GRACE);
            return true;
        }
    }

    /** Counts, so that equal decisions create equal ids. */
    private static final class Ids {
        private final String prefix;
        private int count;

        Ids(String prefix) {
            this.prefix = prefix;
        }

        String next() {
            return prefix + ++count;
        }
    }

    private interface Work {
        void of(Run run);
    }

    private Schedules check(int rotations, Work work, Set<Fault> faults) {
        return check(new Schedules(), rotations, work, faults, run -> {});
    }

    private Schedules check(
            Schedules schedules, int rotations, Work work, Set<Fault> faults, Consumer<Run> afterwards) {
        do {
            Run run = new Run(rotations);
            work.of(run);
            Execution execution = new Execution(schedules, faults, () -> state() + run.results());
            // A node keeps the revocations that it has read, and nothing of a session.
            run.work.forEach(each -> execution.add(
                    each.work(), new Actor.Traits(call -> revoked.isOf(call), each.noticesTime(), each.isTwin())));
            try {
                if (execution.run()) {
                    afterwards.accept(run);
                    checkAfterwards(run);
                }
            } catch (AssertionError e) {
                throw new AssertionError(schedules + ": " + e.getMessage(), e);
            }
        } while (schedules.next());
        return schedules;
    }

    private void checkAfterwards(Run run) {
        assertThat(run.successors).as("successors of one generation").hasSizeLessThanOrEqualTo(1);
        if (!run.timePassed && !run.hasThief) {
            assertThat(run.reused).as("a theft without a thief").isFalse();
        }
        if (!run.endRequested && !run.timePassed) {
            assertThat(run.failures).as("refused or failed twice").isEmpty();
        }
        assertThat(run.failures).as("the responses of refreshes without tokens").isSubsetOf(401, 503);
        // Longer than the delay of the revocations, and less than the 30 seconds of a repetition.
        clock.advance(Duration.ofSeconds(3));
        endClock.set(clock.instant());
        String latest = latest(run);
        for (int node : List.copyOf(run.nodes.keySet())) {
            int status = run.refresh(node, latest);
            boolean isEnded = run.reused && !run.isUnavailable;
            if (run.endAcknowledged || isEnded) {
                assertThat(status).as("after the end, on node %d", node).isEqualTo(401);
            } else if (run.failures.contains(401)) {
                assertThat(status)
                        .as("after a refusal, which clears the cookie of the other tab, on node %d", node)
                        .isEqualTo(401);
            } else if (!run.endRequested) {
                assertThat(status).as("the client's token, on node %d", node).isEqualTo(200);
            }
        }
        assertThat(run.lostWrites).as("lost writes of a store that loses none").isFalse();
        Optional<String> record = record();
        if (run.writeAcknowledged && record.isPresent()) {
            assertThat(record.get()).as("a session with an acknowledged write").contains("\"cart\":1");
        }
        if (run.endAcknowledged) {
            for (String token : run.accessTokens) {
                assertThat(run.opensSession(token))
                        .as("a session of an access token")
                        .isFalse();
            }
            assertThat(run.node(FIRST_NODE).engine().of("alice").list()).isEmpty();
        }
    }

    private static String latest(Run run) {
        @Nullable String latest = null;
        for (String each : run.successors) {
            latest = each;
        }
        return latest == null ? run.presented() : latest;
    }

    private Optional<String> record() {
        StoredSession stored = store.peek(store.createdKeys().get(0));
        return stored == null ? Optional.empty() : Optional.of(new String(stored.payload(), StandardCharsets.UTF_8));
    }

    private static void report(String scenario, Schedules schedules) {
        System.out.println("  refresh, " + scenario + ": " + schedules.runs() + " runs, " + schedules.finalStates()
                + " final states");
        assertThat(schedules.runs()).isGreaterThan(20);
    }

    private Set<String> outcomes(Reduction reduction, Work work, Set<Fault> faults) {
        Set<String> outcomes = new TreeSet<>();
        Schedules schedules = check(
                new Schedules(reduction),
                0,
                work,
                faults,
                run -> outcomes.add(run.results() + record() + clock.instant()));
        System.out.println(
                "  refresh, " + reduction + ": " + schedules.runs() + " runs, " + outcomes.size() + " outcomes");
        return outcomes;
    }

    private void compareOutcomes(Work work, Set<Fault> faults) {
        assertThat(outcomes(Reduction.VISITED_STATES, work, faults))
                .hasSizeGreaterThan(1)
                .isEqualTo(outcomes(Reduction.NOTHING, work, faults));
    }

    private static void refreshLogoutAndTime(Run run) {
        run.refresh();
        run.logout();
        run.letTimePass();
    }

    private void compareOutcomes() {
        compareOutcomes(RefreshInterleavingsTest::refreshLogoutAndTime, Fault.WITHOUT);
        compareOutcomes(
                run -> {
                    run.refresh();
                    run.letTimePass();
                },
                Fault.LOST_RESPONSES);
        compareOutcomes(
                run -> {
                    run.refresh();
                    run.logout();
                },
                Fault.LOST_RESPONSES);
    }

    @Test
    void fewer_schedules_have_the_same_outcomes() {
        compareOutcomes();
        coupleRevocations();
        compareOutcomes();
        compareOutcomes(RefreshInterleavingsTest::refreshLogoutAndTime, Fault.LOST_RESPONSES);
    }

    @Test
    void two_refreshes_have_the_same_outcomes_whichever_of_them_begins() {
        Set<String> outcomes = outcomes(
                Reduction.VISITED_STATES,
                run -> {
                    run.refreshTwice();
                    run.letTimePass();
                },
                Fault.LOST_RESPONSES);
        assertThat(outcomes)
                .hasSizeGreaterThan(2)
                .isEqualTo(outcomes(
                        Reduction.VISITED_STATES,
                        run -> {
                            run.refresh();
                            run.refresh();
                            run.letTimePass();
                        },
                        Fault.LOST_RESPONSES));
    }

    @Test
    void two_tabs_refresh_at_once() {
        report(
                "two refreshes",
                check(
                        0,
                        run -> {
                            run.refreshTwice();
                        },
                        Fault.ALL));
    }

    @Test
    void two_tabs_refresh_while_30_seconds_pass() {
        report(
                "two refreshes, time",
                check(
                        0,
                        run -> {
                            run.refreshTwice();
                            run.letTimePass();
                        },
                        Fault.ALL));
    }

    @Test
    void two_tabs_refresh_while_the_user_logs_out() {
        report(
                "two refreshes, logout",
                check(
                        0,
                        run -> {
                            run.refreshTwice();
                            run.logout();
                        },
                        Fault.ALL));
    }

    /** A second refresh would write the generation that this one may have failed to write. */
    @Test
    void a_tab_refreshes_while_a_request_changes_the_session() {
        report(
                "refresh, write",
                check(
                        0,
                        run -> {
                            run.refresh();
                            run.write();
                        },
                        Fault.ALL));
    }

    @Test
    void two_tabs_refresh_while_a_request_changes_the_session() {
        report(
                "two refreshes, write",
                check(
                        0,
                        run -> {
                            run.refreshTwice();
                            run.write();
                        },
                        Fault.ALL));
    }

    /** The client's refresh makes the token of the one generation older that of two. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_tab_refreshes_while_a_thief_presents_an_older_token(int older) {
        report(
                "refresh, thief " + older + " behind",
                check(
                        2,
                        run -> {
                            run.refresh();
                            run.refreshByThief(older);
                        },
                        Fault.ALL));
    }

    @Test
    void a_tab_refreshes_while_a_thief_presents_an_older_token_and_30_seconds_pass() {
        report(
                "refresh, thief, time",
                check(
                        2,
                        run -> {
                            run.refresh();
                            run.refreshByThief(2);
                            run.letTimePass();
                        },
                        Fault.LOST_RESPONSES));
    }

    @Test
    void a_tab_refreshes_while_all_sessions_of_the_user_are_ended() {
        report(
                "refresh, end all",
                check(
                        0,
                        run -> {
                            run.refresh();
                            run.endAll();
                        },
                        Fault.ALL));
    }

    @Test
    void two_tabs_refresh_while_all_sessions_of_the_user_are_ended() {
        report(
                "two refreshes, end all",
                check(
                        0,
                        run -> {
                            run.refreshTwice();
                            run.endAll();
                        },
                        Fault.ALL));
    }

    @Test
    @Tag("further")
    void two_tabs_refresh_while_the_user_logs_out_and_30_seconds_pass() {
        report(
                "two refreshes, logout, time",
                check(
                        0,
                        run -> {
                            run.refreshTwice();
                            run.logout();
                            run.letTimePass();
                        },
                        Fault.LOST_RESPONSES));
    }

    @Test
    @Tag("further")
    void two_tabs_refresh_while_all_sessions_of_the_user_are_ended_and_30_seconds_pass() {
        report(
                "two refreshes, end all, time",
                check(
                        0,
                        run -> {
                            run.refreshTwice();
                            run.endAll();
                            run.letTimePass();
                        },
                        Fault.LOST_RESPONSES));
    }

    /**
     * All actors at once. The calls for revocations are parts of other steps, and time passes on the nodes that refresh: the other
     * scenarios have more with fewer actors. Loses responses only with {@code -DeveryFault=true}.
     */
    @Test
    void two_tabs_refresh_while_the_user_logs_out_and_all_sessions_are_ended_and_30_seconds_pass() {
        coupleRevocations();
        report(
                "two refreshes, logout, end all, time",
                check(
                        0,
                        run -> {
                            run.refreshTwice();
                            run.logout();
                            run.endAll();
                            run.letTimePass();
                        },
                        Boolean.getBoolean("everyFault") ? Fault.LOST_RESPONSES : Fault.WITHOUT));
    }
}
