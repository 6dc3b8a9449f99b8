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

/** The system's own nginx or HAProxy in front of a server of the tests, on one port of 127.0.0.1. */
public final class ReverseProxy implements AutoCloseable {
    private final ServerProcess process;
    private final int port;

    private ReverseProxy(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Whether a proxy is installed.
     *
     * @param program its program's name
     * @return whether it can be started
     */
    public static boolean isInstalled(String program) {
        return find(program).isPresent();
    }

    /** Debian's servers lie where only root's path leads. */
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
     * @param port where it listens, as {@code servers} says
     * @param servers what stands within {@code http}
     * @return the running proxy
     */
    public static ReverseProxy nginx(int port, String servers) {
        Path folder = Folders.fresh("nginx");
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
     * @param port where it listens, as {@code sections} says
     * @param sections what follows the defaults
     * @return the running proxy
     */
    public static ReverseProxy haproxy(int port, String sections) {
        Path folder = Folders.fresh("haproxy");
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
     * A port for the next proxy.
     *
     * @return a free port of 127.0.0.1
     */
    public static int freePort() {
        return Ports.free();
    }

    /**
     * Where it listens.
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
