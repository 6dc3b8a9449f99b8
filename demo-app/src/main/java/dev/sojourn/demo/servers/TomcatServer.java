package dev.sojourn.demo.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.valves.ErrorReportValve;

/** Tomcat, embedded. */
final class TomcatServer implements Adapter {
    /** Held, so that its level is not forgotten: Tomcat tells of every step of its start. */
    private static final Logger LOG = Logger.getLogger("org.apache");

    @Override
    public String name() {
        return "tomcat";
    }

    @Override
    public Running start(int port, Served served) throws IOException {
        // What keeps it from starting is thrown as well.
        LOG.setLevel(Level.OFF);
        OnTomcat running = new OnTomcat(new Tomcat(), Files.createTempDirectory("sojourn-demo-tomcat"));
        Tomcat tomcat = running.tomcat();
        tomcat.setBaseDir(running.folder().toString());
        tomcat.setConnector(connector(port));
        tomcat.getHost().getPipeline().addValve(quiet());
        site(tomcat).addServletContainerInitializer(new ServletSite(served), Set.of());
        try {
            tomcat.start();
            LOG.setLevel(Level.WARNING);
            return running;
        } catch (LifecycleException e) {
            running.close();
            throw NotStarted.because(e);
        }
    }

    /** Without the search for leaks at its end, which warns of what it may not look into: the process ends as well. */
    private static StandardContext site(Tomcat tomcat) {
        StandardContext site = (StandardContext) tomcat.addContext("", null);
        site.setClearReferencesRmiTargets(false);
        site.setClearReferencesThreadLocals(false);
        return site;
    }

    private static Connector connector(int port) {
        Connector connector = new Connector();
        connector.setPort(port);
        connector.setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        connector.setThrowOnFailure(true);
        return connector;
    }

    /** Error pages say nothing of the server's insides. */
    private static ErrorReportValve quiet() {
        ErrorReportValve valve = new ErrorReportValve();
        valve.setShowReport(false);
        valve.setShowServerInfo(false);
        return valve;
    }

    /**
     * Stops by itself as {@link Running#close} says: a servlet has two seconds to return.
     *
     * @param folder what Tomcat wants for its own files, of which there are none here
     */
    private record OnTomcat(Tomcat tomcat, Path folder) implements Running {
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
                LOG.log(Level.WARNING, "Tomcat did not stop as it should", e);
            }
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
