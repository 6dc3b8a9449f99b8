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

/** Undertow's servlet container. */
final class UndertowContainer implements Container {
    // Kept, so that its level is.
    private static final Logger LOG = Logger.getLogger("io.undertow");

    @Override
    public Running start(List<Mounted> apps) throws Exception {
        LOG.setLevel(Level.OFF);
        ServletContainer container = ServletContainer.Factory.newInstance();
        PathHandler paths = new PathHandler();
        List<DeploymentManager> managers = new ArrayList<>();
        for (Mounted each : apps) {
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
        return new Running(port, () -> {
            server.stop();
            for (DeploymentManager each : managers) {
                each.stop();
                each.undeploy();
            }
        });
    }

    private static DeploymentInfo deployment(Mounted mounted) {
        DeploymentInfo info = Servlets.deployment()
                .setClassLoader(UndertowContainer.class.getClassLoader())
                .setContextPath(mounted.path().isEmpty() ? "/" : mounted.path())
                // Its page with the stack trace, for requests from this machine, would stand before every error page.
                .setServletStackTraces(ServletStackTraces.NONE)
                .setDeploymentName(mounted.path().isEmpty() ? "root" : mounted.path())
                .addServletContainerInitializer(new ServletContainerInitializerInfo(
                        Mounting.class, () -> new Instance(new Mounting(mounted.app())), Set.of()));
        String errorPage = mounted.errorPage();
        return errorPage == null ? info : info.addErrorPage(Servlets.errorPage(errorPage));
    }

    private record Instance(Mounting getInstance) implements InstanceHandle<ServletContainerInitializer> {
        @Override
        public void release() {}
    }

    private record Mounting(App app) implements ServletContainerInitializer {
        @Override
        public void onStartup(@Nullable Set<Class<?>> types, ServletContext context) throws ServletException {
            app.mount(context);
        }
    }
}
