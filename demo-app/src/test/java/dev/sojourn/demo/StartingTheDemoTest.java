package dev.sojourn.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.demo.servers.Adapter;
import dev.sojourn.demo.servers.Adapters;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo as a process, and what its environment may say. */
@Timeout(120)
final class StartingTheDemoTest {
    @TempDir
    private Path data;

    @Test
    void it_prints_store_and_address_and_ends_when_told_to() throws Exception {
        try (Running demo = new Running(start(Map.of()))) {
            assertThat(demo.store).contains("SQLite at " + data.resolve("sessions.db"), "STORE=");
            assertThat(demo.signing).contains(data.resolve("secret").toString(), "SOJOURN_SECRET");
            assertThat(new Visitor(demo.address).get("/").statusCode()).isEqualTo(200);
            // The handle's destroy leaves the streams open, the process's own does not.
            demo.process.toHandle().destroy();
            assertThat(demo.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.out.readLine()).as("nothing else is printed").isNull();
            assertThat(data.resolve("sessions.db-wal"))
                    .as("the write-ahead log of a file that was closed")
                    .doesNotExist();
        }
    }

    @Test
    void every_adapter_starts_by_its_name_and_goes_on_with_a_session_that_outlived_a_kill() throws Exception {
        Visitor before;
        try (Running demo = new Running(start(Map.of()))) {
            before = new Visitor(demo.address);
            before.submit("/account/sign-in", "name", "Ada");
            before.submit("/attributes/set", "name", "colour", "value", "blue");
            demo.process.toHandle().destroyForcibly();
            demo.process.waitFor();
        }
        for (Adapter adapter : Adapters.all()) {
            goesOn(adapter.name(), before.cookies);
        }
    }

    private void goesOn(String adapter, Map<String, String> cookies) throws Exception {
        try (Running demo = new Running(start(Map.of("ADAPTER", adapter)))) {
            Visitor after = new Visitor(demo.address);
            after.cookies.putAll(cookies);
            assertThat(after.get("/attributes").body()).as(adapter).contains("value=\"blue\"");
            assertThat(after.get("/devices").body())
                    .as(adapter)
                    .contains("<strong>Ada</strong>, only here", "This browser");
            demo.process.toHandle().destroy();
            assertThat(demo.process.waitFor(20, TimeUnit.SECONDS)).as(adapter).isTrue();
            assertThat(demo.out.readLine())
                    .as("nothing else is printed by " + adapter)
                    .isNull();
            assertThat(demo.process.errorReader(UTF_8).readLine())
                    .as("nothing is complained of by " + adapter)
                    .isNull();
        }
    }

    @Test
    void what_is_kept_is_for_its_owner_only() throws Exception {
        Path folder = data.resolve("new");
        try (Running demo = new Running(start(Map.of("DATA", folder.toString())))) {
            assertThat(demo.address).isNotEmpty();
            assertThat(rights(folder)).isEqualTo("rwx------");
            assertThat(rights(folder.resolve("secret"))).isEqualTo("rw-------");
            assertThat(rights(folder.resolve("sessions.db"))).isEqualTo("rw-------");
            assertThat(demo.store + demo.signing)
                    .doesNotContain(Files.readString(folder.resolve("secret")).strip());
        }
    }

    private static String rights(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void nothing_is_kept_where_there_is_nothing_to_keep() throws Exception {
        Path folder = data.resolve("new");
        Map<String, String> environment = Map.of(
                "DATA", folder.toString(), "STORE", "memory", "SOJOURN_SECRET", "7Hq2mWz9XcVb4TnKs8RfYp3LdJg6QaEu");
        try (Running demo = new Running(start(environment))) {
            assertThat(demo.store).contains("kept in memory");
            assertThat(demo.signing).isEqualTo("Signing with the secret in SOJOURN_SECRET.");
            assertThat(folder).doesNotExist();
        }
    }

    @Test
    void a_taken_port_is_told_in_one_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertThat(failure(Map.of("PORT", port)))
                    .startsWith("demo: port " + taken.getLocalPort() + " cannot be had")
                    .contains("PORT=");
        }
    }

    @Test
    void a_bad_port_or_secret_is_told_in_one_line() throws Exception {
        assertThat(failure(Map.of("PORT", "eighty"))).contains("PORT", "eighty");
        assertThat(failure(Map.of("PORT", "70000"))).contains("65535");
        assertThat(failure(Map.of("SOJOURN_SECRET", "short"))).contains("32").doesNotContain("short,");
    }

    @Test
    void an_adapter_that_there_is_not_is_told_with_what_there_is() throws Exception {
        assertThat(failure(Map.of("ADAPTER", "netty")))
                .isEqualTo("demo: ADAPTER names no server 'netty'; what there is: "
                        + Adapters.all().stream().map(Adapter::name).collect(Collectors.joining(", ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "oracle:hush                                  | STORE names no store",
                "redis://user:hush@127.0.0.1:PORT             | Redis at 127.0.0.1:PORT cannot be used: nobody listens",
                "redis://:hu/hush@127.0.0.1:PORT              | the Redis URI cannot be read",
                "redis-sentinel://:hush@127.0.0.1:PORT#master | Redis behind Sentinel at 127.0.0.1:PORT cannot be used",
                "redis-cluster://:hush@127.0.0.1:PORT         | Redis Cluster at 127.0.0.1:PORT cannot be used",
                "jdbc:postgresql://127.0.0.1:PORT/x?password=hush | PostgreSQL at 127.0.0.1:PORT/x cannot be used: nobody",
                "jdbc:mariadb://127.0.0.1:PORT/x?user=u&password=hush | MariaDB at 127.0.0.1:PORT/x cannot be used: nobody",
                "jdbc:mysql://u:hush@127.0.0.1:PORT/x         | MySQL at 127.0.0.1:PORT/x cannot be used: nobody",
                "jdbc:mysql:hush                              | MySQL cannot be used",
                "jdbc:h2:mem:x;PASSWORD=hush;NONSENSE=1       | H2 at mem:x cannot be used",
                "jdbc:sqlite::memory:                         | takes the path of a file",
                "jdbc:sqlite:/dev/null/x.db                   | SQLite at /dev/null/x.db cannot be used"
            })
    void a_store_that_cannot_be_had_is_told_in_one_line_without_a_password(String store, String told) throws Exception {
        // Bound and not listening: nobody else can have the port, and who calls it is refused.
        try (Socket held = new Socket()) {
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String port = String.valueOf(held.getLocalPort());
            assertThat(failure(Map.of("STORE", store.replace("PORT", port))))
                    .contains(told.replace("PORT", port))
                    .doesNotContain("hush");
        }
    }

    @Test
    void without_an_environment_there_are_defaults() {
        Settings settings = Settings.from(Map.of());
        assertThat(settings.adapter().name()).isEqualTo("jdk");
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.secret()).isEmpty();
        assertThat(settings.store().name()).isEqualTo("SQLite");
        assertThat(settings.data())
                .isEqualTo(Path.of("").toAbsolutePath().resolve("data"))
                .hasParentRaw(Path.of("").toAbsolutePath());
        assertThat(Settings.from(Map.of("SOJOURN_SECRET", "quiet")).toString()).doesNotContain("quiet");
        assertThatThrownBy(() -> Settings.from(Map.of("PORT", "-1"))).hasMessageContaining("-1");
    }

    private String failure(Map<String, String> environment) throws IOException, InterruptedException {
        Process demo = start(environment);
        try (BufferedReader err = demo.errorReader(UTF_8)) {
            String line = err.readLine();
            assertThat(err.readLine()).as("a second line").isNull();
            assertThat(demo.waitFor()).isEqualTo(1);
            return line;
        } finally {
            demo.destroyForcibly();
        }
    }

    private Process start(Map<String, String> environment) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of("PORT", "0", "DATA", data.toString()));
        all.putAll(environment);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        if (Runtime.version().feature() >= 24) {
            // As the jar's manifest has it.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath(), Demo.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(Set.of("ADAPTER", "STORE", "SOJOURN_SECRET"));
        builder.environment().putAll(all);
        return builder.start();
    }

    /** Without what the browser's test brings: MySQL's driver would speak of OpenTelemetry. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(each -> !each.contains("opentelemetry"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A demo that has said where it is. */
    private static final class Running implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final String store;
        private final String signing;
        private final String address;

        Running(Process process) throws IOException {
            this.process = process;
            this.out = process.inputReader(UTF_8);
            this.store = line();
            this.signing = line();
            this.address = line().replaceFirst(".*(http://localhost:[0-9]+).*", "$1");
        }

        private String line() throws IOException {
            String line = out.readLine();
            if (line == null) {
                throw new AssertionError(
                        "the demo ended: " + process.errorReader(UTF_8).readLine());
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            out.close();
        }
    }
}
