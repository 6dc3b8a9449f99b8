package dev.sojourn.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The installed nginx or HAProxy in front of a test's server, on one port of 127.0.0.1. */
public final class ReverseProxy implements AutoCloseable {
    private final ServerProcess process;
    private final int port;

    private ReverseProxy(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Returns whether a proxy is installed.
     *
     * @param program the name of its executable
     * @return whether it can be started
     */
    public static boolean isInstalled(String program) {
        return find(program).isPresent();
    }

    /** Finds an executable, also in the folders that Debian has only on the path of root. */
    private static Optional<Path> find(String program) {
        Stream<String> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return Stream.concat(path, Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts nginx.
     *
     * @param port the port on which it listens, as configured in {@code servers}
     * @param servers the contents of the {@code http} block
     * @return the running proxy
     */
    public static ReverseProxy nginx(int port, String servers) {
        Path folder = Folders.create("nginx");
        String kept = "";
        for (String each : List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) {
            kept += "    " + each + "_temp_path " + folder.resolve(each) + ";\n";
        }
        Path file = write(
                folder.resolve("nginx.conf"),
                "daemon off;\nmaster_process off;\npid " + folder.resolve("pid") + ";\nevents {}\nhttp {\n"
                        + "    access_log off;\n" + kept + servers + "\n}\n");
        return start("nginx", folder, port, "-e", "stderr", "-p", folder.toString(), "-c", file.toString());
    }

    /**
     * Starts HAProxy.
     *
     * @param port the port on which it listens, as configured in {@code sections}
     * @param sections the sections after the defaults
     * @return the running proxy
     */
    public static ReverseProxy haproxy(int port, String sections) {
        Path folder = Folders.create("haproxy");
        Path file = write(
                folder.resolve("haproxy.cfg"),
                "defaults\n    mode http\n    timeout connect 5s\n    timeout client 60s\n    timeout server 60s\n\n"
                        + sections + "\n");
        return start("haproxy", folder, port, "-db", "-f", file.toString());
    }

    private static Path write(Path file, String content) {
        try {
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ReverseProxy start(String program, Path folder, int port, String... arguments) {
        Path executable = find(program).orElseThrow(() -> new ServerException(program + " is not installed"));
        List<String> command = Stream.concat(Stream.of(executable.toString()), Stream.of(arguments))
                .toList();
        ServerProcess process = ServerProcess.start(program, command, folder);
        process.await(() -> isListening(port));
        return new ReverseProxy(process, port);
    }

    private static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns a free port for a proxy.
     *
     * @return a free port of 127.0.0.1
     */
    public static int freePort() {
        return Ports.free();
    }

    /**
     * Returns the port on which the proxy listens.
     *
     * @return the port
     */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.end();
    }
}
