package dev.sojourn.servers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis 7.0.15 Cluster of three shards, each with one master and optionally one replica. Nodes consider another node dead
 * after two seconds. Safe for use by any thread; every method blocks until it has finished.
 */
public final class RedisCluster implements AutoCloseable {

    private static final int SHARDS = 3;
    private static final int SLOTS = 16_384;

    /** The number of fields before the slots in a line of CLUSTER NODES. */
    private static final int FIELDS = 8;

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final List<RedisServer> nodes;
    private final List<String> ids;

    private RedisCluster(int count, String... extraArgs) {
        List<String> options = new ArrayList<>(List.of("--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0"));
        // Without replicas there is no failover, and a node that a busy machine delays must not fail the cluster.
        options.addAll(List.of("--cluster-node-timeout", count > SHARDS ? "2000" : "60000"));
        options.addAll(List.of(extraArgs));
        nodes = IntStream.range(0, count)
                .mapToObj(i -> RedisServer.start7(options.toArray(String[]::new)))
                .toList();
        ids = nodes.stream().map(node -> node.text("CLUSTER", "MYID")).toList();
        join();
    }

    /**
     * Starts three masters.
     *
     * @param extraArgs additional options of every node
     * @return the cluster, in which every node knows the masters of all slots
     * @throws ServerException if it does not start
     */
    public static RedisCluster start(String... extraArgs) {
        return new RedisCluster(SHARDS, extraArgs);
    }

    /**
     * Starts three masters with one replica each.
     *
     * @param extraArgs additional options of every node
     * @return the cluster, in which every node knows the masters of all slots and the replicas follow
     * @throws ServerException if it does not start
     */
    public static RedisCluster startWithReplicas(String... extraArgs) {
        return new RedisCluster(2 * SHARDS, extraArgs);
    }

    /**
     * Returns the URI for Sojourn.
     *
     * @return redis-cluster://127.0.0.1:P1,127.0.0.1:P2,127.0.0.1:P3
     */
    public String uri() {
        return "redis-cluster://"
                + nodes.stream()
                        .limit(SHARDS)
                        .map(node -> "127.0.0.1:" + node.port())
                        .collect(Collectors.joining(","));
    }

    /**
     * Returns all nodes, running or not.
     *
     * @return the initial masters by shard, then the initial replicas by shard
     */
    public List<RedisServer> nodes() {
        return nodes;
    }

    /**
     * Returns the node that currently serves a shard, as a running node reports it.
     *
     * @param shard 0, 1 or 2
     * @return its master, which may have ended if no node has noticed yet
     */
    public RedisServer master(int shard) {
        String slots = firstSlot(shard) + "-" + (firstSlot(shard + 1) - 1);
        return slotOwners(livingNode()).stream()
                .filter(owner -> owner.endsWith(" " + slots))
                .map(owner -> nodes.get(ids.indexOf(firstWord(owner))))
                .findFirst()
                .orElseThrow(() -> new ServerException("no node serves shard " + shard));
    }

    /**
     * Kills the master of a shard (SIGKILL).
     *
     * @param shard 0, 1 or 2
     */
    public void killMaster(int shard) {
        master(shard).kill();
    }

    /**
     * Suspends the master of a shard (SIGSTOP).
     *
     * @param shard 0, 1 or 2
     */
    public void pauseMaster(int shard) {
        master(shard).pause();
    }

    /** Waits until responsive nodes serve all slots, and all of these nodes agree. */
    public void awaitFailover() {
        Await.until(
                TIMEOUT,
                this::isComplete,
                () -> "the cluster does not recover:\n" + String.join("\n", view(livingNode())));
    }

    /** Starts killed nodes, resumes paused ones, and waits until the cluster is complete and the replicas follow. */
    public void heal() {
        for (RedisServer node : nodes) {
            if (node.isAlive()) {
                node.resume();
            } else {
                node.restart();
            }
        }
        awaitComplete();
    }

    /** Kills all nodes and removes their data. */
    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }

    private void join() {
        RedisServer first = nodes.get(0);
        for (int shard = 0; shard < SHARDS; shard++) {
            nodes.get(shard)
                    .command(
                            "CLUSTER",
                            "ADDSLOTSRANGE",
                            Integer.toString(firstSlot(shard)),
                            Integer.toString(firstSlot(shard + 1) - 1));
            // otherwise all start with the same epoch, and resolving that takes seconds
            nodes.get(shard).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(shard + 1));
        }
        for (RedisServer node : nodes.subList(1, nodes.size())) {
            node.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(first.port()));
        }
        Await.until(TIMEOUT, this::hasFullMesh, () -> "the nodes do not find each other");
        for (int i = SHARDS; i < nodes.size(); i++) {
            nodes.get(i).command("CLUSTER", "REPLICATE", ids.get(i - SHARDS));
        }
        awaitComplete();
    }

    private void awaitComplete() {
        Await.until(
                TIMEOUT,
                () -> isComplete() && masters() == SHARDS && nodes.stream().allMatch(RedisCluster::followsMaster),
                () -> "the cluster does not start:\n" + String.join("\n", view(livingNode())));
    }

    private long masters() {
        return nodes.stream().filter(RedisCluster::isMaster).count();
    }

    private boolean hasFullMesh() {
        return nodes.stream()
                .allMatch(node -> view(node).stream()
                                .filter(line -> line.contains(" connected") && !line.contains("handshake"))
                                .count()
                        == nodes.size());
    }

    private boolean isComplete() {
        List<RedisServer> responsive =
                nodes.stream().filter(RedisCluster::isResponsive).toList();
        Set<Set<String>> views = responsive.stream().map(this::slotOwners).collect(Collectors.toSet());
        return views.size() == 1
                && responsive.stream().allMatch(RedisCluster::isStateOk)
                && views.iterator().next().stream()
                        .allMatch(owner -> responsive.contains(nodes.get(ids.indexOf(firstWord(owner)))));
    }

    /** Returns which nodes serve which slots, as this node sees it: one text per node, its id and its slots. */
    private Set<String> slotOwners(RedisServer node) {
        return view(node).stream()
                .map(line -> line.split(" ", FIELDS + 1))
                .filter(words -> words.length > FIELDS)
                .map(words -> words[0] + " " + words[FIELDS])
                .collect(Collectors.toSet());
    }

    private static boolean isMaster(RedisServer node) {
        return node.info("role").equals("master");
    }

    private static boolean followsMaster(RedisServer node) {
        return isMaster(node) || node.info("master_link_status").equals("up");
    }

    private static boolean isStateOk(RedisServer node) {
        return node.text("CLUSTER", "INFO").contains("cluster_state:ok");
    }

    /** Returns whether a node responds within half a second; the process of a paused node is alive, but does not respond. */
    private static boolean isResponsive(RedisServer node) {
        return node.isAlive()
                && CompletableFuture.supplyAsync(node::acceptsClients)
                        .completeOnTimeout(false, 500, TimeUnit.MILLISECONDS)
                        .join();
    }

    /** Returns a responsive node. On a busy machine a node may miss one short probe, so this retries until the timeout. */
    private RedisServer livingNode() {
        AtomicReference<@Nullable RedisServer> found = new AtomicReference<>();
        Await.until(
                TIMEOUT,
                () -> {
                    nodes.stream()
                            .filter(RedisCluster::isResponsive)
                            .findFirst()
                            .ifPresent(found::set);
                    return found.get() != null;
                },
                () -> "no node of the cluster responds");
        return Objects.requireNonNull(found.get(), "a node was found");
    }

    private static List<String> view(RedisServer node) {
        return node.text("CLUSTER", "NODES").lines().toList();
    }

    private static String firstWord(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    private static int firstSlot(int shard) {
        return Math.round((float) SLOTS * shard / SHARDS);
    }
}
