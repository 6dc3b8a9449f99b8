package dev.sojourn.benchmarks;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionException;
import dev.sojourn.Sessions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures many writers of one session, each of which increments a counter with {@code update}. Within one node their
 * commits are combined: the request that has the session's lock saves all waiting commits in one write. For comparison,
 * each writer is a node of its own over the same store, so no commits are combined and every conflict leads to a
 * replay. No update may be lost in either case.
 */
@Command(
        name = "HotSession",
        mixinStandardHelpOptions = true,
        description = "Measures many writers on one session, combined and by plain replay.")
public final class HotSession implements Callable<Integer> {
    private static final String COUNTER = "count";

    @Option(names = "--writers", paramLabel = "N", description = "threads (default 32)")
    private int writers = 32;

    @Option(names = "--seconds", paramLabel = "N", description = "of each measurement (default 5)")
    private int seconds = 5;

    @Option(names = "--warmup", paramLabel = "N", description = "seconds before each measurement (default 3)")
    private int warmup = 3;

    @Option(names = "--trip", paramLabel = "MICROSECONDS", description = "of the slow store (default 200)")
    private int trip = 200;

    /** For the command line parser. */
    HotSession() {}

    /**
     * Prints a Markdown table.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        int code = new CommandLine(new HotSession()).execute(arguments);
        System.out.flush();
        System.exit(code);
    }

    /** The result of one measurement. */
    private record Measurement(
            long updates, double seconds, long calls, long conflicts, long refused, long lost, Duration trip) {
        double perSecond() {
            return updates / seconds;
        }

        String row(String store, String mode) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %,.0f | %.2f | %.2f | %d | %d |",
                    store,
                    mode,
                    perSecond(),
                    calls / (double) updates,
                    conflicts / (double) updates,
                    refused,
                    lost);
        }
    }

    @Override
    public Integer call() throws Exception {
        System.out.println(
                "| store | " + writers
                        + " writers of one session | updates/s | store calls an update | conflicts an update | refused (503) | lost |");
        System.out.println("|---|---|---|---|---|---|---|");
        long lost = compare("memory", Duration.ZERO);
        lost += compare("memory, " + trip + " µs a call", Duration.ofNanos(trip * 1_000L));
        return lost == 0 ? 0 : 1;
    }

    private long compare(String store, Duration delay) throws Exception {
        // Warm up both before measuring, so that neither runs on a warmer JVM.
        run(delay, writers, warmup);
        run(delay, 1, warmup);
        Measurement replayed = run(delay, writers, seconds);
        Measurement combined = run(delay, 1, seconds);
        System.out.println(replayed.row(store, "plain replay (each a node)"));
        System.out.println(combined.row(store, "combined (one node)"));
        System.out.printf(
                Locale.ROOT,
                "| %s | combined / plain replay | %.2f× | | | | |%n",
                store,
                combined.perSecond() / replayed.perSecond());
        if (!delay.isZero()) {
            System.out.printf(
                    Locale.ROOT,
                    "%nA call of the slow store took %,d µs on average, including the inaccuracy of timers.%n",
                    combined.trip().toNanos() / 1_000);
        }
        return replayed.lost() + combined.lost();
    }

    /** Runs all writers for some seconds. The counter must equal the number of successful updates. */
    private Measurement run(Duration delay, int nodes, int duration) throws Exception {
        CountingStore store = new CountingStore(new MemoryStore(), delay);
        List<Sessions> cluster = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            cluster.add(Sessions.create(c -> c.secret(Requests.SECRET).store(store)));
        }
        List<String> cookie = Requests.startSession(cluster.get(0), session -> session.set(COUNTER, 0));
        long callsBefore = store.calls();
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(duration).toNanos();
        List<long[]> counts = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<long[]>> running = new ArrayList<>();
            for (int i = 0; i < writers; i++) {
                Sessions node = cluster.get(i % nodes);
                running.add(threads.submit(() -> write(node, cookie, end)));
            }
            for (Future<long[]> each : running) {
                counts.add(each.get());
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a writer failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        long calls = store.calls() - callsBefore;
        long updates = counts.stream().mapToLong(each -> each[0]).sum();
        long refused = counts.stream().mapToLong(each -> each[1]).sum();
        int counted = Requests.serve(
                cluster.get(0),
                InMemoryExchange.withCookie(cookie),
                session -> count(session.get(COUNTER, Integer.class)));
        return new Measurement(
                updates, elapsed, calls, store.conflicts(), refused, updates - counted, store.meanCallTime());
    }

    /** Runs one writer. Returns the numbers of its successful and refused updates. */
    private static long[] write(Sessions node, List<String> cookie, long end) {
        long[] counts = new long[2];
        while (System.nanoTime() < end) {
            try {
                Requests.serve(
                        node,
                        InMemoryExchange.withCookie(cookie),
                        session -> count(session.update(COUNTER, Integer.class, n -> count(n) + 1)));
                counts[0]++;
            } catch (SessionException e) {
                counts[1]++;
            }
        }
        return counts;
    }

    private static int count(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}
