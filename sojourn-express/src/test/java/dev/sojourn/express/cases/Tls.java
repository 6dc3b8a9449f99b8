package dev.sojourn.express.cases;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Creates a key for localhost with the JDK's keytool, for a server and the client that trusts it. */
final class Tls {
    private static final String PASSWORD = "not-a-secret";

    private Tls() {}

    static SSLContext context() throws IOException {
        Path folder = Files.createTempDirectory("tls");
        Path file = folder.resolve("server.p12");
        try {
            createKey(file);
            return load(file);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static void createKey(Path file) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool did not create a key");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            keytool.destroy();
        }
    }

    private static SSLContext load(Path file) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory server = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        server.init(keys, PASSWORD.toCharArray());
        TrustManagerFactory client = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        client.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(server.getKeyManagers(), client.getTrustManagers(), null);
        return context;
    }
}
