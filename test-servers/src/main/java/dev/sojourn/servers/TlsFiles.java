package dev.sojourn.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * A key and its certificate for 127.0.0.1 and localhost, created by the JDK's keytool.
 *
 * @param certificate the certificate in PEM
 * @param key the private key in PEM
 * @param keyStore both in PKCS #12, under {@link #PASSWORD}
 */
public record TlsFiles(Path certificate, Path key, Path keyStore) {

    /** The password of the key store. */
    public static final String PASSWORD = "not-a-secret";

    /**
     * Creates a key and its certificate.
     *
     * @return the files, in a folder that is removed when the JVM ends
     */
    public static TlsFiles create() {
        Path folder = Folders.create("tls");
        Path store = folder.resolve("server.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        ServerProcess.run("keytool", command, folder);
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            return new TlsFiles(
                    pem(
                            folder.resolve("certificate.pem"),
                            "CERTIFICATE",
                            keys.getCertificate("server").getEncoded()),
                    pem(
                            folder.resolve("key.pem"),
                            "PRIVATE KEY",
                            keys.getKey("server", PASSWORD.toCharArray()).getEncoded()),
                    store);
        } catch (IOException | GeneralSecurityException e) {
            throw new ServerException("keytool did not create a key", e);
        }
    }

    private static Path pem(Path file, String kind, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }
}
