package dev.sojourn.benchmarks.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A lab in its own process, started as the script does. */
record LabProcess(Process process, URI address) implements AutoCloseable {
    static LabProcess start(String... options) throws IOException {
        return start(Redirect.INHERIT, options);
    }

    /** Starts a lab whose messages on stderr are expected. */
    static LabProcess startQuietly(String... options) throws IOException {
        return start(Redirect.DISCARD, options);
    }

    private static LabProcess start(Redirect errors, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Lab.class.getName(),
                "--port",
                "0"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectError(errors).start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        assertThat(line).matches("ready http://127\\.0\\.0\\.1:[1-9][0-9]*");
        return new LabProcess(process, URI.create(line.substring("ready ".length())));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
