package dev.sojourn.histories;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An application process that can be killed, stopped and started again on the same port. */
final class NodeProcess implements AutoCloseable {
    private static final int TIMEOUT_SECONDS = 60;

    private final String name;
    private final Class<?> program;
    private List<String> arguments;
    private final Path log;
    private Process process;
    private final int port;

    private NodeProcess(String name, Class<?> program, List<String> arguments, Path log) {
        this.name = name;
        this.program = program;
        this.arguments = arguments;
        this.log = log;
        this.process = launch(0);
        this.port = awaitReady();
    }

    /** Starts a {@link Node}. Its standard error goes to a file in the given folder. */
    static NodeProcess start(String name, List<String> arguments, Path folder) {
        return start(name, Node.class, arguments, folder);
    }

    /**
     * Starts a node. Its standard error goes to a file in the given folder.
     *
     * @param program has a {@code main} method that expects the port and these arguments
     */
    static NodeProcess start(String name, Class<?> program, List<String> arguments, Path folder) {
        return new NodeProcess(name, program, arguments, folder.resolve(name + ".log"));
    }

    int port() {
        return port;
    }

    /** Sends SIGKILL and waits for the end of the process. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Kills the node and starts it with other arguments, as a deployment without a graceful shutdown. */
    void deploy(List<String> nextArguments) {
        arguments = nextArguments;
        restart();
    }

    void restart() {
        if (process.isAlive()) {
            kill();
        }
        process = launch(port);
        awaitReady();
    }

    /** Sends SIGSTOP: the connections stay open without a response. */
    void pause() {
        signal("STOP");
    }

    /** Sends SIGCONT. */
    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
            kill.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process launch(int onPort) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Dsun.net.httpserver.nodelay=true",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                Integer.toString(onPort)));
        command.addAll(arguments);
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int awaitReady() {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = TimedWait.callWithin(
                TIMEOUT_SECONDS, TimeUnit.SECONDS, name + " does not start; see " + log, out::readLine);
        if (line == null || !line.startsWith(NodeServer.READY)) {
            throw new IllegalStateException(name + " did not start; see " + log);
        }
        return Integer.parseInt(line.substring(NodeServer.READY.length()).strip());
    }

    @Override
    public void close() {
        kill();
    }
}
