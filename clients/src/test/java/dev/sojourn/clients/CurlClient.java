package dev.sojourn.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A client that starts a curl process for each request, with a cookie jar in a file. */
record CurlClient(Path jar, List<String> options) implements Client {
    static Client with(String... options) throws IOException {
        return new CurlClient(Files.createTempFile("sojourn-curl", ".jar"), List.of(options));
    }

    @Override
    public String get(String url) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--max-time", "30"));
        command.addAll(options);
        command.addAll(List.of("--cacert", Tls.FILES.certificate().toString()));
        command.addAll(List.of("--cookie", jar.toString(), "--cookie-jar", jar.toString()));
        command.addAll(List.of("--write-out", "\n%{http_code}", url));
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!curl.waitFor(60, TimeUnit.SECONDS) || curl.exitValue() != 0) {
            throw new IOException("curl failed: " + printed);
        }
        int line = printed.lastIndexOf('\n');
        return Client.body(Integer.parseInt(printed.substring(line + 1).strip()), printed.substring(0, line));
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(jar);
    }
}
