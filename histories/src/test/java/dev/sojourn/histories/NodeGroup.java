package dev.sojourn.histories;

import java.util.ArrayList;
import java.util.List;

/** The node processes of one application. */
final class NodeGroup implements AutoCloseable, Client.Nodes {
    private final List<NodeProcess> nodes = new ArrayList<>();

    /**
     * Starts one node for each list of arguments.
     *
     * @param name the name of the test, which begins the names of the nodes
     * @param program the class with the {@code main} method
     */
    NodeGroup(String name, Class<?> program, List<List<String>> arguments) {
        try {
            for (int i = 0; i < arguments.size(); i++) {
                nodes.add(NodeProcess.start(name + "-node" + i, program, arguments.get(i), Settings.folder()));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Kills each node and starts it with other arguments, one after the other, so that they temporarily differ. */
    void deploy(List<List<String>> arguments) {
        for (int i = 0; i < nodes.size(); i++) {
            nodes.get(i).deploy(arguments.get(i));
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
    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            NodeProcess node = nodes.get(i);
            faults.add(new Fault("node " + i + " killed and restarted", node::kill, node::restart, 50, 400));
            faults.add(new Fault("node " + i + " paused", node::pause, node::resume, 200, 2_500));
        }
        return faults;
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
    }
}
