package dev.sojourn.histories;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Two nodes over one store, with clients. */
final class Site implements AutoCloseable, Client.Nodes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CALM_MILLIS = 500;
    private static final int RETRY_MILLIS = 20;

    private final String name;
    private final Settings settings;
    private final List<NodeProcess> nodes = new ArrayList<>();

    /**
     * Starts one node for each address.
     *
     * @param name the test
     * @param stores the store's address, as each node is to see it, and what else stands on its command line
     */
    Site(String name, Settings settings, List<String> stores) {
        this.name = name;
        this.settings = settings;
        Path folder = Settings.folder();
        try {
            for (int i = 0; i < stores.size(); i++) {
                nodes.add(NodeProcess.start(name + "-node" + i, words(stores.get(i)), folder));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static List<String> words(String store) {
        return List.of(store.split(" ", -1));
    }

    /** Kills each node and starts it with another store, one after the other: for a while there is one of each kind. */
    void deploy(List<String> stores) {
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).deploy(words(stores.get(i)));
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

    /** What can go wrong with the nodes themselves. */
    List<Fault> nodeFaults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            NodeProcess node = nodes.get(i);
            faults.add(new Fault("node " + i + " killed, then started again", node::kill, node::restart, 50, 400));
            faults.add(new Fault("node " + i + " stood still", node::pause, node::resume, 200, 2_500));
        }
        return faults;
    }

    /** Load and faults, then calm, then a last look at every session under every id that it had. */
    Report run(List<List<Fault>> lanes) {
        return run(client -> Faults.run(settings, lanes));
    }

    /**
     * The same with faults that follow a script.
     *
     * @param script makes the faults and says what happened
     */
    @SuppressWarnings("try") // the load runs as long as the block
    Report run(Function<Client, List<String>> script) {
        History history = new History();
        Client client = new Client(history, this);
        List<String> faults;
        try (Load load = Load.start(client, settings.seed())) {
            faults = script.apply(client);
            for (int node = 0; node < count(); node++) {
                awaitAnswer(client, Client.Question.start("probe" + node, "probe", node));
            }
            Waiting.pause(CALM_MILLIS);
            awaitWork(history);
        }
        lastLook(client, history.operations());
        Report report = Report.of(name, settings, history.operations(), faults);
        System.out.println(report.summary());
        return report;
    }

    /** On a busy machine the faults may be over before each kind of request has succeeded once. */
    private static void awaitWork(History history) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (!Report.isEnough(history.operations()) && System.nanoTime() < giveUp) {
            Waiting.pause(CALM_MILLIS);
        }
    }

    private void lastLook(Client client, List<Operation> operations) {
        Random random = new Random(settings.seed());
        for (Operation each : operations) {
            String token = each.answer().given();
            if (token != null) {
                awaitAnswer(
                        client,
                        new Client.Question(Kind.READ, each.owner(), each.user(), "", token, random.nextInt(count())));
            }
        }
    }

    /** Asks until there is an answer: whatever went wrong is right again, and nobody restarted the application for it. */
    static void awaitAnswer(Client client, Client.Question question) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        Answer answer = client.ask(question);
        while (!answer.isDone() && !answer.isEmpty()) {
            if (System.nanoTime() > giveUp) {
                throw new AssertionError("node " + question.node() + " has not recovered: " + answer.note());
            }
            Waiting.pause(RETRY_MILLIS);
            answer = client.ask(question);
        }
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
