package dev.sojourn.histories;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How long a history is, and where its dice begin.
 *
 * @param seed where the dice begin
 * @param length how long the load lasts at least
 */
record Settings(long seed, Duration length) {
    /** One for each round: {@code histories.seed}, {@code histories.seconds}, {@code histories.rounds}. */
    static Stream<Settings> rounds() {
        long seed = Long.getLong("histories.seed", 1);
        Duration length = Duration.ofSeconds(Integer.getInteger("histories.seconds", 6));
        return IntStream.range(0, Integer.getInteger("histories.rounds", 1))
                .mapToObj(round -> new Settings(seed + round, length));
    }

    /** Where logs and bad histories are left. */
    static Path folder() {
        Path folder = Path.of(System.getProperty("histories.folder", "target/histories"));
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As long, with other dice. */
    Settings another() {
        return new Settings(seed + 1_000, length);
    }

    String toRepeat(String test) {
        return "mvn verify -Pall -pl histories -am -Dtest=" + test
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dhistories.rounds=1 -Dhistories.seed=" + seed
                + " -Dhistories.seconds=" + length.toSeconds();
    }
}
