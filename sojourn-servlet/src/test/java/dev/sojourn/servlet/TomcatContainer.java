package dev.sojourn.servlet;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.ErrorPage;
import org.apache.tomcat.websocket.server.WsSci;
import org.jspecify.annotations.Nullable;

/** Starts Tomcat 10.1 or 11, whichever is on the class path. */
final class TomcatContainer implements Container {
    // A strong reference, because the level of a collected logger is lost.
    private static final Logger LOG = Logger.getLogger("org.apache");

    private static @Nullable ExecutorService requests;

    /** Sets the executor for requests of containers started afterwards; null for Tomcat's threads. */
    static void setRequestExecutor(@Nullable ExecutorService threads) {
        requests = threads;
    }

    @Override
    public RunningContainer start(List<MountedApp> apps) throws Exception {
        LOG.setLevel(Level.OFF);
        Path folder = Files.createTempDirectory("sojourn-tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector()
                .setProperty("address", InetAddress.getLoopbackAddress().getHostAddress());
        if (requests != null) {
            tomcat.getConnector().getProtocolHandler().setExecutor(requests);
        }
        apps.forEach(each -> mount(tomcat, each));
        tomcat.start();
        return new RunningContainer(tomcat.getConnector().getLocalPort(), () -> stop(tomcat, folder));
    }

    private static void mount(Tomcat tomcat, MountedApp mounted) {
        Context context = tomcat.addContext(mounted.path(), null);
        context.setCrossContext(true);
        context.addServletContainerInitializer(new WsSci(), Set.of());
        context.addServletContainerInitializer((types, started) -> mounted.app().mount(started), Set.of());
        if (mounted.errorPage() != null) {
            ErrorPage page = new ErrorPage();
            page.setLocation(mounted.errorPage());
            context.addErrorPage(page);
        }
    }

    private static void stop(Tomcat tomcat, Path folder) throws LifecycleException, IOException {
        tomcat.stop();
        tomcat.destroy();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
