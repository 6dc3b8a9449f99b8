package dev.sojourn.histories;

import dev.sojourn.histories.AccessViolation.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Two nodes with sealed sessions or token sessions, and the load of clients. */
final class AccessCluster implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int QUIET_MILLIS = 500;
    private static final int CHECK_MILLIS = 250;
    private static final int RETRY_MILLIS = 20;
    private static final int SHORT_SESSION = 30;
    private static final int LONG_SESSION = 600;

    private final String name;
    private final Settings settings;
    private final AccessFlavor flavor;
    private final NodeGroup nodes;

    /**
     * Starts two nodes.
     *
     * @param name the name of the test
     * @param settings the seed and the length
     * @param flavor the kind of sessions
     * @param stores for each node, the addresses of the revocations and, with token sessions, of the sessions
     * @param error by how much the clock of the second node is ahead
     */
    AccessCluster(String name, Settings settings, AccessFlavor flavor, List<List<String>> stores, Duration error) {
        this.name = name;
        this.settings = settings;
        this.flavor = flavor;
        String clock = NodeClock.startNow();
        List<List<String>> arguments = new ArrayList<>();
        for (List<String> each : stores) {
            List<String> own = new ArrayList<>();
            own.add(arguments.isEmpty() ? clock : NodeClock.ahead(clock, error));
            own.addAll(each);
            arguments.add(own);
        }
        this.nodes = new NodeGroup(name, AccessNode.class, arguments);
    }

    /** Starts two nodes with the same time. */
    AccessCluster(String name, Settings settings, AccessFlavor flavor, List<List<String>> stores) {
        this(name, settings, flavor, stores, Duration.ZERO);
    }

    /** Returns the faults of the nodes. */
    List<Fault> nodeFaults() {
        return nodes.faults();
    }

    /** Runs load with faults, then load without faults, and then tries the tokens of every session on every node. */
    @SuppressWarnings("try") // the load runs until the end of the block
    AccessReport run(List<List<Fault>> lanes) {
        AccessClient client = new AccessClient(nodes, flavor);
        List<String> faults;
        try (Load load = startLoad(client)) {
            faults = FaultInjector.run(settings, lanes);
            for (int node = 0; node < nodes.count(); node++) {
                awaitResponse(client, new AccessClient.Request(AccessKind.LOGIN, "probe" + node, "probe", null, node));
            }
            await(() -> AccessReport.isEnough(flavor, client.operations()));
        }
        TimedWait.pause(TimeUnit.NANOSECONDS.toMillis(AccessTimes.ofNodes().delay()) + 1);
        tryLastTokens(client);
        return report(client, faults);
    }

    /** Runs load until a guarantee is violated, or the time is over: how long that takes depends on the machine. */
    @SuppressWarnings("try") // the load runs until the end of the block
    AccessReport runUntilViolated(Rule rule) {
        AccessClient client = new AccessClient(nodes, flavor);
        try (Load load = startLoad(client)) {
            await(() -> AccessChecker.check(client.operations(), AccessTimes.ofNodes()).stream()
                    .anyMatch(each -> each.rule() == rule));
        }
        return report(client, List.of());
    }

    /** Half of the devices sign out often, and share their users; the others refresh their tokens for a long time. */
    private Load startLoad(AccessClient client) {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            devices.add(new Device("short" + i, "often" + i % 2, SHORT_SESSION, client));
            devices.add(new Device("long" + i, "seldom" + i, LONG_SESSION, client));
        }
        return Load.start(devices, settings.seed());
    }

    private AccessReport report(AccessClient client, List<String> faults) {
        AccessReport report = AccessReport.of(name, settings, flavor, client.operations(), faults);
        System.out.println(report.summary());
        return report;
    }

    private static void await(BooleanSupplier condition) {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        TimedWait.pause(QUIET_MILLIS);
        while (!condition.getAsBoolean() && System.nanoTime() < giveUp) {
            TimedWait.pause(CHECK_MILLIS);
        }
    }

    /** Uses the last access token of every session on every node, and its last refresh token on one. */
    private void tryLastTokens(AccessClient client) {
        Map<String, AccessOperation> lastAccess = new LinkedHashMap<>();
        Map<String, AccessOperation> lastRefresh = new LinkedHashMap<>();
        for (AccessOperation each : client.operations()) {
            if (each.outcome().access() != null) {
                lastAccess.put(each.family(), each);
            }
            if (each.outcome().refresh() != null) {
                lastRefresh.put(each.family(), each);
            }
        }
        lastAccess.forEach((family, last) -> {
            for (int node = 0; node < nodes.count(); node++) {
                awaitResponse(
                        client,
                        new AccessClient.Request(
                                AccessKind.USE,
                                family,
                                last.user(),
                                last.outcome().access(),
                                node));
            }
        });
        lastRefresh.forEach((family, last) -> awaitResponse(
                client,
                new AccessClient.Request(
                        AccessKind.REFRESH, family, last.user(), last.outcome().refresh(), 0)));
    }

    /** Repeats a request until the token is judged, which shows that the application recovers without a restart. */
    private static void awaitResponse(AccessClient client, AccessClient.Request request) {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        AccessOutcome outcome = client.send(request);
        while (outcome.status() != AccessOutcome.Status.ACCEPTED && outcome.status() != AccessOutcome.Status.REFUSED) {
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("node " + request.node() + " has not recovered: " + outcome.note());
            }
            TimedWait.pause(RETRY_MILLIS);
            outcome = client.send(request);
        }
    }

    @Override
    public void close() {
        nodes.close();
    }
}
