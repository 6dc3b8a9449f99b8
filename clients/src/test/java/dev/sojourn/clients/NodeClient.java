package dev.sojourn.clients;

import dev.sojourn.tools.NodePackages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A client in a Node.js process, with the cookie jar that most Node.js clients use, tough-cookie. Reads URLs from its standard
 * input.
 */
final class NodeClient implements Client {
    private static final Path SOURCES = Path.of("src/test/node");

    private final Process process;
    private final Writer in;
    private final BufferedReader out;

    private NodeClient(Process process) {
        this.process = process;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Starts the process.
     *
     * @param protocol {@code fetch}, or {@code http2}
     */
    static Client start(String protocol) throws IOException, InterruptedException {
        ProcessBuilder node = new ProcessBuilder("node", "client.mjs", protocol)
                .directory(NodePackages.install(SOURCES, "node").toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        node.environment().put("NODE_EXTRA_CA_CERTS", Tls.FILES.certificate().toString());
        return new NodeClient(node.start());
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
