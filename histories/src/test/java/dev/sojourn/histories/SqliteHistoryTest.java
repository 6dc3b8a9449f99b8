package dev.sojourn.histories;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two nodes on one machine with one SQLite file. */
class SqliteHistoryTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("dev.sojourn.histories.Settings#rounds")
    void two_nodes_with_one_sqlite_file_lose_nothing(Settings settings) {
        String file = "jdbc:sqlite:" + folder.resolve("sessions-" + settings.seed() + ".db");
        try (NodeCluster site = new NodeCluster("SqliteHistoryTest", settings, List.of(file, file))) {
            Report report = site.run(List.of(site.nodeFaults()));

            report.assertNoViolations();
        }
    }
}
