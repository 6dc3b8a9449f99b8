package dev.sojourn.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServersTest {

    @Test
    void test_servers_are_available_on_linux() {
        assertThat(Servers.unavailableReason().isPresent())
                .isEqualTo(!System.getProperty("os.name").equals("Linux")
                        || !List.of("amd64", "x86_64").contains(System.getProperty("os.arch")));
    }

    @Test
    void servers_end_with_a_killed_jvm_and_the_next_jvm_removes_their_data() throws IOException {
        Process other = otherJvm();
        try (BufferedReader output = other.inputReader()) {
            long redis = Long.parseLong(output.readLine());
            long postgres = Long.parseLong(output.readLine());
            Path run = Path.of(output.readLine());
            assertThat(ProcessHandle.of(redis)).isPresent();
            assertThat(ProcessHandle.of(postgres)).isPresent();
            assertThat(run).isDirectory();

            other.destroyForcibly();
            Await.until(
                    Duration.ofSeconds(30),
                    () -> !isRunning(redis) && !isRunning(postgres),
                    () -> "the servers are still running");
        } finally {
            other.destroyForcibly();
        }
        Process next = otherJvm();
        try (BufferedReader output = next.inputReader()) {
            output.readLine();
            output.readLine();
            Path run = Path.of(output.readLine());
            try (var runs = Files.list(run.getParent())) {
                assertThat(runs).noneMatch(one -> one.getFileName().toString().startsWith(other.pid() + "-"));
            }
            next.destroy();
            Await.until(Duration.ofSeconds(30), () -> !Files.exists(run), () -> "an ended JVM has left its data");
        } finally {
            next.destroyForcibly();
        }
    }

    private static Process otherJvm() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherJvm.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static boolean isRunning(long pid) {
        return ProcessHandle.of(pid).map(ServersTest::runs).orElse(false);
    }

    private static boolean runs(ProcessHandle handle) {
        return !ServerProcess.hasEnded(handle);
    }

    /** Starts two servers, prints their process ids and folder, and waits until it is ended. */
    static final class OtherJvm {

        private OtherJvm() {}

        public static void main(String[] none) throws IOException {
            RedisServer redis = RedisServer.start7();
            PostgresServer postgres = PostgresServer.start18();
            System.out.println(redis.pid());
            System.out.println(postgres.pid());
            System.out.println(Folders.create("probe").getParent());
            System.in.read();
        }
    }
}
