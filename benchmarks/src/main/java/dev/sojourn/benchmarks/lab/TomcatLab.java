package dev.sojourn.benchmarks.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/** The lab on Tomcat. */
final class TomcatLab implements LabAdapter {
    /**
     * A strong reference: otherwise the logger may be garbage collected, and its level with it. Tomcat logs every step
     * of its start.
     */
    private static final Logger LOG = Logger.getLogger("org.apache");

    private static final int BACKLOG = 1024;

    @Override
    public String name() {
        return "tomcat";
    }

    @Override
    public LabServer start(int port, LabContent content) throws IOException {
        LOG.setLevel(Level.WARNING);
        RunningServer running = new RunningServer(
                new Tomcat(), LabThreads.newExecutor(), Files.createTempDirectory("sojourn-lab-tomcat"));
        Tomcat tomcat = running.tomcat();
        tomcat.setBaseDir(running.folder().toString());
        tomcat.setConnector(connector(port, running.threads()));
        StandardContext context = (StandardContext) tomcat.addContext("", null);
        // Disables the leak checks on stop, which log warnings about inaccessible JDK classes. The process ends anyway.
        context.setClearReferencesRmiTargets(false);
        context.setClearReferencesThreadLocals(false);
        context.addServletContainerInitializer(new ServletLab(content), Set.of());
        try {
            tomcat.start();
            return running;
        } catch (LifecycleException e) {
            running.close();
            throw new IOException("Tomcat did not start", e);
        }
    }

    private static Connector connector(int port, ExecutorService threads) {
        Connector connector = new Connector();
        connector.setPort(port);
        connector.setProperty("address", LabServer.HOST);
        tune(connector, threads);
        connector.setThrowOnFailure(true);
        return connector;
    }

    static void tune(Connector connector, ExecutorService threads) {
        connector.setProperty("acceptCount", String.valueOf(BACKLOG));
        // By default Tomcat closes a connection after 100 requests, which would distort load tests.
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.getProtocolHandler().setExecutor(threads);
    }

    /** A running Tomcat. The folder is Tomcat's base folder, which stays empty. */
    private record RunningServer(Tomcat tomcat, ExecutorService threads, Path folder) implements LabServer {
        @Override
        public int port() {
            return tomcat.getConnector().getLocalPort();
        }

        @Override
        public void close() {
            try {
                tomcat.stop();
                tomcat.destroy();
            } catch (LifecycleException e) {
                LOG.log(Level.WARNING, "Tomcat did not stop cleanly", e);
            }
            threads.shutdownNow();
            delete();
        }

        private void delete() {
            try (Stream<Path> found = Files.walk(folder)) {
                for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            } catch (IOException e) {
                LOG.log(Level.WARNING, "Tomcat's folder could not be deleted", e);
            }
        }
    }
}
