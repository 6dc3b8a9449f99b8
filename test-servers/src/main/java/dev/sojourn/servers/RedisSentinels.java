package dev.sojourn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Redis 7.0.15 with one master, two replicas and three sentinels, of which two must agree. They take a master for dead
 * after one second, or after a minute where no failover is wanted. Safe for use by any thread; every method blocks until it is done.
 */
public final class RedisSentinels implements AutoCloseable {

    private static final String NAME = "mymaster";
    private static final int SENTINELS = 3;
    private static final int REPLICAS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How long the sentinels may take to sort it out by themselves. */
    private static final Duration OWN_WAY = Duration.ofSeconds(25);

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<Sentinel> sentinels = new ArrayList<>();
    private volatile int masterPort;

    private RedisSentinels(Duration downAfter, String... extraArgs) {
        List<String> options = new ArrayList<>(List.of("--repl-diskless-sync-delay", "0"));
        options.addAll(List.of(extraArgs));
        RedisServer master = RedisServer.start7(options.toArray(String[]::new));
        servers.add(master);
        masterPort = master.port();
        options.addAll(List.of("--replicaof", "127.0.0.1", Integer.toString(masterPort)));
        for (int i = 0; i < REPLICAS; i++) {
            servers.add(RedisServer.start7(options.toArray(String[]::new)));
        }
        Await.until(PATIENCE, () -> replicasOf(master) == REPLICAS, () -> "the replicas do not follow");
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(new Sentinel(masterPort, downAfter));
        }
        Await.until(
                PATIENCE,
                () -> sentinels.stream().allMatch(Sentinel::knowsAll),
                () -> "the sentinels do not find each other");
    }

    /**
     * Starts all six.
     *
     * @param extraArgs more options of the three servers that hold data: {@code "--min-replicas-to-write", "1"}
     * @return the servers; the replicas follow and the sentinels know each other
     * @throws ServerException when they do not start
     */
    public static RedisSentinels start(String... extraArgs) {
        return new RedisSentinels(Duration.ofSeconds(1), extraArgs);
    }

    /**
     * Starts all six for tests that want no failover: a master that a busy machine lets wait for a second stays the master.
     *
     * @return the servers
     * @throws ServerException when they do not start
     */
    public static RedisSentinels startSteady() {
        return new RedisSentinels(Duration.ofMinutes(1));
    }

    /**
     * Returns the address as Lettuce takes it.
     *
     * @return redis-sentinel://127.0.0.1:P1,127.0.0.1:P2,127.0.0.1:P3#mymaster
     */
    public String uri() {
        return "redis-sentinel://"
                + sentinels.stream().map(s -> "127.0.0.1:" + s.port).collect(Collectors.joining(",")) + "#" + NAME;
    }

    /**
     * Returns the servers that hold data.
     *
     * @return all three, dead or alive, the first master first
     */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    /**
     * Returns the master as of the start, the last fault or the last failover that was waited for.
     *
     * @return the master
     */
    public RedisServer master() {
        return server(masterPort);
    }

    /** Kills the master (SIGKILL). */
    public void killMaster() {
        awaitAgreement();
        master().kill();
    }

    /** Stops the master where it stands (SIGSTOP). */
    public void pauseMaster() {
        awaitAgreement();
        master().pause();
    }

    /** Asks for a failover while the master lives, and waits for it. */
    public void failover() {
        awaitAgreement();
        Await.until(PATIENCE, sentinels.get(0)::beginsFailover, () -> "no failover is begun");
        awaitFailover();
    }

    /** Waits until all sentinels name another master than {@link #master()}, and that one takes itself for a master. */
    public void awaitFailover() {
        int before = masterPort;
        Await.until(
                PATIENCE,
                () -> agreed() && masterPort != before,
                () -> "no failover" + sentinels.get(0).process.log());
    }

    /**
     * Starts servers that were killed, lets paused ones go on, and waits until all follow the master. The sentinels take some
     * ten seconds to turn an old master into a replica, and clients may write to it until then.
     */
    public void heal() {
        heal(OWN_WAY);
    }

    /** As {@link #heal()}, and does not wait for the sentinels: an old master is told at once whom to follow. */
    public void healAtOnce() {
        heal(Duration.ZERO);
    }

    private void heal(Duration ownWay) {
        rise();
        long told = System.nanoTime() + ownWay.toNanos();
        Await.until(
                PATIENCE,
                () -> {
                    if (System.nanoTime() - told >= 0) {
                        tellWhomToFollow();
                    }
                    return allFollow();
                },
                () -> "the replicas do not follow" + state());
    }

    private void rise() {
        for (RedisServer server : servers) {
            if (server.alive()) {
                server.resume();
            } else {
                server.restart();
            }
        }
    }

    /** On a busy machine a master is missed for a second and another one chosen: who it is is looked up each time. */
    private boolean allFollow() {
        return agreed() && replicasOf(master()) == REPLICAS;
    }

    private void tellWhomToFollow() {
        if (!agreed()) {
            return;
        }
        String master = Integer.toString(masterPort);
        for (RedisServer server : servers) {
            if (server.port() != masterPort && server.answers() && !follows(server, master)) {
                server.command("REPLICAOF", "127.0.0.1", master);
            }
        }
    }

    private void awaitAgreement() {
        Await.until(PATIENCE, this::agreed, () -> "the sentinels do not agree" + state());
    }

    /** Whether all sentinels name one server that takes itself for the master; {@link #master()} is that one then. */
    private boolean agreed() {
        try {
            List<Integer> named =
                    sentinels.stream().map(Sentinel::master).distinct().toList();
            if (named.size() != 1 || !isMaster(server(named.get(0)))) {
                return false;
            }
            masterPort = named.get(0);
            return true;
        } catch (ServerException notNow) {
            return false;
        }
    }

    private String state() {
        StringBuilder state = new StringBuilder();
        for (RedisServer server : servers) {
            state.append("\n").append(server.port()).append(": ");
            state.append(server.answers() ? server.text("INFO", "replication") : "no answer");
        }
        return state.append(sentinels.get(0).process.log()).toString();
    }

    /** Kills all and removes their data. */
    @Override
    public void close() {
        sentinels.forEach(Sentinel::close);
        servers.forEach(RedisServer::close);
    }

    private RedisServer server(int port) {
        return servers.stream().filter(s -> s.port() == port).findFirst().orElseThrow();
    }

    private static boolean follows(RedisServer server, String master) {
        return !isMaster(server) && server.info("master_port").equals(master);
    }

    private static boolean isMaster(RedisServer server) {
        return server.info("role").equals("master");
    }

    private static long replicasOf(RedisServer server) {
        return server.info()
                .lines()
                .filter(line -> line.startsWith("slave") && line.contains("state=online"))
                .count();
    }

    private static final class Sentinel {

        private static final Duration ANSWER = Duration.ofSeconds(5);

        private final Path folder = Folders.fresh("sentinel");
        private final int port = Ports.free();
        private final ServerProcess process;

        Sentinel(int masterPort, Duration downAfter) {
            Path configuration = folder.resolve("sentinel.conf");
            try {
                Files.writeString(configuration, """
                        port %d
                        bind 127.0.0.1
                        dir %s
                        sentinel monitor %s 127.0.0.1 %d 2
                        sentinel down-after-milliseconds %s %d
                        sentinel failover-timeout %s 4000
                        sentinel parallel-syncs %s 2
                        """.formatted(
                                port, folder, NAME, masterPort, NAME, downAfter.toMillis(), NAME, NAME));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            process = ServerProcess.start(
                    "Redis Sentinel",
                    Spawner.bound(List.of(Binaries.redis7().toString(), configuration.toString(), "--sentinel")),
                    folder);
            process.await(() -> ask("PING").isPresent());
        }

        Object call(String... words) {
            try (Resp connection = Resp.connect(port, ANSWER)) {
                return Objects.requireNonNull(connection.call(words));
            } catch (IOException e) {
                throw new ServerException("a sentinel does not answer" + process.log(), e);
            }
        }

        boolean knowsAll() {
            List<?> fields = (List<?>) call("SENTINEL", "MASTER", NAME);
            return field(fields, "num-other-sentinels") == SENTINELS - 1 && field(fields, "num-slaves") == REPLICAS;
        }

        /** Not while it is still about the last one, and not before it has met the replicas again. */
        boolean beginsFailover() {
            try {
                call("SENTINEL", "FAILOVER", NAME);
                return true;
            } catch (ServerException notYet) {
                return false;
            }
        }

        int master() {
            List<?> address = (List<?>) call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME);
            return Integer.parseInt(String.valueOf(address.get(1)));
        }

        void close() {
            process.end();
            Folders.remove(folder);
        }

        private Optional<Object> ask(String... words) {
            try {
                return Optional.of(call(words));
            } catch (ServerException e) {
                return Optional.empty();
            }
        }

        private static int field(List<?> fields, String name) {
            return Integer.parseInt(String.valueOf(fields.get(fields.indexOf(name) + 1)));
        }
    }
}
