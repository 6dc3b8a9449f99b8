package dev.sojourn.servlet;

import jakarta.servlet.ServletContainerInitializer;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** Starts Jetty 12 with one of its environments, ee9 to ee11, whose classes have the same names in different packages. */
final class JettyContainer implements Container {
    private static final int NO_SESSIONS = 0;
    /** The option {@code ServletContextHandler.SESSIONS} of every environment. */
    private static final int SESSIONS = 1;

    private final String environment;

    JettyContainer(String environment) {
        this.environment = environment;
    }

    @Override
    public RunningContainer start(List<MountedApp> apps) throws Exception {
        return start(apps, NO_SESSIONS);
    }

    @Override
    public RunningContainer startWithContainerSessions(List<MountedApp> apps) throws Exception {
        return start(apps, SESSIONS);
    }

    private RunningContainer start(List<MountedApp> apps, int options) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ContextHandlerCollection contexts = new ContextHandlerCollection();
        for (MountedApp each : apps) {
            contexts.addHandler(createContext(each, options));
        }
        server.setHandler(contexts);
        server.start();
        return new RunningContainer(connector.getLocalPort(), server::stop);
    }

    private Handler createContext(MountedApp mounted, int options) throws ReflectiveOperationException {
        Object context =
                type("servlet.ServletContextHandler").getConstructor(int.class).newInstance(options);
        call(context, "setContextPath", mounted.path().isEmpty() ? "/" : mounted.path());
        configureWebSockets(context);
        ServletContainerInitializer mounting = (types, started) -> mounted.app().mount(started);
        call(context, "addServletContainerInitializer", mounting);
        if (mounted.errorPage() != null) {
            Object pages =
                    type("servlet.ErrorPageErrorHandler").getConstructor().newInstance();
            call(pages, "addErrorPage", "org.eclipse.jetty.server.error_page.global", mounted.errorPage());
            call(context, "setErrorHandler", pages);
        }
        return context instanceof Handler core ? core : coreHandler(context);
    }

    /** Configures WebSockets if they are on the class path. */
    private void configureWebSockets(Object context) throws ReflectiveOperationException {
        Class<?> initializer;
        try {
            initializer = type("websocket.jakarta.server.config.JakartaWebSocketServletContainerInitializer");
        } catch (ClassNotFoundException e) {
            return;
        }
        for (Method each : initializer.getMethods()) {
            if (each.getName().equals("configure")) {
                each.invoke(null, context, null);
            }
        }
    }

    /** Returns the server's handler; that of an older environment is wrapped. */
    private static Handler coreHandler(Object context) {
        return (Handler) ((Supplier<?>) context).get();
    }

    private Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName("org.eclipse.jetty." + environment + "." + name);
    }

    private static void call(Object target, String name, Object... arguments) throws ReflectiveOperationException {
        for (Method each : target.getClass().getMethods()) {
            if (each.getName().equals(name) && accepts(each.getParameterTypes(), arguments)) {
                each.invoke(target, arguments);
                return;
            }
        }
        throw new NoSuchMethodException(target.getClass().getName() + "." + name);
    }

    private static boolean accepts(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            if (!types[i].isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }
}
