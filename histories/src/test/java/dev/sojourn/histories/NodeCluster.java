package dev.sojourn.histories;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Two nodes with one store, and the load of clients. */
final class NodeCluster implements AutoCloseable, Client.Nodes {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int QUIET_MILLIS = 500;
    private static final int RETRY_MILLIS = 20;

    private final String name;
    private final Settings settings;
    private final List<NodeProcess> nodes = new ArrayList<>();

    /**
     * Starts one node for each address.
     *
     * @param name the name of the test
     * @param stores the store's address for each node, with further arguments separated by spaces
     */
    NodeCluster(String name, Settings settings, List<String> stores) {
        this.name = name;
        this.settings = settings;
        Path folder = Settings.folder();
        try {
            for (int i = 0; i < stores.size(); i++) {
                nodes.add(NodeProcess.start(name + "-node" + i, argumentsOf(stores.get(i)), folder));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static List<String> argumentsOf(String store) {
        return List.of(store.split(" ", -1));
    }

    /** Kills each node and starts it with another store, one after the other, so that they temporarily differ. */
    void deploy(List<String> stores) {
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).deploy(argumentsOf(stores.get(i)));
        }
    }

    @Override
    public int count() {
        return nodes.size();
    }

    @Override
    public int port(int node) {
        return nodes.get(node).port();
    }

    /** Returns the faults of the nodes. */
    List<Fault> nodeFaults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            NodeProcess node = nodes.get(i);
            faults.add(new Fault("node " + i + " killed and restarted", node::kill, node::restart, 50, 400));
            faults.add(new Fault("node " + i + " paused", node::pause, node::resume, 200, 2_500));
        }
        return faults;
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
        Client client = new Client(history, this);
        List<String> faults;
        try (Load load = Load.start(client, settings.seed())) {
            faults = script.apply(client);
            for (int node = 0; node < count(); node++) {
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
                                OperationKind.READ, each.owner(), each.user(), "", token, random.nextInt(count())));
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
        nodes.forEach(NodeProcess::close);
    }
}
