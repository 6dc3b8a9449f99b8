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
 * Lets faults begin and end as the dice fall, until the time is over and each has been there once. Faults of one lane
 * follow each other; those of different lanes may be there at the same time.
 */
final class Faults {
    private static final int SHORTEST_CALM_MILLIS = 200;
    private static final int LONGEST_CALM_MILLIS = 900;

    private final long beginning = System.nanoTime();
    private final long until;
    private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();

    private Faults(Settings settings) {
        this.until = beginning + settings.length().toNanos();
    }

    /** Runs all lanes to their end; says what happened when. */
    static List<String> run(Settings settings, List<List<Fault>> lanes) {
        Faults faults = new Faults(settings);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            List<Fault> lane = lanes.get(i);
            Random random = new Random(settings.seed() * 1_000_003 + i);
            running.add(Waiting.begin(() -> faults.runLane(lane, random)));
        }
        for (Future<?> lane : running) {
            try {
                lane.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a fault could not be made", e);
            }
        }
        return List.copyOf(faults.told);
    }

    private void runLane(List<Fault> lane, Random random) {
        List<Fault> bag = new ArrayList<>();
        boolean each = lane.isEmpty();
        while (System.nanoTime() < until || !each) {
            if (bag.isEmpty()) {
                bag.addAll(lane);
                Collections.shuffle(bag, random);
            }
            Waiting.pause(between(random, SHORTEST_CALM_MILLIS, LONGEST_CALM_MILLIS));
            if (bag.isEmpty()) {
                continue;
            }
            Fault fault = bag.remove(0);
            long length = between(random, fault.shortestMillis(), fault.longestMillis());
            long start = System.nanoTime();
            fault.begin().run();
            try {
                Waiting.pause(length);
            } finally {
                fault.end().run();
            }
            told.add(String.format(
                    Locale.ROOT,
                    "%6.2f–%6.2f s  %s",
                    (start - beginning) / 1e9,
                    (System.nanoTime() - beginning) / 1e9,
                    fault.name()));
            each = each || bag.isEmpty();
        }
    }

    private static long between(Random random, int shortest, int longest) {
        return shortest + (long) random.nextInt(Math.max(1, longest - shortest));
    }
}
