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
 * Redis 7.0.15 as a Cluster of three shards, each of one master and, where asked for, one replica. Nodes take another for
 * dead after two seconds. Safe for use by any thread; every method blocks until it is done.
 */
public final class RedisCluster implements AutoCloseable {

    private static final int SHARDS = 3;
    private static final int SLOTS = 16_384;

    /** The fields of a line of CLUSTER NODES before the slots. */
    private static final int FIELDS = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<RedisServer> nodes;
    private final List<String> ids;

    private RedisCluster(int count, String... extraArgs) {
        List<String> options = new ArrayList<>(List.of("--cluster-enabled", "yes", "--repl-diskless-sync-delay", "0"));
        // Without replicas nobody can take over, and a node that a busy machine lets wait is not to end the cluster.
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
     * @param extraArgs more options of every node
     * @return the cluster, in which every node knows all slots
     * @throws ServerException when it does not come up
     */
    public static RedisCluster start(String... extraArgs) {
        return new RedisCluster(SHARDS, extraArgs);
    }

    /**
     * Starts three masters with one replica each.
     *
     * @param extraArgs more options of every node
     * @return the cluster, in which every node knows all slots and the replicas follow
     * @throws ServerException when it does not come up
     */
    public static RedisCluster startWithReplicas(String... extraArgs) {
        return new RedisCluster(2 * SHARDS, extraArgs);
    }

    /**
     * Returns the address as Sojourn takes it.
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
     * Returns all nodes, dead or alive.
     *
     * @return the first masters by shard, then the first replicas by shard
     */
    public List<RedisServer> nodes() {
        return nodes;
    }

    /**
     * Returns the node that serves a shard now, by what the living ones say.
     *
     * @param shard 0, 1 or 2
     * @return its master, which may be dead while nobody has noticed
     */
    public RedisServer master(int shard) {
        String slots = firstSlot(shard) + "-" + (firstSlot(shard + 1) - 1);
        return owners(living()).stream()
                .filter(owner -> owner.endsWith(" " + slots))
                .map(owner -> nodes.get(ids.indexOf(firstWord(owner))))
                .findFirst()
                .orElseThrow(() -> new ServerException("nobody serves shard " + shard));
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
     * Stops the master of a shard where it stands (SIGSTOP).
     *
     * @param shard 0, 1 or 2
     */
    public void pauseMaster(int shard) {
        master(shard).pause();
    }

    /** Waits until all slots are served by nodes that answer, and all of those agree. */
    public void awaitFailover() {
        Await.until(PATIENCE, this::whole, () -> "the cluster does not recover:\n" + String.join("\n", view(living())));
    }

    /** Starts nodes that were killed, lets paused ones go on, and waits until the cluster is whole and replicas follow. */
    public void heal() {
        for (RedisServer node : nodes) {
            if (node.alive()) {
                node.resume();
            } else {
                node.restart();
            }
        }
        awaitWhole();
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
            // else all start with the same epoch, and settling that takes them seconds
            nodes.get(shard).command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(shard + 1));
        }
        for (RedisServer node : nodes.subList(1, nodes.size())) {
            node.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(first.port()));
        }
        Await.until(PATIENCE, this::allKnowAll, () -> "the nodes do not meet");
        for (int i = SHARDS; i < nodes.size(); i++) {
            nodes.get(i).command("CLUSTER", "REPLICATE", ids.get(i - SHARDS));
        }
        awaitWhole();
    }

    private void awaitWhole() {
        Await.until(
                PATIENCE,
                () -> whole() && masters() == SHARDS && nodes.stream().allMatch(RedisCluster::follows),
                () -> "the cluster does not come up:\n" + String.join("\n", view(living())));
    }

    private long masters() {
        return nodes.stream().filter(RedisCluster::isMaster).count();
    }

    private boolean allKnowAll() {
        return nodes.stream()
                .allMatch(node -> view(node).stream()
                                .filter(line -> line.contains(" connected") && !line.contains("handshake"))
                                .count()
                        == nodes.size());
    }

    private boolean whole() {
        List<RedisServer> answering =
                nodes.stream().filter(RedisCluster::answersNow).toList();
        Set<Set<String>> opinions = answering.stream().map(this::owners).collect(Collectors.toSet());
        return opinions.size() == 1
                && answering.stream().allMatch(RedisCluster::stateOk)
                && opinions.iterator().next().stream()
                        .allMatch(owner -> answering.contains(nodes.get(ids.indexOf(firstWord(owner)))));
    }

    /** Who serves which slots, as this node sees it: each the id and the slots. */
    private Set<String> owners(RedisServer witness) {
        return view(witness).stream()
                .map(line -> line.split(" ", FIELDS + 1))
                .filter(words -> words.length > FIELDS)
                .map(words -> words[0] + " " + words[FIELDS])
                .collect(Collectors.toSet());
    }

    private static boolean isMaster(RedisServer node) {
        return node.info("role").equals("master");
    }

    private static boolean follows(RedisServer node) {
        return isMaster(node) || node.info("master_link_status").equals("up");
    }

    private static boolean stateOk(RedisServer node) {
        return node.text("CLUSTER", "INFO").contains("cluster_state:ok");
    }

    /** A paused node is alive and answers nobody, so a short question decides. */
    private static boolean answersNow(RedisServer node) {
        return node.alive()
                && CompletableFuture.supplyAsync(node::answers)
                        .completeOnTimeout(false, 500, TimeUnit.MILLISECONDS)
                        .join();
    }

    /** A busy machine may leave one short question unanswered; all of them for so long is another matter. */
    private RedisServer living() {
        AtomicReference<@Nullable RedisServer> living = new AtomicReference<>();
        Await.until(
                PATIENCE,
                () -> {
                    nodes.stream().filter(RedisCluster::answersNow).findFirst().ifPresent(living::set);
                    return living.get() != null;
                },
                () -> "no node of the cluster answers");
        return Objects.requireNonNull(living.get(), "one was found");
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
