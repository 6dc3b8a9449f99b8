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
 * Redis 7.0.15 with one master, two replicas and three sentinels with a quorum of two. They consider a master dead after one
 * second, or after a minute where no failover is wanted, and announce themselves more often than by default. Safe for use by any thread; every method blocks until it has finished.
 */
public final class RedisSentinels implements AutoCloseable {

    private static final String NAME = "mymaster";
    private static final int SENTINELS = 3;
    private static final int REPLICAS = 2;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** How long the sentinels may take to reconfigure the replicas before this class does. */
    private static final Duration SENTINEL_TIMEOUT = Duration.ofSeconds(25);

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
        Await.until(TIMEOUT, () -> connectedReplicas(master) == REPLICAS, () -> "the replicas do not follow");
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(new Sentinel(masterPort, downAfter));
        }
        Await.until(
                TIMEOUT,
                () -> sentinels.stream().allMatch(Sentinel::knowsAllServers),
                () -> "the sentinels do not find each other");
    }

    /**
     * Starts all six processes.
     *
     * @param extraArgs additional options of the three data servers: {@code "--min-replicas-to-write", "1"}
     * @return the servers; the replicas follow and the sentinels know each other
     * @throws ServerException if they do not start
     */
    public static RedisSentinels start(String... extraArgs) {
        return new RedisSentinels(Duration.ofSeconds(1), extraArgs);
    }

    /**
     * Starts all six processes for tests that want no failover: a master that a busy machine delays for a second stays the
     * master.
     *
     * @return the servers
     * @throws ServerException if they do not start
     */
    public static RedisSentinels startSteady() {
        return new RedisSentinels(Duration.ofMinutes(1));
    }

    /**
     * Returns the URI for Lettuce.
     *
     * @return redis-sentinel://127.0.0.1:P1,127.0.0.1:P2,127.0.0.1:P3#mymaster
     */
    public String uri() {
        return "redis-sentinel://"
                + sentinels.stream().map(s -> "127.0.0.1:" + s.port).collect(Collectors.joining(",")) + "#" + NAME;
    }

    /**
     * Returns the data servers.
     *
     * @return all three, running or not, the initial master first
     */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    /**
     * Returns the master as of the start, the last fault or the last failover that this class waited for.
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

    /** Suspends the master (SIGSTOP). */
    public void pauseMaster() {
        awaitAgreement();
        master().pause();
    }

    /** Requests a failover while the master is running, and waits for it. */
    public void failover() {
        awaitAgreement();
        Await.until(TIMEOUT, sentinels.get(0)::startFailover, () -> "no failover starts");
        awaitFailover();
    }

    /** Waits until all sentinels name a master other than {@link #master()}, and that server has the role of a master. */
    public void awaitFailover() {
        int before = masterPort;
        Await.until(
                TIMEOUT,
                // A paused master does not respond, so it is not asked for its role.
                () -> namedMaster().filter(named -> named != before).isPresent()
                        && updateMasterIfAgreed()
                        && masterPort != before,
                () -> "no failover" + sentinels.get(0).process.log());
    }

    /**
     * Starts killed servers, resumes paused ones, and waits until all follow the master. The sentinels take about two seconds
     * to turn a former master into a replica; until then clients may write to it.
     */
    public void heal() {
        heal(SENTINEL_TIMEOUT);
    }

    /** Does the same as {@link #heal()} without waiting for the sentinels: reconfigures a former master immediately. */
    public void healAtOnce() {
        heal(Duration.ZERO);
    }

    private void heal(Duration sentinelTimeout) {
        restartEnded();
        long deadline = System.nanoTime() + sentinelTimeout.toNanos();
        Await.until(
                TIMEOUT,
                () -> {
                    if (System.nanoTime() - deadline >= 0) {
                        reconfigureReplicas();
                    }
                    return allFollow();
                },
                () -> "the replicas do not follow" + state());
    }

    private void restartEnded() {
        for (RedisServer server : servers) {
            if (server.isAlive()) {
                server.resume();
            } else {
                server.restart();
            }
        }
    }

    /** Looks the master up each time: on a busy machine the sentinels may miss it for a second and elect another one. */
    private boolean allFollow() {
        return updateMasterIfAgreed() && connectedReplicas(master()) == REPLICAS;
    }

    private void reconfigureReplicas() {
        if (!updateMasterIfAgreed()) {
            return;
        }
        String master = Integer.toString(masterPort);
        for (RedisServer server : servers) {
            if (server.port() != masterPort && server.acceptsClients() && !follows(server, master)) {
                server.command("REPLICAOF", "127.0.0.1", master);
            }
        }
    }

    private void awaitAgreement() {
        Await.until(TIMEOUT, this::updateMasterIfAgreed, () -> "the sentinels do not agree" + state());
    }

    /** Updates {@link #master()} and returns true, if all sentinels name one server and it has the role of a master. */
    private boolean updateMasterIfAgreed() {
        try {
            Optional<Integer> named = namedMaster().filter(port -> isMaster(server(port)));
            named.ifPresent(port -> masterPort = port);
            return named.isPresent();
        } catch (ServerException notNow) {
            return false;
        }
    }

    /** Returns the port of the server that all sentinels name; empty if they do not agree or one does not respond. */
    private Optional<Integer> namedMaster() {
        try {
            List<Integer> named =
                    sentinels.stream().map(Sentinel::master).distinct().toList();
            return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
        } catch (ServerException notNow) {
            return Optional.empty();
        }
    }

    private String state() {
        StringBuilder state = new StringBuilder();
        for (RedisServer server : servers) {
            state.append("\n").append(server.port()).append(": ");
            state.append(server.acceptsClients() ? server.text("INFO", "replication") : "no response");
        }
        return state.append(sentinels.get(0).process.log()).toString();
    }

    /** Kills all processes and removes their data. */
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

    private static long connectedReplicas(RedisServer server) {
        return server.info()
                .lines()
                .filter(line -> line.startsWith("slave") && line.contains("state=online"))
                .count();
    }

    private static final class Sentinel {

        private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

        private final Path folder = Folders.create("sentinel");
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
                    Spawner.tieToJvm(List.of(Binaries.redis7().toString(), configuration.toString(), "--sentinel")),
                    folder);
            process.await(() -> tryCall("PING").isPresent());
            // By default a sentinel announces itself every two seconds and asks a server every ten for its role. It
            // lets a former master be one for four announcements.
            call("SENTINEL", "DEBUG", "PUBLISH-PERIOD", "500", "INFO-PERIOD", "1000");
        }

        Object call(String... words) {
            try (Resp connection = Resp.connect(port, CALL_TIMEOUT)) {
                return Objects.requireNonNull(connection.call(words));
            } catch (IOException e) {
                throw new ServerException("a sentinel does not respond" + process.log(), e);
            }
        }

        boolean knowsAllServers() {
            List<?> fields = (List<?>) call("SENTINEL", "MASTER", NAME);
            return field(fields, "num-other-sentinels") == SENTINELS - 1 && field(fields, "num-slaves") == REPLICAS;
        }

        /** Returns false while the sentinel still handles the last failover, and before it has found the replicas again. */
        boolean startFailover() {
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

        private Optional<Object> tryCall(String... words) {
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
