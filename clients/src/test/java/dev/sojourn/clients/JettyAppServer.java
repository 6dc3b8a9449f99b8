package dev.sojourn.clients;

import dev.sojourn.Sessions;
import dev.sojourn.servers.TlsFiles;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.util.EnumSet;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/** The application on Jetty, with HTTP/2. */
record JettyAppServer(Server server, ServerConnector connector) implements AppServer {
    static AppServer start(String host, Sessions sessions, @Nullable TlsFiles tls) throws Exception {
        Server server = new Server();
        ServerConnector connector = tls == null ? plain(server) : secure(server, tls);
        connector.setHost(host);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        FilterHolder filter = new FilterHolder(new SojournFilter(sessions));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
        context.addServlet(new ServletHolder(new AppServlet()), "/*");
        server.setHandler(context);
        server.start();
        return new JettyAppServer(server, connector);
    }

    private static ServerConnector plain(Server server) {
        HttpConfiguration http = new HttpConfiguration();
        return new ServerConnector(server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    }

    private static ServerConnector secure(Server server, TlsFiles tls) {
        HttpConfiguration https = new HttpConfiguration();
        https.addCustomizer(new SecureRequestCustomizer(false));
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setSslContext(Tls.context(tls));
        ALPNServerConnectionFactory choice = new ALPNServerConnectionFactory("h2", "http/1.1");
        choice.setDefaultProtocol("http/1.1");
        return new ServerConnector(
                server,
                new SslConnectionFactory(context, choice.getProtocol()),
                choice,
                new HTTP2ServerConnectionFactory(https),
                new HttpConnectionFactory(https));
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) { // Jetty declares nothing more specific
            throw new IOException("Jetty does not stop", e);
        }
    }
}
