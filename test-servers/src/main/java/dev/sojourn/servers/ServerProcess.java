package dev.sojourn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A running server with its child processes and its log. Safe for use by any thread. */
final class ServerProcess {

    private static final int LINES_SHOWN = 40;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Set<ServerProcess> RUNNING = ConcurrentHashMap.newKeySet();

    private final String name;
    private final String endSignal;
    private final Process process;
    private final Path log;

    private ServerProcess(String name, String endSignal, Process process, Path log) {
        this.name = name;
        this.endSignal = endSignal;
        this.process = process;
        this.log = log;
    }

    /** Starts a server that runs until it is killed or the JVM ends. */
    static ServerProcess start(String name, List<String> command, Path folder) {
        return start(name, "KILL", command, folder);
    }

    /** Starts a server that would leave something behind if it were killed; {@link #end()} sends it this signal instead. */
    static ServerProcess start(String name, String endSignal, List<String> command, Path folder) {
        try {
            Path log = Files.createTempFile(folder, "log-", ".txt");
            Process process = Spawner.start(builder(command, folder, log));
            ServerProcess started = new ServerProcess(name, endSignal, process, log);
            RUNNING.add(started);
            return started;
        } catch (IOException e) {
            throw new ServerException(name + " does not start", e);
        }
    }

    /** Runs a command and waits until it has ended. */
    static void run(String name, List<String> command, Path folder) {
        run(name, command, folder, Path.of("/dev/null"));
    }

    static void run(String name, List<String> command, Path folder, Path input) {
        try {
            Path log = Files.createTempFile(folder, "log-", ".txt");
            Process process = Spawner.start(builder(command, folder, log).redirectInput(input.toFile()));
            ServerProcess started = new ServerProcess(name, "KILL", process, log);
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new ServerException(name + " does not end" + started.log());
            }
            if (process.exitValue() != 0) {
                throw new ServerException(name + " failed with " + process.exitValue() + started.log());
            }
        } catch (IOException e) {
            throw new ServerException(name + " does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while waiting for " + name, e);
        }
    }

    private static ProcessBuilder builder(List<String> command, Path folder, Path log) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("TZ", "UTC");
        return builder;
    }

    /** Waits until the server is ready; fails with its log if it ends before that or takes too long. */
    void await(BooleanSupplier ready) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (!ready.getAsBoolean()) {
            if (!process.isAlive()) {
                RUNNING.remove(this);
                throw new ServerException(name + " ended with " + process.exitValue() + " at start-up" + log());
            }
            if (System.nanoTime() - end > 0) {
                kill();
                throw new ServerException(name + " does not respond after " + TIMEOUT.toSeconds() + " s" + log());
            }
            Await.pause();
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Suspends every process of the server: connections stay open, and the server does not respond. */
    void pause() {
        // the parent first, so that it starts no further process in the meantime
        signal("STOP", List.of(process.toHandle()));
        signal("STOP", process.descendants().toList());
    }

    void resume() {
        signal("CONT", family());
    }

    /** Sends SIGKILL to every process of the server; returns when they have ended. */
    void kill() {
        if (process.descendants().findAny().isPresent()) {
            // so that it starts no process that is missing from the list
            signal("STOP", List.of(process.toHandle()));
        }
        List<ProcessHandle> family = family();
        family.forEach(ProcessHandle::destroyForcibly);
        awaitEnd(family);
    }

    /** Shuts the server down with a signal; returns when it has ended. */
    void stop(String signal) {
        List<ProcessHandle> family = family();
        signal("CONT", family);
        signal(signal, List.of(process.toHandle()));
        awaitEnd(family);
    }

    /** Ends the server in any state, as fast as possible. */
    void end() {
        if (!process.isAlive() || endSignal.equals("KILL")) {
            kill();
        } else {
            stop(endSignal);
        }
    }

    static void endAll() {
        RUNNING.forEach(ServerProcess::end);
    }

    /** Returns the end of the log, to append to a message. */
    String log() {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            List<String> shown = lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
            return "; its log ends with:\n" + String.join("\n", shown);
        } catch (IOException e) {
            return "; its log cannot be read: " + e.getMessage();
        }
    }

    private List<ProcessHandle> family() {
        List<ProcessHandle> family = new ArrayList<>(List.of(process.toHandle()));
        family.addAll(process.descendants().toList());
        return family;
    }

    private void awaitEnd(List<ProcessHandle> family) {
        Await.until(
                TIMEOUT,
                () -> !process.isAlive() && family.stream().allMatch(ServerProcess::hasEnded),
                () -> name + " does not end" + log());
        RUNNING.remove(this);
    }

    /**
     * Returns whether a process has ended. An orphan that has ended stays in the process list if no init process reaps it, as
     * in some containers.
     */
    static boolean hasEnded(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return true;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
        } catch (IOException e) {
            return true;
        }
    }

    /** Sends a signal through the shell, because the JDK can only send TERM and KILL. */
    private static void signal(String signal, List<ProcessHandle> to) {
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "for p; do kill -" + signal + " $p; done", "sh"));
        to.forEach(handle -> command.add(Long.toString(handle.pid())));
        try {
            // a child may have ended in the meantime, so the exit code is meaningless
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerException("interrupted while sending SIG" + signal, e);
        }
    }
}
