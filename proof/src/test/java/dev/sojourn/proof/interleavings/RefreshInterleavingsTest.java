package dev.sojourn.proof.interleavings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.IssuedTokens;
import dev.sojourn.MemoryStore;
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
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import dev.sojourn.testing.TestTokens;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs every schedule of two refreshes of one session with a logout, with the end of all sessions of its user, and with time
 * that passes, with at most one fault. Nobody is signed out wrongly, no generation has two successors, and nothing survives an
 * acknowledged end.
 */
final class RefreshInterleavingsTest {
    private static final int NODES = 4;
    private static final Duration LATER = Duration.ofMinutes(4);
    private static final Duration GRACE = Duration.ofSeconds(30);

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
    private final GatedStore store = new GatedStore("");
    private final TestTokens access = new TestTokens();

    /** One schedule: the nodes, what they do at once, and what came of it. */
    private final class Run {
        final List<TokenEngine> nodes = new ArrayList<>();
        final List<Runnable> work = new ArrayList<>();
        final Set<String> successors = new LinkedHashSet<>();
        final Set<String> accessTokens = new LinkedHashSet<>();
        final List<Integer> failures = new ArrayList<>();
        final String presented;
        boolean reused;
        boolean endRequested;
        boolean endAcknowledged;
        boolean timePassed;

        Run() {
            store.reset();
            MemoryStore revoked = MemoryStore.builder().clock(clock).build();
            for (int i = 0; i < NODES; i++) {
                nodes.add(node(i, revoked));
            }
            presented = login(nodes.get(0));
            clock.advance(LATER);
        }

        private TokenEngine node(int number, MemoryStore revoked) {
            FamilyOptions families = new FamilyOptions();
            families.access = access;
            families.revocations = RevocationList.of(
                    revoked,
                    new RevocationSettings(
                            Duration.ofSeconds(2), Duration.ZERO, clock, new SessionListener() {}, new SecureRandom()),
                    WITHOUT_WAITING);
            EngineSettings.Builder settings = new EngineSettings.Builder();
            settings.store = store;
            settings.clock = clock;
            settings.idleTimeout = Duration.ofDays(1);
            settings.absoluteTimeout = Duration.ofDays(2);
            settings.generator = new Ids("the-id-of-node-" + number + "-number-")::next;
            settings.families = families;
            settings.listener = new SessionListener() {
                @Override
                public void onTokenReused(SessionInfo session) {
                    reused = true;
                }
            };
            return TokenEngine.of(settings.build(List.of("vG1kJ8s0Qd7yRz3mXw5nTb2cLp9fHa6e")), WITHOUT_WAITING);
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

        /** Adds a refresh with the token that the client has; a client without a response repeats it. */
        void refresh(int node) {
            work.add(() -> {
                int status = refresh(node, presented);
                if (status == 503) {
                    status = refresh(node, presented);
                }
                if (status != 200) {
                    failures.add(status);
                }
            });
        }

        private int refresh(int node, String token) {
            try {
                IssuedTokens tokens = nodes.get(node).refresh(token);
                successors.add(Objects.requireNonNull(tokens.refreshToken()));
                accessTokens.add(tokens.accessToken());
                return 200;
            } catch (SessionException e) {
                return e.status();
            }
        }

        private boolean opensSession(String accessToken) {
            TestExchange exchange = new TestExchange("/", "Authorization: Bearer " + accessToken);
            try (SessionScope scope = nodes.get(NODES - 1).engine().open(exchange)) {
                return scope.session().subject() != null;
            } catch (TokenRefusedException e) {
                return false;
            }
        }

        void logout(int node) {
            end(() -> nodes.get(node).revoke(presented));
        }

        void endAll(int node) {
            end(() -> nodes.get(node).engine().of("alice").endAll());
        }

        private void end(Runnable end) {
            work.add(() -> {
                endRequested = true;
                try {
                    end.run();
                    endAcknowledged = true;
                } catch (SessionException e) {
                    assertThat(e.status()).isEqualTo(503);
                }
            });
        }

        /** Adds a moment at which 30 seconds pass, before or after any store call of the others. */
        void letTimePass(StoreKey session) {
            work.add(() -> {
                try {
                    timePassed = Actor.call(new GatedStore.Call("clock", session, this::advance), this::advance);
                } catch (StoreException e) {
                    // Time knows no faults: this schedule is one without it, or with it at another moment.
                }
            });
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

    private int check(Work work, Set<Fault> faults) {
        Schedules schedules = new Schedules();
        int count = 0;
        do {
            Run run = new Run();
            work.of(run);
            List<Actor> actors = new ArrayList<>();
            for (Runnable each : run.work) {
                Actor actor = new Actor(each);
                actor.run(Fault.NONE);
                actors.add(actor);
            }
            try {
                if (Scheduler.run(schedules, actors, faults)) {
                    checkAfterwards(run);
                    count++;
                }
            } catch (AssertionError e) {
                throw new AssertionError(schedules + ": " + e.getMessage(), e);
            }
        } while (schedules.next());
        return count;
    }

    private void checkAfterwards(Run run) {
        assertThat(run.successors).as("successors of one generation").hasSizeLessThanOrEqualTo(1);
        if (!run.timePassed) {
            assertThat(run.reused).as("a theft without a thief").isFalse();
        }
        if (!run.endRequested && !run.timePassed) {
            assertThat(run.failures).as("refused or failed twice").isEmpty();
        }
        assertThat(run.failures).as("the responses of refreshes without tokens").isSubsetOf(401, 503);
        // Longer than the delay of the revocations, and less than the 30 seconds of a repetition.
        clock.advance(Duration.ofSeconds(3));
        String latest = latest(run);
        for (int node = 0; node < NODES; node++) {
            int status = run.refresh(node, latest);
            if (run.endAcknowledged || run.reused) {
                assertThat(status).as("after the end, on node %d", node).isEqualTo(401);
            } else if (run.failures.contains(401)) {
                assertThat(status)
                        .as("after a refusal, which clears the cookie of the other tab, on node %d", node)
                        .isEqualTo(401);
            } else if (!run.endRequested) {
                assertThat(status).as("the client's token, on node %d", node).isEqualTo(200);
            }
        }
        if (run.endAcknowledged) {
            for (String token : run.accessTokens) {
                assertThat(run.opensSession(token))
                        .as("a session of an access token")
                        .isFalse();
            }
            assertThat(run.nodes.get(0).engine().of("alice").list()).isEmpty();
        }
    }

    private static String latest(Run run) {
        @Nullable String latest = null;
        for (String each : run.successors) {
            latest = each;
        }
        return latest == null ? run.presented : latest;
    }

    private static void report(String scenario, int schedules) {
        System.out.println("  refresh, " + scenario + ": " + schedules + " schedules");
        assertThat(schedules).isGreaterThan(20);
    }

    @Test
    void two_tabs_refresh_at_once() {
        report(
                "two refreshes",
                check(
                        run -> {
                            run.refresh(0);
                            run.refresh(1);
                        },
                        Fault.ALL));
    }

    @Test
    void two_tabs_refresh_while_30_seconds_pass() {
        report(
                "two refreshes, time",
                check(
                        run -> {
                            run.refresh(0);
                            run.refresh(1);
                            run.letTimePass(store.createdKeys().get(0));
                        },
                        Fault.ALL));
    }

    @Test
    void two_tabs_refresh_while_the_user_logs_out() {
        report(
                "two refreshes, logout",
                check(
                        run -> {
                            run.refresh(0);
                            run.refresh(1);
                            run.logout(2);
                        },
                        Fault.ALL));
    }

    @Test
    void a_tab_refreshes_while_all_sessions_of_the_user_are_ended() {
        report(
                "refresh, end all",
                check(
                        run -> {
                            run.refresh(0);
                            run.endAll(2);
                        },
                        Fault.ALL));
    }

    @Test
    void two_tabs_refresh_while_all_sessions_of_the_user_are_ended() {
        report(
                "two refreshes, end all",
                check(
                        run -> {
                            run.refresh(0);
                            run.refresh(1);
                            run.endAll(2);
                        },
                        Fault.ALL));
    }

    @Test
    @Tag("further")
    void two_tabs_refresh_while_the_user_logs_out_and_30_seconds_pass() {
        report(
                "two refreshes, logout, time",
                check(
                        run -> {
                            run.refresh(0);
                            run.refresh(1);
                            run.logout(2);
                            run.letTimePass(store.createdKeys().get(0));
                        },
                        Fault.LOST_RESPONSES));
    }

    @Test
    @Tag("further")
    void two_tabs_refresh_while_all_sessions_of_the_user_are_ended_and_30_seconds_pass() {
        report(
                "two refreshes, end all, time",
                check(
                        run -> {
                            run.refresh(0);
                            run.refresh(1);
                            run.endAll(2);
                            run.letTimePass(store.createdKeys().get(0));
                        },
                        Fault.LOST_RESPONSES));
    }

    @Test
    void two_tabs_refresh_while_the_user_logs_out_and_all_sessions_are_ended_and_30_seconds_pass() {
        report(
                "two refreshes, logout, end all, time",
                check(
                        run -> {
                            run.refresh(0);
                            run.refresh(1);
                            run.logout(2);
                            run.endAll(3);
                            run.letTimePass(store.createdKeys().get(0));
                        },
                        Boolean.getBoolean("everyFault") ? Fault.LOST_RESPONSES : Fault.WITHOUT));
    }
}
