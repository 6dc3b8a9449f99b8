package dev.sojourn.servlet;

import io.undertow.Undertow;
import io.undertow.server.handlers.PathHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.InstanceHandle;
import io.undertow.servlet.api.ServletContainer;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.api.ServletStackTraces;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts Undertow's servlet container. */
final class UndertowContainer implements Container {
    // A strong reference, because the level of a collected logger is lost.
    private static final Logger LOG = Logger.getLogger("io.undertow");

    @Override
    public RunningContainer start(List<MountedApp> apps) throws Exception {
        LOG.setLevel(Level.OFF);
        ServletContainer container = ServletContainer.Factory.newInstance();
        PathHandler paths = new PathHandler();
        List<DeploymentManager> managers = new ArrayList<>();
        for (MountedApp each : apps) {
            DeploymentManager manager = container.addDeployment(deployment(each));
            manager.deploy();
            paths.addPrefixPath(each.path().isEmpty() ? "/" : each.path(), manager.start());
            managers.add(manager);
        }
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setIoThreads(2)
                .setWorkerThreads(16)
                .setHandler(paths)
                .build();
        server.start();
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return new RunningContainer(port, () -> {
            server.stop();
            for (DeploymentManager each : managers) {
                each.stop();
                each.undeploy();
            }
        });
    }

    private static DeploymentInfo deployment(MountedApp mounted) {
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(UndertowContainer.class.getClassLoader())
                .setContextPath(mounted.path().isEmpty() ? "/" : mounted.path())
                // Undertow's stack-trace page for local requests would take precedence over every error page.
                .setServletStackTraces(ServletStackTraces.NONE)
                .setDeploymentName(mounted.path().isEmpty() ? "root" : mounted.path())
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        AppInitializer.class, () -> new Instance(new AppInitializer(mounted.app())), Set.of()));
        String errorPage = mounted.errorPage();
        return errorPage == null ? info : info.addErrorPage(Servlets.errorPage(errorPage));
    }

    private record Instance(AppInitializer getInstance) implements InstanceHandle<ServletContainerInitializer> {
        @Override
        public void release() {}
    }

    private record AppInitializer(App app) implements ServletContainerInitializer {
        @Override
        public void onStartup(@Nullable Set<Class<?>> types, ServletContext context) throws ServletException {
            app.mount(context);
        }
    }
}
