package dev.sojourn.jwt;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a JWKS document once, on the calling thread. {@code java.net.http.HttpClient} keeps a thread running;
 * {@code HttpURLConnection} does not. It is told to close the connection, because the next fetch is minutes away. A server
 * that closes without announcing it, against RFC 9112 §9.6, makes the JDK start its shared timer of idle connections,
 * which ends after a few seconds.
 *
 * <p>Limits: no redirect is followed, at most 50 kB are read, connecting and each read wait for at most the timeout, and
 * the whole takes at most {@link #TIMEOUTS} times as long. A server that sends its headers byte by byte can exceed
 * that; then {@link #abort}, called by another request, ends it.
 */
final class JwksRequest {
    /** How many timeouts the whole request may take: connecting, TLS, the head and the body. */
    static final int TIMEOUTS = 4;

    private static final int LARGEST = 50 * 1024;

    private final JwksSource source;
    private final long started = System.nanoTime();
    private volatile @Nullable HttpURLConnection connection;
    private volatile boolean aborted;

    JwksRequest(JwksSource source) {
        this.source = source;
    }

    /**
     * Where a JWKS document is, and how to fetch it.
     *
     * @param address the address
     * @param timeout for connecting and for each read
     * @param tls the trusted certificates; null for those of the runtime
     */
    record JwksSource(
            URI address, Duration timeout, @Nullable SSLContext tls) {
        /** Returns how long one request takes at most. */
        Duration longest() {
            return timeout.multipliedBy(TIMEOUTS);
        }
    }

    /** Fetches the document. Blocks. */
    byte[] fetch() throws IOException {
        HttpURLConnection opened = (HttpURLConnection) source.address().toURL().openConnection();
        connection = opened;
        try {
            prepare(opened);
            int status = opened.getResponseCode();
            if (status != HttpURLConnection.HTTP_OK) {
                throw new IOException("the server responded with status " + status
                        + (status / 100 == 3 ? "; redirects are not followed" : ""));
            }
            try (InputStream body = opened.getInputStream()) {
                return read(body);
            }
        } finally {
            opened.disconnect();
        }
    }

    private void prepare(HttpURLConnection opened) {
        int millis = Math.toIntExact(source.timeout().toMillis());
        opened.setConnectTimeout(millis);
        opened.setReadTimeout(millis);
        opened.setInstanceFollowRedirects(false);
        opened.setUseCaches(false);
        opened.setAllowUserInteraction(false);
        opened.setRequestProperty("Accept", Jwks.TYPE + ", application/json");
        opened.setRequestProperty("Connection", "close");
        SSLContext tls = source.tls();
        if (tls != null && opened instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(tls.getSocketFactory());
        }
    }

    private byte[] read(InputStream body) throws IOException {
        byte[] buffer = new byte[LARGEST + 1];
        int length = 0;
        while (length < buffer.length) {
            int more = body.read(buffer, length, buffer.length - length);
            if (more < 0) {
                return Arrays.copyOf(buffer, length);
            }
            length += more;
            if (isOverdue()) {
                throw new SocketTimeoutException(
                        "the response took longer than " + source.longest().toMillis() + " ms");
            }
        }
        throw new IOException("the response is longer than " + LARGEST + " bytes");
    }

    /** Returns whether this request has taken longer than it may. */
    boolean isOverdue() {
        return aborted || System.nanoTime() - started > source.longest().toNanos();
    }

    /** Closes the connection, so that the thread that reads from it gets an exception. Called by another thread. */
    void abort() {
        aborted = true;
        HttpURLConnection opened = connection;
        if (opened != null) {
            opened.disconnect();
        }
    }
}
