package dev.sojourn.clients;

import dev.sojourn.Sessions;
import dev.sojourn.servers.TlsFiles;
import dev.sojourn.servlet.SojournFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRegistration;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.apache.tomcat.websocket.server.WsSci;
import org.jspecify.annotations.Nullable;

/** The application on Tomcat, with HTTP/2 and a WebSocket. */
record TomcatAppServer(Tomcat tomcat, Path folder) implements AppServer {
    // A strong reference, because the level of a collected logger is lost.
    private static final Logger LOG = Logger.getLogger("org.apache");

    static AppServer start(String host, Sessions sessions, @Nullable TlsFiles tls) throws Exception {
        LOG.setLevel(Level.OFF);
        Path folder = Files.createTempDirectory("sojourn-clients-tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        Connector connector = tomcat.getConnector();
        connector.setProperty("address", host);
        connector.addUpgradeProtocol(new Http2Protocol());
        if (tls != null) {
            secure(connector, tls);
        }
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addServletContainerInitializer((types, started) -> mount(started, sessions), Set.of());
        tomcat.start();
        return new TomcatAppServer(tomcat, folder);
    }

    private static void secure(Connector connector, TlsFiles tls) {
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystore(Tls.keyStore(tls));
        certificate.setCertificateKeystorePassword(TlsFiles.PASSWORD);
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
    }

    private static void mount(ServletContext context, Sessions sessions) throws ServletException {
        FilterRegistration.Dynamic filter = context.addFilter("sojourn", new SojournFilter(sessions));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        ServletRegistration.Dynamic servlet = context.addServlet("app", new AppServlet());
        servlet.setAsyncSupported(true);
        servlet.addMapping("/*");
        ServerContainer sockets = (ServerContainer) context.getAttribute(ServerContainer.class.getName());
        try {
            sockets.addEndpoint(ServerEndpointConfig.Builder.create(AppSocket.class, "/socket")
                    .configurator(new AppSocket.Handshake())
                    .build());
        } catch (DeploymentException e) {
            throw new ServletException(e);
        }
    }

    @Override
    public int port() {
        return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() throws IOException {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IOException("Tomcat does not stop", e);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
