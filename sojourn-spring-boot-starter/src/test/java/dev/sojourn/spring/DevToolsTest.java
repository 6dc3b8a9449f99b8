package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spring.restarted.RestartedApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that sessions survive restarts by Spring Boot DevTools, in a process like a developer's. */
class DevToolsTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private Process start(Path port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dport=" + port,
                        RestartedApp.class.getName(),
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.devtools.livereload.enabled=false",
                        "--sojourn.store=memory",
                        "--sojourn.secret=" + Application.SECRET,
                        "--sojourn.attributes.types=" + RestartedApp.Basket.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    /** Waits until the application is ready, also after a restart. */
    private int awaitPort(Path port, Process process) throws Exception {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!Files.exists(port)) {
            assertThat(process.isAlive() && System.nanoTime() < end)
                    .as(() -> log())
                    .isTrue();
            Thread.sleep(50);
        }
        int found = Integer.parseInt(Files.readString(port));
        Files.delete(port);
        return found;
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String classLoaderOf(String page) {
        return page.substring(page.indexOf("loaded by"));
    }

    @Test
    void sessions_in_memory_survive_a_restart_and_their_values_are_read_as_the_new_classes() throws Exception {
        Path port = folder.resolve("port");
        Process process = start(port);
        try {
            Browser browser = new Browser(awaitPort(port, process));
            String before = browser.get("/").text();
            assertThat(before).startsWith("1 views, 0 apples").endsWith("RestartClassLoader");

            assertThat(browser.get("/restart").text()).isEqualTo("restarting");
            String after = browser.moveTo(awaitPort(port, process)).get("/").text();
            assertThat(after).startsWith("2 views, 1 apples").endsWith("RestartClassLoader");
            assertThat(classLoaderOf(after)).isNotEqualTo(classLoaderOf(before));

            browser.get("/restart");
            assertThat(browser.moveTo(awaitPort(port, process)).get("/").text()).startsWith("3 views, 2 apples");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
