package dev.sojourn.clients;

import dev.sojourn.Sessions;
import dev.sojourn.servers.TlsFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A server that serves the {@link App}, on a free port of one address. */
interface AppServer extends AutoCloseable {
    int port();

    @Override
    void close() throws IOException;

    /** The kinds of servers. */
    enum Kind {
        JDK,
        TOMCAT,
        JETTY,
        UNDERTOW,
        VERTX;

        /**
         * Starts a server.
         *
         * @param host the address that it listens on
         * @param sessions its sessions
         * @param tls its certificate, or null for plain HTTP
         * @return the server
         */
        AppServer start(String host, Sessions sessions, @Nullable TlsFiles tls) throws Exception {
            return switch (this) {
                case JDK -> JdkAppServer.start(host, sessions, tls);
                case TOMCAT -> TomcatAppServer.start(host, sessions, tls);
                case JETTY -> JettyAppServer.start(host, sessions, tls);
                case UNDERTOW -> UndertowAppServer.start(host, sessions, tls);
                case VERTX -> VertxAppServer.start(host, sessions, tls);
            };
        }

        /** Returns whether the server supports HTTP/2: with TLS by ALPN, without TLS by upgrade and by prior knowledge. */
        boolean speaksHttp2() {
            return this != JDK;
        }

        /** Returns whether its {@link App} has a WebSocket at {@code /socket}. */
        boolean hasSocket() {
            return this == TOMCAT || this == VERTX;
        }
    }
}
