package dev.sojourn.histories;

import dev.sojourn.histories.AccessViolation.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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
    private final AccessMode mode;
    private final NodeGroup nodes;

    /**
     * Starts two nodes.
     *
     * @param name the name of the test
     * @param settings the seed and the length
     * @param flavor the kind of sessions
     * @param stores for each node, the addresses of the revocations and, with token sessions, of the sessions
     * @param mode the options of the nodes
     * @param error by how much the clock of the second node is ahead
     */
    private AccessCluster(
            String name,
            Settings settings,
            AccessFlavor flavor,
            List<List<String>> stores,
            AccessMode mode,
            Duration error) {
        this.name = name;
        this.settings = settings;
        this.flavor = flavor;
        this.mode = mode;
        String clock = NodeClock.startNow();
        List<List<String>> options = mode.options(stores.size());
        List<List<String>> arguments = new ArrayList<>();
        for (List<String> each : stores) {
            List<String> own = new ArrayList<>();
            own.add(arguments.isEmpty() ? clock : NodeClock.ahead(clock, error));
            own.addAll(each);
            own.addAll(options.get(arguments.size()));
            arguments.add(own);
        }
        this.nodes = new NodeGroup(name, AccessNode.class, arguments);
    }

    /** Starts two nodes with the same time. */
    AccessCluster(String name, Settings settings, AccessFlavor flavor, List<List<String>> stores) {
        this(name, settings, flavor, stores, AccessMode.STRICT, Duration.ZERO);
    }

    /** Starts two nodes whose clocks differ. */
    AccessCluster(String name, Settings settings, AccessFlavor flavor, List<List<String>> stores, Duration error) {
        this(name, settings, flavor, stores, AccessMode.STRICT, error);
    }

    /** Starts two nodes with token sessions and other options than the defaults. */
    AccessCluster(String name, Settings settings, List<List<String>> stores, AccessMode mode) {
        this(name, settings, AccessFlavor.TOKENS, stores, mode, Duration.ZERO);
    }

    /** Returns the faults of the nodes. */
    List<Fault> nodeFaults() {
        return nodes.faults();
    }

    /** Runs load with faults, then load without faults, and then tries the tokens of every session on every node. */
    AccessReport run(List<List<Fault>> lanes) {
        return run(lanes, List.of());
    }

    /**
     * Runs load as {@link #run(List)} does, and leaves out the sessions whose login or end a failover may have undone.
     *
     * @param outages receives the periods in which a master acknowledged what it may have lost
     */
    @SuppressWarnings("try") // the load runs until the end of the block
    AccessReport run(List<List<Fault>> lanes, List<Outage> outages) {
        AccessClient client = new AccessClient(nodes, flavor);
        Future<?> lateClient = mode.times().skips() ? TimedWait.runAsync(() -> loseResponse(client)) : null;
        List<String> faults;
        try (Load load = startLoad(client)) {
            faults = FaultInjector.run(settings, lanes);
            for (int node = 0; node < nodes.count(); node++) {
                awaitResponse(client, new AccessClient.Request(AccessKind.LOGIN, "probe" + node, "probe", null, node));
            }
            await(() -> AccessReport.isEnough(flavor, mode, AccessReport.withoutUndone(client.operations(), outages)));
        }
        TimedWait.pause(TimeUnit.NANOSECONDS.toMillis(AccessTimes.ofNodes().delay()) + 1);
        tryLastTokens(client);
        if (lateClient != null) {
            awaitEnd(lateClient);
        }
        return report(AccessReport.withoutUndone(client.operations(), outages), faults);
    }

    /** Runs load until a guarantee is violated, or the time is over: how long that takes depends on the machine. */
    @SuppressWarnings("try") // the load runs until the end of the block
    AccessReport runUntilViolated(Rule rule) {
        AccessClient client = new AccessClient(nodes, flavor);
        try (Load load = startLoad(client)) {
            await(() -> AccessChecker.check(client.operations(), mode.times()).stream()
                    .anyMatch(each -> each.rule() == rule));
        }
        return report(client.operations(), List.of());
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

    private AccessReport report(List<AccessOperation> operations, List<String> faults) {
        AccessReport report = AccessReport.of(name, settings, flavor, mode, operations, faults);
        System.out.println(report.summary());
        return report;
    }

    /**
     * One client whose refresh token is replaced, does not get the response, and comes back with the old token once the grace
     * period is over. It is not signed out, whatever happens in the meantime.
     */
    private void loseResponse(AccessClient client) {
        String family = "late";
        AccessClient.Request login = new AccessClient.Request(AccessKind.LOGIN, family, family, null, 0);
        String token = awaitResponse(client, login).refresh();
        AccessClient.Request refresh = new AccessClient.Request(AccessKind.REFRESH, family, family, token, 1);
        pauseForGrace();
        while (client.sendAndLoseResponse(refresh).status() != AccessOutcome.Status.ACCEPTED) {
            TimedWait.pause(RETRY_MILLIS);
        }
        pauseForGrace();
        AccessOutcome late = awaitResponse(client, refresh);
        if (late.status() != AccessOutcome.Status.ACCEPTED) {
            throw new AssertionError("a client that lost a response was signed out: " + late.note());
        }
        long skipped = AccessOperation.generationOf(Objects.requireNonNull(late.refresh()))
                - AccessOperation.generationOf(Objects.requireNonNull(token))
                - 1;
        if (skipped != 1) {
            throw new AssertionError(skipped + " generations were skipped, not the one that never arrived");
        }
    }

    private void pauseForGrace() {
        TimedWait.pause(TimeUnit.NANOSECONDS.toMillis(mode.times().grace()) + 2);
    }

    private static void awaitEnd(Future<?> work) {
        try {
            work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new AssertionError("the client that came back late", e.getCause());
        }
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
    private static AccessOutcome awaitResponse(AccessClient client, AccessClient.Request request) {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        AccessOutcome outcome = client.send(request);
        while (outcome.status() != AccessOutcome.Status.ACCEPTED && outcome.status() != AccessOutcome.Status.REFUSED) {
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("node " + request.node() + " has not recovered: " + outcome.note());
            }
            TimedWait.pause(RETRY_MILLIS);
            outcome = client.send(request);
        }
        return outcome;
    }

    @Override
    public void close() {
        nodes.close();
    }
}
