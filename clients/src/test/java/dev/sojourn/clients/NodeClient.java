package dev.sojourn.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Node.js with the cookie jar that most of its clients use, tough-cookie; one process that is told addresses. */
final class NodeClient implements Client {
    private static final Path SOURCES = Path.of("src/test/node");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "client.mjs");

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    private NodeClient(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts it.
     *
     * @param protocol {@code fetch}, or {@code http2}
     */
    static Client start(String protocol) throws IOException, InterruptedException {
        ProcessBuilder node = new ProcessBuilder("node", "client.mjs", protocol)
                .directory(installed().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        node.environment().put("NODE_EXTRA_CA_CERTS", Tls.FILES.certificate().toString());
        return new NodeClient(node.start());
    }

    /** Where the packages are; fetched once, and again when the lock file has changed. */
    private static Path installed() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("sojourn.build", "target"), "node"));
        Path lock = folder.resolve("package-lock.json");
        boolean fetched = Files.isDirectory(folder.resolve("node_modules"))
                && Files.exists(lock)
                && Files.mismatch(lock, SOURCES.resolve("package-lock.json")) < 0;
        for (String file : FILES) {
            Files.copy(SOURCES.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!fetched) {
            int exit = new ProcessBuilder(
                            "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("npm.log").toFile())
                    .start()
                    .waitFor();
            if (exit != 0) {
                Files.deleteIfExists(lock);
                throw new IOException("npm ci failed, see " + folder.resolve("npm.log"));
            }
        }
        return folder;
    }

    @Override
    public String get(String url) throws IOException {
        in.write(url + "\n");
        in.flush();
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the Node.js client has ended");
        }
        int space = line.indexOf(' ');
        return Client.body(Integer.parseInt(line.substring(0, space)), line.substring(space + 1));
    }

    @Override
    public void close() throws IOException {
        in.close();
        try {
            if (process.waitFor(20, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
