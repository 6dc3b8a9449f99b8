package dev.sojourn.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An example that listens on a free port. */
final class RunningExample implements AutoCloseable {
    private static final String SECRET = "7Hq2mWz9XcVb4TnKs8RfYp3LdJg6QaEu";
    private static final Pattern LISTENING =
            Pattern.compile("Listening on http://localhost:(\\d+)|Tomcat started on port (\\d+)");
    private static final int SECONDS_TO_START = 180;

    private final Process process;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();

    private RunningExample(Process process) {
        this.process = process;
    }

    /** Runs the command of the READMEs and waits until the program listens. */
    static RunningExample start(String name, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                        "-q",
                        "-Dmaven.repo.local=" + LocalRepository.create(),
                        "compile",
                        "exec:java")
                .directory(Path.of(name).toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SOJOURN_SECRET", SECRET);
        builder.environment().put("PORT", "0");
        builder.environment().putAll(environment);
        RunningExample example = new RunningExample(builder.start());
        Thread reader = new Thread(example::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
        try {
            example.port.get(SECONDS_TO_START, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            example.close();
            throw new AssertionError(name + " does not listen:\n" + String.join("\n", example.output), e);
        }
        return example;
    }

    int port() {
        return port.join();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.add(line);
                Matcher listening = LISTENING.matcher(line);
                if (listening.find()) {
                    String found = listening.group(1) == null ? listening.group(2) : listening.group(1);
                    port.complete(Integer.valueOf(found));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            port.completeExceptionally(new AssertionError("it ended"));
        }
    }

    /** Kills Maven and waits for its end. The program runs in the same process. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
