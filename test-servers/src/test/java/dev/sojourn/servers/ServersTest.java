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
    void nothing_is_missing_on_linux() {
        assertThat(Servers.unavailableReason().isPresent())
                .isEqualTo(!System.getProperty("os.name").equals("Linux")
                        || !List.of("amd64", "x86_64").contains(System.getProperty("os.arch")));
    }

    @Test
    void servers_die_with_a_jvm_that_is_killed_and_the_next_one_removes_their_data() throws IOException {
        Process other = otherJvm();
        try (BufferedReader said = other.inputReader()) {
            long redis = Long.parseLong(said.readLine());
            long postgres = Long.parseLong(said.readLine());
            Path run = Path.of(said.readLine());
            assertThat(ProcessHandle.of(redis)).isPresent();
            assertThat(ProcessHandle.of(postgres)).isPresent();
            assertThat(run).isDirectory();

            other.destroyForcibly();
            Await.until(Duration.ofSeconds(30), () -> !alive(redis) && !alive(postgres), () -> "they live on");
        } finally {
            other.destroyForcibly();
        }
        Process next = otherJvm();
        try (BufferedReader said = next.inputReader()) {
            said.readLine();
            said.readLine();
            Path run = Path.of(said.readLine());
            try (var runs = Files.list(run.getParent())) {
                assertThat(runs).noneMatch(one -> one.getFileName().toString().startsWith(other.pid() + "-"));
            }
            next.destroy();
            Await.until(Duration.ofSeconds(30), () -> !Files.exists(run), () -> "an ended JVM leaves its data");
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

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ServersTest::runs).orElse(false);
    }

    private static boolean runs(ProcessHandle handle) {
        return !ServerProcess.gone(handle);
    }

    /** Starts two servers, says where, and waits to be ended. */
    static final class OtherJvm {

        private OtherJvm() {}

        public static void main(String[] none) throws IOException {
            RedisServer redis = RedisServer.start7();
            PostgresServer postgres = PostgresServer.start18();
            System.out.println(redis.pid());
            System.out.println(postgres.pid());
            System.out.println(Folders.fresh("probe").getParent());
            System.in.read();
        }
    }
}
