package dev.sojourn.clients;

import dev.sojourn.servers.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Creates TLS contexts for servers with the certificate of the tests and for clients that trust it. */
final class Tls {
    /** One key and certificate for all tests of this JVM. */
    static final TlsFiles FILES = TlsFiles.create();

    private Tls() {}

    static SSLContext context(TlsFiles files) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(keyStore(files), TlsFiles.PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust(files).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static X509TrustManager trustManager() {
        return (X509TrustManager) trust(FILES).getTrustManagers()[0];
    }

    private static TrustManagerFactory trust(TlsFiles files) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", keyStore(files).getCertificate("server"));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyStore keyStore(TlsFiles files) {
        try (InputStream in = Files.newInputStream(files.keyStore())) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, TlsFiles.PASSWORD.toCharArray());
            return keys;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
