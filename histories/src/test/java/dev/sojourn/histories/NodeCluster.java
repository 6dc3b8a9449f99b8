package dev.sojourn.histories;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Two nodes with one store, and the load of clients. */
final class NodeCluster implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int QUIET_MILLIS = 500;
    private static final int RETRY_MILLIS = 20;

    private final String name;
    private final Settings settings;
    private final NodeGroup nodes;

    /**
     * Starts one node for each address.
     *
     * @param name the name of the test
     * @param stores the store's address for each node, with further arguments separated by spaces
     */
    NodeCluster(String name, Settings settings, List<String> stores) {
        this.name = name;
        this.settings = settings;
        this.nodes = new NodeGroup(name, Node.class, argumentsOf(stores));
    }

    private static List<List<String>> argumentsOf(List<String> stores) {
        return stores.stream().map(each -> List.of(each.split(" ", -1))).toList();
    }

    /** Kills each node and starts it with another store, one after the other, so that they temporarily differ. */
    void deploy(List<String> stores) {
        nodes.deploy(argumentsOf(stores));
    }

    /** Returns the faults of the nodes. */
    List<Fault> nodeFaults() {
        return nodes.faults();
    }

    /** Runs load with faults, then load without faults, and then reads every session under every id that it had. */
    Report run(List<List<Fault>> lanes) {
        return run(client -> FaultInjector.run(settings, lanes));
    }

    /**
     * Runs load with scripted faults, then load without faults, and then reads every session under every id that it had.
     *
     * @param script injects the faults and returns a description of each
     */
    @SuppressWarnings("try") // the load runs until the end of the block
    Report run(Function<Client, List<String>> script) {
        History history = new History();
        Client client = new Client(history, nodes);
        List<String> faults;
        try (Load load = Load.start(client, settings.seed())) {
            faults = script.apply(client);
            for (int node = 0; node < nodes.count(); node++) {
                awaitResponse(client, Client.Request.start("probe" + node, "probe", node));
            }
            TimedWait.pause(QUIET_MILLIS);
            awaitEnoughOperations(history);
        }
        readAllSessions(client, history.operations());
        Report report = Report.of(name, settings, history.operations(), faults);
        System.out.println(report.summary());
        return report;
    }

    /** Waits until each kind of request has succeeded: on a busy machine, the faults may end before that. */
    private static void awaitEnoughOperations(History history) {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        while (!Report.isEnough(history.operations()) && System.nanoTime() < giveUp) {
            TimedWait.pause(QUIET_MILLIS);
        }
    }

    private void readAllSessions(Client client, List<Operation> operations) {
        Random random = new Random(settings.seed());
        for (Operation each : operations) {
            String token = each.outcome().newToken();
            if (token != null) {
                awaitResponse(
                        client,
                        new Client.Request(
                                OperationKind.READ,
                                each.owner(),
                                each.user(),
                                "",
                                token,
                                random.nextInt(nodes.count())));
            }
        }
    }

    /** Repeats a request until it succeeds, which shows that the application recovers without a restart. */
    static void awaitResponse(Client client, Client.Request request) {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        OperationOutcome outcome = client.send(request);
        while (!outcome.isDone() && !outcome.hasNoSession()) {
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
