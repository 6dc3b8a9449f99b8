package dev.sojourn.histories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.histories.Violation.Rule;
import dev.sojourn.servers.PostgresPair;
import dev.sojourn.servers.RedisCluster;
import dev.sojourn.servers.RedisSentinels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server takes another one's place under load. PostgreSQL with a synchronous standby loses nothing. Replication of Redis
 * is asynchronous, so writes that a master acknowledged and no replica has got are lost: they are counted, not forbidden.
 * What was acknowledged before the master broke, or after the old one had gone, is there; nothing is doubled, invented or
 * another's; and the application goes on without a restart.
 */
class FailoverTest {
    private static final int BEFORE_MILLIS = 1_500;
    private static final int AFTER_MILLIS = 1_000;
    /** A Cluster serves most sessions all the time, so one good answer says little. */
    private static final int ANSWERS_IN_A_ROW = 12;

    /** Several hundred on an idle machine. */
    private static final int LEAST_WRITES = 50;

    private static final int SHARD = 1;
    private static final int RETRY_MILLIS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WAIT = NodeStores.CONFIRMED;

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void sentinel_replaces_a_master_that_died(Settings settings) {
        try (RedisSentinels redis = RedisSentinels.start();
                Site site = site(settings, redis.uri())) {
            Outage outage = new Outage();
            Report report = site.run(client -> {
                Waiting.pause(BEFORE_MILLIS);
                long broken = outage.begins();
                redis.killMaster();
                outage.ends();
                Recovery recovery = new Recovery(client, broken);
                redis.awaitFailover();
                recovery.tell("sentinels: a replica is master");
                return recovery.await();
            });
            judge("sentinel, master killed", report, outage);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void sentinel_replaces_a_master_that_stood_still_and_comes_back(Settings settings) {
        try (RedisSentinels redis = RedisSentinels.start()) {
            masterStandsStill("master stood still", settings, redis, redis.uri());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void sentinel_replaces_a_master_that_stood_still_while_changes_wait_for_a_replica(Settings settings) {
        try (RedisSentinels redis = RedisSentinels.start()) {
            masterStandsStill("master stood still, WAIT 1", settings, redis, WAIT + redis.uri());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void sentinel_replaces_a_master_that_stood_still_and_must_not_write_without_replicas(Settings settings) {
        try (RedisSentinels redis =
                RedisSentinels.start("--min-replicas-to-write", "1", "--min-replicas-max-lag", "1")) {
            masterStandsStill("master stood still, min-replicas-to-write 1", settings, redis, redis.uri());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void a_cluster_replaces_a_master_that_died(Settings settings) {
        try (RedisCluster redis = RedisCluster.startWithReplicas();
                Site site = site(settings, redis.uri())) {
            Outage outage = new Outage();
            Report report = site.run(client -> {
                Waiting.pause(BEFORE_MILLIS);
                long broken = outage.begins();
                redis.killMaster(SHARD);
                outage.ends();
                Recovery recovery = new Recovery(client, broken);
                redis.awaitFailover();
                recovery.tell("cluster: a replica is master");
                List<String> told = recovery.await();
                redis.heal();
                Waiting.pause(AFTER_MILLIS);
                return told;
            });
            judge("cluster, master killed", report, outage);
        }
    }

    /** No excuse at all: what was acknowledged is on both. */
    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void a_postgresql_that_dies_and_is_replaced_by_its_synchronous_standby_loses_nothing(Settings settings) {
        try (PostgresPair postgres = PostgresPair.start();
                Site site = site(settings, postgres.jdbcUrl())) {
            Report report = site.run(client -> {
                Waiting.pause(BEFORE_MILLIS);
                long broken = System.nanoTime();
                postgres.killPrimary();
                Recovery recovery = new Recovery(client, broken);
                postgres.promote();
                recovery.tell("the standby is the primary");
                return recovery.await();
            });
            System.out.printf(
                    Locale.ROOT,
                    "  failover (PostgreSQL, primary killed): %d writes acknowledged%n",
                    acknowledged(report).size());
            report.assertNothingWrongUnderFaults();
        }
    }

    /** The old master comes back as a master, with clients that still hold connections to it. */
    private static void masterStandsStill(String name, Settings settings, RedisSentinels redis, String address) {
        try (Site site = site(settings, address)) {
            Outage outage = new Outage();
            Report report = site.run(client -> {
                Waiting.pause(BEFORE_MILLIS);
                long broken = outage.begins();
                redis.pauseMaster();
                Recovery recovery = new Recovery(client, broken);
                redis.awaitFailover();
                recovery.tell("sentinels: a replica is master");
                // It takes some ten seconds to learn of its successor.
                redis.heal();
                outage.ends();
                recovery.tell("the old master follows the new one");
                List<String> told = recovery.await();
                Waiting.pause(AFTER_MILLIS);
                return told;
            });
            judge("sentinel, " + name, report, outage);
        }
    }

    private static Site site(Settings settings, String address) {
        return new Site("FailoverTest", settings, List.of(address, address));
    }

    /** What an acknowledgement of the outage explains is counted; the rest is not there. */
    private static void judge(String name, Report report, Outage outage) {
        List<Operation> acknowledged = acknowledged(report);
        long doubted = acknowledged.stream().filter(outage::touches).count();
        System.out.printf(
                Locale.ROOT,
                "  failover (%s): %d writes acknowledged, %d of them in the outage, wrong answers %s%n",
                name,
                acknowledged.size(),
                doubted,
                report.counts());
        if (!report.violations().isEmpty()) {
            System.out.println("  all of it: " + report.write(name));
        }
        assertThat(report.violations().stream().filter(FailoverTest::isNeverExcused))
                .as(report::told)
                .isEmpty();
        Report believed = report.with(Checker.check(outage.disbelieved(report.operations())).stream()
                // A token that was given by an answer in doubt: the whole history has been looked at for those.
                .filter(each -> each.rule() != Rule.COOKIE)
                .toList());
        assertThat(believed.violations()).as(believed::told).isEmpty();
        assertThat(acknowledged.size() - doubted)
                .as("writes acknowledged before and after the outage")
                .isGreaterThan(LEAST_WRITES);
    }

    private static List<Operation> acknowledged(Report report) {
        return report.operations().stream()
                .filter(each -> each.isDone() && each.kind() != Kind.READ)
                .toList();
    }

    private static boolean isNeverExcused(Violation violation) {
        return switch (violation.rule()) {
            case FOREIGN_DATA, DOUBLED_WRITE, INVENTED_WRITE, COOKIE, ABSURD_ANSWER -> true;
            case LOST_WRITE, WENT_BACK, RESURRECTED, LOST_SESSION, TWINS -> false;
        };
    }

    /** Asks each node again and again from the moment of the failure on, until all sessions can be had there. */
    private static final class Recovery {
        private final long broken;
        private final Map<Integer, Long> recovered = new ConcurrentHashMap<>();
        private final List<Future<?>> probes = new ArrayList<>();
        private final List<String> told = new ArrayList<>();

        Recovery(Client client, long broken) {
            this.broken = broken;
            for (int i = 0; i < client.nodes(); i++) {
                int node = i;
                probes.add(Waiting.begin(() -> probe(client, node)));
            }
        }

        private void probe(Client client, int node) {
            int good = 0;
            long first = 0;
            for (int i = 0; good < ANSWERS_IN_A_ROW; i++) {
                if (System.nanoTime() - broken > PATIENCE.toNanos()) {
                    throw new AssertionError("node " + node + " has not recovered within " + PATIENCE);
                }
                Answer answer = client.ask(Client.Question.start("probe" + node + "." + i, "probe", node));
                good = answer.isDone() ? good + 1 : 0;
                first = good == 1 ? System.nanoTime() : first;
                Waiting.pause(RETRY_MILLIS);
            }
            recovered.put(node, first);
        }

        void tell(String what) {
            told.add(String.format(Locale.ROOT, "%6.2f s  %s", (System.nanoTime() - broken) / 1e9, what));
        }

        List<String> await() {
            for (Future<?> probe : probes) {
                try {
                    probe.get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (ExecutionException e) {
                    throw new AssertionError("the application did not come back by itself", e.getCause());
                }
            }
            recovered.forEach((node, when) -> told.add(String.format(
                    Locale.ROOT, "%6.2f s  node %d serves every session again", (when - broken) / 1e9, node)));
            return told;
        }
    }
}
