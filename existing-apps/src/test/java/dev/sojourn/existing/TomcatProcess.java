package dev.sojourn.existing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An unchanged Tomcat in its own process, with Sojourn on its common class path. */
final class TomcatProcess implements AutoCloseable {
    private static final int SECONDS = 120;
    private static final Pattern PORT = Pattern.compile("http-nio-127\\.0\\.0\\.1-auto-1-(\\d+)");
    private static final String SERVER = """
            <Server port="-1">
              <GlobalNamingResources>
                <Resource name="users" auth="Container" type="org.apache.catalina.UserDatabase"
                    factory="org.apache.catalina.users.MemoryUserDatabaseFactory" pathname="conf/tomcat-users.xml" readonly="true"/>
              </GlobalNamingResources>
              <Service name="Catalina">
                <Connector address="127.0.0.1" port="0" protocol="HTTP/1.1"/>
                <Engine name="Catalina" defaultHost="localhost">
                  <Realm className="org.apache.catalina.realm.UserDatabaseRealm" resourceName="users"/>
                  <Host name="localhost" appBase="none" autoDeploy="false" deployOnStartup="false">
                    <Context path="%s" docBase="%s"/>
                  </Host>
                </Engine>
              </Service>
            </Server>
            """;
    private static final String USERS = """
            <tomcat-users>
              <user username="ada" password="lovelace" roles="tomcat,role1"/>
            </tomcat-users>
            """;
    private static final String JAAS = "hawtio { dev.sojourn.existing.SingleUserLoginModule required; };\n";

    private final Path base;
    private final @Nullable Path sessions;
    private Process process;
    private int port;

    /**
     * Starts Tomcat with one application.
     *
     * @param base the folder of this instance
     * @param application the folder of the unpacked application
     * @param path the context path
     * @param sessions the SQLite file of all nodes; null for the container's own sessions
     */
    TomcatProcess(Path base, Path application, String path, @Nullable Path sessions) {
        this.base = base;
        this.sessions = sessions;
        try {
            Path home = home();
            Path conf = Files.createDirectories(base.resolve("conf"));
            Files.createDirectories(base.resolve("temp"));
            Files.createDirectories(base.resolve("none"));
            for (String name : List.of("web.xml", "catalina.policy", "logging.properties")) {
                Files.copy(home.resolve("conf").resolve(name), conf.resolve(name));
            }
            Files.writeString(conf.resolve("server.xml"), SERVER.formatted(path, application));
            Files.writeString(conf.resolve("tomcat-users.xml"), USERS);
            Files.writeString(conf.resolve("jaas.conf"), JAAS);
            Files.writeString(
                    conf.resolve("catalina.properties"),
                    Files.readString(home.resolve("conf/catalina.properties")) + "\ncommon.loader=" + commonLoader()
                            + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = launch();
        port = awaitPort();
    }

    private static Path apps() {
        return Path.of(System.getProperty("sojourn.apps", "target/apps")).toAbsolutePath();
    }

    private static Path home() throws IOException {
        try (Stream<Path> folders = Files.list(apps().resolve("tomcat"))) {
            return folders.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    /** Returns the folder of Tomcat's examples. */
    static Path examples() {
        try {
            return home().resolve("webapps/examples");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path hawtio() {
        return apps().resolve("hawtio");
    }

    /** Returns Tomcat's own libraries and the test's class path without tests, test libraries and the Servlet API. */
    private static String commonLoader() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.concat(
                        Stream.of("${catalina.home}/lib", "${catalina.home}/lib/*.jar"),
                        Arrays.stream(path.split(File.pathSeparator))
                                .filter(
                                        entry -> !entry.matches(
                                                ".*(test-classes|servlet-api|junit|surefire|assertj|opentest4j|apiguardian|byte-buddy).*")))
                .map(entry -> '"' + entry + '"')
                .collect(Collectors.joining(","));
    }

    private Process launch() {
        try {
            Path home = home();
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx192m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-cp",
                    home.resolve("bin/bootstrap.jar") + File.pathSeparator + home.resolve("bin/tomcat-juli.jar"),
                    "-Dcatalina.home=" + home,
                    "-Dcatalina.base=" + base,
                    "-Djava.io.tmpdir=" + base.resolve("temp"),
                    "-Djava.security.auth.login.config=" + base.resolve("conf/jaas.conf"),
                    "-Dhawtio.realm=hawtio",
                    "-Dhawtio.roles=ada",
                    "-Dhawtio.rolePrincipalClasses=com.sun.security.auth.UserPrincipal"));
            if (sessions != null) {
                command.add("-Dsojourn.sqlite=" + sessions);
            }
            command.add("org.apache.catalina.startup.Bootstrap");
            command.add("start");
            Files.deleteIfExists(logFile());
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(logFile().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path logFile() {
        return base.resolve("log.txt");
    }

    private int awaitPort() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < deadline && process.isAlive()) {
            String log = logFile().toFile().exists() ? logText() : "";
            Matcher started = PORT.matcher(log);
            if (log.contains("Server startup in") && started.find()) {
                return Integer.parseInt(started.group(1));
            }
            pause();
        }
        process.destroyForcibly();
        throw new IllegalStateException("Tomcat does not start:\n" + logText());
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Returns the contents of the log. */
    String logText() {
        try {
            return Files.readString(logFile(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** Kills the process (SIGKILL) and starts it again on another port. */
    void killAndRestart() {
        close();
        process = launch();
        port = awaitPort();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
