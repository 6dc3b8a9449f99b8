package dev.sojourn.histories;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The seed and the length of a history.
 *
 * @param seed the seed of all random choices
 * @param length the minimum duration of the load
 */
record Settings(long seed, Duration length) {
    /** Returns the settings of each round, from {@code histories.seed}, {@code histories.seconds} and {@code histories.rounds}. */
    static Stream<Settings> rounds() {
        long seed = Long.getLong("histories.seed", 1);
        Duration length = Duration.ofSeconds(Integer.getInteger("histories.seconds", 6));
        return IntStream.range(0, Integer.getInteger("histories.rounds", 1))
                .mapToObj(round -> new Settings(seed + round, length));
    }

    /** Returns the folder for logs and failed histories. */
    static Path folder() {
        Path folder = Path.of(System.getProperty("histories.folder", "target/histories"));
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns settings of the same length with another seed. */
    Settings withAnotherSeed() {
        return new Settings(seed + 1_000, length);
    }

    String repeatCommand(String test) {
        return "mvn verify -Pall -pl histories -am -Dtest=" + test
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dhistories.rounds=1 -Dhistories.seed=" + seed
                + " -Dhistories.seconds=" + length.toSeconds();
    }
}
