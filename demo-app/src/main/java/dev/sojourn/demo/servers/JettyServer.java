package dev.sojourn.demo.servers;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Jetty, embedded. */
final class JettyServer implements Adapter {
    @Override
    public String name() {
        return "jetty";
    }

    @Override
    public Running start(int port, Served served) throws IOException {
        Server jetty = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(port);
        jetty.addConnector(connector);
        jetty.setHandler(new GracefulHandler(site(served)));
        jetty.setStopTimeout(Running.PATIENCE.toMillis());
        OnJetty running = new OnJetty(jetty, connector);
        try {
            jetty.start();
            return running;
        } catch (Exception e) { // Jetty declares no less
            running.close();
            throw NotStarted.because(e);
        }
    }

    private ServletContextHandler site(Served served) {
        ServletContextHandler site = new ServletContextHandler("/");
        site.addServletContainerInitializer(new ServletSite(served));
        site.setErrorHandler(new Discreet());
        return site;
    }

    /** Error pages that say nothing of the server's insides. */
    private static final class Discreet extends ErrorPageErrorHandler {
        Discreet() {
            setShowStacks(false);
        }

        @Override
        protected void generateResponse(
                Request request,
                Response response,
                int status,
                @Nullable String message,
                @Nullable Throwable cause,
                Callback callback)
                throws IOException {
            super.generateResponse(request, response, status, HttpStatus.getMessage(status), null, callback);
        }
    }

    private record OnJetty(Server jetty, ServerConnector connector) implements Running {
        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public void close() {
            try {
                jetty.stop();
            } catch (Exception e) { // Jetty declares no less
                System.getLogger("dev.sojourn.demo").log(Level.WARNING, "Jetty did not stop as it should", e);
            }
        }
    }
}
