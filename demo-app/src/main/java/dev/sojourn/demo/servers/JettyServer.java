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

/** The demo on embedded Jetty. */
final class JettyServer implements Adapter {
    @Override
    public String name() {
        return "jetty";
    }

    @Override
    public RunningServer start(int port, DemoContent content) throws IOException {
        Server jetty = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(jetty, new HttpConnectionFactory(http));
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(port);
        jetty.addConnector(connector);
        jetty.setHandler(new GracefulHandler(site(content)));
        jetty.setStopTimeout(RunningServer.STOP_TIMEOUT.toMillis());
        RunningJetty running = new RunningJetty(jetty, connector);
        try {
            jetty.start();
            return running;
        } catch (Exception e) { // declared by Jetty
            running.close();
            throw StartFailure.of(e);
        }
    }

    private ServletContextHandler site(DemoContent content) {
        ServletContextHandler site = new ServletContextHandler("/");
        site.addServletContainerInitializer(new ServletSite(content));
        site.setErrorHandler(new PlainErrorPages());
        return site;
    }

    /** Error pages without stack traces or internal messages. */
    private static final class PlainErrorPages extends ErrorPageErrorHandler {
        PlainErrorPages() {
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

    private record RunningJetty(Server jetty, ServerConnector connector) implements RunningServer {
        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public void close() {
            try {
                jetty.stop();
            } catch (Exception e) { // declared by Jetty
                System.getLogger("dev.sojourn.demo").log(Level.WARNING, "Jetty did not stop cleanly", e);
            }
        }
    }
}
