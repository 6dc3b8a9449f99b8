package dev.sojourn.histories;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Starts and ends faults at random until the time is over and each fault has occurred once. The faults of one lane are
 * sequential; those of different lanes may overlap.
 */
final class FaultInjector {
    private static final int SHORTEST_CALM_MILLIS = 200;
    private static final int LONGEST_CALM_MILLIS = 900;

    private final long beginning = System.nanoTime();
    private final long until;
    private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

    private FaultInjector(Settings settings) {
        this.until = beginning + settings.length().toNanos();
    }

    /** Runs all lanes to their end, and returns the faults with their times. */
    static List<String> run(Settings settings, List<List<Fault>> lanes) {
        FaultInjector faults = new FaultInjector(settings);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            List<Fault> lane = lanes.get(i);
            Random random = new Random(settings.seed() * 1_000_003 + i);
            running.add(TimedWait.runAsync(() -> faults.runLane(lane, random)));
        }
        for (Future<?> lane : running) {
            try {
                lane.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a fault could not be injected", e);
            }
        }
        return List.copyOf(faults.events);
    }

    private void runLane(List<Fault> lane, Random random) {
        List<Fault> remaining = new ArrayList<>();
        boolean allOccurred = lane.isEmpty();
        while (System.nanoTime() < until || !allOccurred) {
            if (remaining.isEmpty()) {
                remaining.addAll(lane);
                Collections.shuffle(remaining, random);
            }
            TimedWait.pause(between(random, SHORTEST_CALM_MILLIS, LONGEST_CALM_MILLIS));
            if (remaining.isEmpty()) {
                continue;
            }
            Fault fault = remaining.remove(0);
            long length = between(random, fault.shortestMillis(), fault.longestMillis());
            long start = System.nanoTime();
            fault.begin().run();
            try {
                TimedWait.pause(length);
            } finally {
                fault.end().run();
            }
            events.add(String.format(
                    Locale.ROOT,
                    "%6.2f–%6.2f s  %s",
                    (start - beginning) / 1e9,
                    (System.nanoTime() - beginning) / 1e9,
                    fault.name()));
            allOccurred = allOccurred || remaining.isEmpty();
        }
    }

    private static long between(Random random, int shortest, int longest) {
        return shortest + (long) random.nextInt(Math.max(1, longest - shortest));
    }
}
