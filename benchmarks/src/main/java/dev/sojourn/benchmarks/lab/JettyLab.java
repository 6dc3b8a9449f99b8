package dev.sojourn.benchmarks.lab;

import java.io.IOException;
import java.lang.System.Logger.Level;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The lab on Jetty. */
final class JettyLab implements LabAdapter {
    private static final int BACKLOG = 1024;

    @Override
    public String name() {
        return "jetty";
    }

    @Override
    public LabServer start(int port, LabContent content) throws IOException {
        Server jetty = new Server(LabThreads.forJetty());
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost(LabServer.HOST);
        connector.setPort(port);
        connector.setAcceptQueueSize(BACKLOG);
        jetty.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServletContainerInitializer(new ServletLab(content));
        jetty.setHandler(context);
        RunningServer running = new RunningServer(jetty, connector);
        try {
            jetty.start();
            return running;
        } catch (Exception e) { // declared by Jetty
            running.close();
            throw new IOException("Jetty did not start", e);
        }
    }

    private record RunningServer(Server jetty, ServerConnector connector) implements LabServer {
        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public void close() {
            try {
                jetty.stop();
            } catch (Exception e) { // declared by Jetty
                System.getLogger("dev.sojourn.lab").log(Level.WARNING, "Jetty did not stop cleanly", e);
            }
        }
    }
}
