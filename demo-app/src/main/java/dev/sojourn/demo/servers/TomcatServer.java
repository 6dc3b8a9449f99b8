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

/** The demo on embedded Tomcat. */
final class TomcatServer implements Adapter {
    /**
     * A strong reference: otherwise the logger may be garbage collected, and its level with it. Tomcat logs every step
     * of its start.
     */
    private static final Logger LOG = Logger.getLogger("org.apache");

    @Override
    public String name() {
        return "tomcat";
    }

    @Override
    public RunningServer start(int port, DemoContent content) throws IOException {
        // A failure to start is also thrown, so it need not be logged.
        LOG.setLevel(Level.OFF);
        RunningTomcat running = new RunningTomcat(new Tomcat(), Files.createTempDirectory("sojourn-demo-tomcat"));
        Tomcat tomcat = running.tomcat();
        tomcat.setBaseDir(running.folder().toString());
        tomcat.setConnector(connector(port));
        tomcat.getHost().getPipeline().addValve(plainErrorPages());
        site(tomcat).addServletContainerInitializer(new ServletSite(content), Set.of());
        try {
            tomcat.start();
            LOG.setLevel(Level.WARNING);
            return running;
        } catch (LifecycleException e) {
            running.close();
            throw StartFailure.of(e);
        }
    }

    /** Disables the leak checks on stop, which log warnings about inaccessible JDK classes. The process ends anyway. */
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

    /** Disables stack traces and server information on error pages. */
    private static ErrorReportValve plainErrorPages() {
        ErrorReportValve valve = new ErrorReportValve();
        valve.setShowReport(false);
        valve.setShowServerInfo(false);
        return valve;
    }

    /**
     * A running Tomcat. When it stops, it gives servlets two seconds to return, as {@link RunningServer#close}
     * requires.
     *
     * @param folder Tomcat's base folder, which stays empty
     */
    private record RunningTomcat(Tomcat tomcat, Path folder) implements RunningServer {
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
