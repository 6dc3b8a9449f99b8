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

/** Tests the demo as a process, and its environment variables. */
@Timeout(120)
final class StartingTheDemoTest {
    @TempDir
    private Path data;

    @Test
    void it_prints_store_and_address_and_stops_on_sigterm() throws Exception {
        try (DemoProcess demo = new DemoProcess(start(Map.of()))) {
            assertThat(demo.store).contains("SQLite at " + data.resolve("sessions.db"), "set STORE");
            assertThat(demo.signing).contains(data.resolve("secret").toString(), "SOJOURN_SECRET");
            assertThat(new DemoClient(demo.address).get("/").statusCode()).isEqualTo(200);
            // ProcessHandle.destroy leaves the streams open, Process.destroy closes them.
            demo.process.toHandle().destroy();
            assertThat(demo.process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.out.readLine()).as("nothing else is printed").isNull();
            assertThat(data.resolve("sessions.db-wal"))
                    .as("the write-ahead log of a closed file")
                    .doesNotExist();
        }
    }

    @Test
    void sealed_sessions_and_their_revocations_survive_a_kill() throws Exception {
        Map<String, String> sealed = Map.of("STORE", "sealed", "ADAPTER", "tomcat");
        DemoClient alive;
        DemoClient signedOut;
        String copy;
        try (DemoProcess demo = new DemoProcess(start(sealed))) {
            assertThat(demo.store)
                    .contains("Sessions are sealed in their cookies", "SQLite at " + data.resolve("revocations.db"));
            assertThat(demo.signing).contains("Sealing", data.resolve("secret").toString());
            alive = new DemoClient(demo.address);
            alive.submit("/account/sign-in", "name", "Ada");
            signedOut = new DemoClient(demo.address);
            signedOut.submit("/account/sign-in", "name", "Ada");
            copy = signedOut.cookies.get("__Host-id");
            signedOut.submit("/account/sign-out");
            demo.process.toHandle().destroyForcibly();
            demo.process.waitFor();
        }
        try (DemoProcess demo = new DemoProcess(start(sealed))) {
            DemoClient after = new DemoClient(demo.address);
            after.cookies.putAll(alive.cookies);
            assertThat(after.get("/account").body()).contains("Signed in as Ada");
            after.cookies.put("__Host-id", copy);
            assertThat(after.get("/account").body()).contains("You are not signed in.");
            demo.process.toHandle().destroy();
            assertThat(demo.process.errorReader(UTF_8).readLine()).as("stderr").isNull();
        }
    }

    @Test
    void every_adapter_continues_a_session_after_a_kill() throws Exception {
        DemoClient before;
        try (DemoProcess demo = new DemoProcess(start(Map.of()))) {
            before = new DemoClient(demo.address);
            before.submit("/account/sign-in", "name", "Ada");
            before.submit("/attributes/set", "name", "colour", "value", "blue");
            demo.process.toHandle().destroyForcibly();
            demo.process.waitFor();
        }
        for (Adapter adapter : Adapters.all()) {
            assertSessionContinues(adapter.name(), before.cookies);
        }
    }

    private void assertSessionContinues(String adapter, Map<String, String> cookies) throws Exception {
        try (DemoProcess demo = new DemoProcess(start(Map.of("ADAPTER", adapter)))) {
            DemoClient after = new DemoClient(demo.address);
            after.cookies.putAll(cookies);
            assertThat(after.get("/attributes").body()).as(adapter).contains("value=\"blue\"");
            assertThat(after.get("/devices").body())
                    .as(adapter)
                    .contains("<strong>Ada</strong>, this session only", "this device");
            demo.process.toHandle().destroy();
            assertThat(demo.process.waitFor(20, TimeUnit.SECONDS)).as(adapter).isTrue();
            assertThat(demo.out.readLine()).as(adapter + " prints nothing else").isNull();
            assertThat(demo.process.errorReader(UTF_8).readLine())
                    .as(adapter + " prints nothing to stderr")
                    .isNull();
        }
    }

    @Test
    void only_the_owner_may_read_the_data() throws Exception {
        Path folder = data.resolve("new");
        try (DemoProcess demo = new DemoProcess(start(Map.of("DATA", folder.toString())))) {
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
    void the_folder_is_not_created_if_it_is_not_used() throws Exception {
        Path folder = data.resolve("new");
        Map<String, String> environment = Map.of(
                "DATA", folder.toString(), "STORE", "memory", "SOJOURN_SECRET", "7Hq2mWz9XcVb4TnKs8RfYp3LdJg6QaEu");
        try (DemoProcess demo = new DemoProcess(start(environment))) {
            assertThat(demo.store).contains("stored in memory");
            assertThat(demo.signing).isEqualTo("Signing with the secret in SOJOURN_SECRET.");
            assertThat(folder).doesNotExist();
        }
    }

    @Test
    void an_unavailable_port_is_reported_in_one_line() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertThat(failure(Map.of("PORT", port)))
                    .startsWith("demo: port " + taken.getLocalPort() + " is not available")
                    .contains("PORT=");
        }
    }

    @Test
    void an_invalid_port_or_secret_is_reported_in_one_line() throws Exception {
        assertThat(failure(Map.of("PORT", "eighty"))).contains("PORT", "eighty");
        assertThat(failure(Map.of("PORT", "70000"))).contains("65535");
        assertThat(failure(Map.of("SOJOURN_SECRET", "short"))).contains("32").doesNotContain("short,");
    }

    @Test
    void an_unknown_adapter_is_reported_with_the_valid_names() throws Exception {
        assertThat(failure(Map.of("ADAPTER", "netty")))
                .isEqualTo("demo: unknown ADAPTER 'netty'; use one of: "
                        + Adapters.all().stream().map(Adapter::name).collect(Collectors.joining(", ")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "oracle:hush                                  | unknown STORE",
                "redis://user:hush@127.0.0.1:PORT             | Redis at 127.0.0.1:PORT cannot be used: connection refused",
                "redis://:hu/hush@127.0.0.1:PORT              | the Redis URI cannot be read",
                "redis-sentinel://:hush@127.0.0.1:PORT#master | Redis behind Sentinel at 127.0.0.1:PORT cannot be used",
                "redis-cluster://:hush@127.0.0.1:PORT         | Redis Cluster at 127.0.0.1:PORT cannot be used",
                "jdbc:postgresql://127.0.0.1:PORT/x?password=hush | PostgreSQL at 127.0.0.1:PORT/x cannot be used: connection refused",
                "jdbc:mariadb://127.0.0.1:PORT/x?user=u&password=hush | MariaDB at 127.0.0.1:PORT/x cannot be used: connection refused",
                "jdbc:mysql://u:hush@127.0.0.1:PORT/x         | MySQL at 127.0.0.1:PORT/x cannot be used: connection refused",
                "jdbc:mysql:hush                              | MySQL cannot be used",
                "jdbc:h2:mem:x;PASSWORD=hush;NONSENSE=1       | H2 at mem:x cannot be used",
                "jdbc:sqlite::memory:                         | takes the path of a file",
                "jdbc:sqlite:/dev/null/x.db                   | SQLite at /dev/null/x.db cannot be used"
            })
    void an_unusable_store_is_reported_in_one_line_without_a_password(String store, String message) throws Exception {
        // Bound but not listening: the port is reserved, and connections are refused.
        try (Socket held = new Socket()) {
            held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String port = String.valueOf(held.getLocalPort());
            assertThat(failure(Map.of("STORE", store.replace("PORT", port))))
                    .contains(message.replace("PORT", port))
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
            // As in the jar's manifest.
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", classPath(), Demo.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeAll(Set.of("ADAPTER", "STORE", "SOJOURN_SECRET"));
        builder.environment().putAll(all);
        return builder.start();
    }

    /**
     * Returns the class path without OpenTelemetry, which the browser test brings: the MySQL driver would log a message
     * about it.
     */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(each -> !each.contains("opentelemetry"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A demo process that has printed its address. */
    private static final class DemoProcess implements AutoCloseable {
        private final Process process;
        private final BufferedReader out;
        private final String store;
        private final String signing;
        private final String address;

        DemoProcess(Process process) throws IOException {
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
