package dev.sojourn.demo.servers;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.demo.web.RequestSessions;
import dev.sojourn.demo.web.Response;
import dev.sojourn.demo.web.SessionlessPaths;
import dev.sojourn.javalin.Sojourn;
import dev.sojourn.javalin.SojournPlugin;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinException;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.InetAddress;
import java.util.EnumSet;

/** The demo on Javalin. */
final class JavalinServer implements Adapter {
    @Override
    public String name() {
        return "javalin";
    }

    @Override
    public RunningServer start(int port, DemoContent content) throws IOException {
        Javalin javalin = Javalin.create(config -> configure(config, content));
        try {
            javalin.start(InetAddress.getLoopbackAddress().getHostAddress(), port);
            return new RunningJavalin(javalin);
        } catch (JavalinException e) {
            javalin.stop();
            throw StartFailure.of(e);
        }
    }

    private void configure(JavalinConfig config, DemoContent content) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        // No compression, as on the other servers.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.jetty.modifyServer(jetty -> jetty.setStopTimeout(RunningServer.STOP_TIMEOUT.toMillis()));
        // Before the plugin, so that the journal sees the headers that the plugin sets.
        config.jetty.modifyServletContextHandler(context -> context.addFilter(
                new ServletJournalFilter(content.recorder()), "/*", EnumSet.of(DispatcherType.REQUEST)));
        config.registerPlugin(new SojournPlugin(content.sessions()));
        for (HandlerType method : HandlerType.commonHttp()) {
            config.routes.addHttpHandler(method, "/*", context -> send(context, respond(context, content)));
        }
    }

    private Response respond(Context context, DemoContent content) throws IOException {
        ServletRawRequest request = new ServletRawRequest(context.req());
        return SessionlessPaths.contains(context.path())
                ? content.sessionless().respond(request)
                : content.pages().respond(request, new JavalinSessions(context));
    }

    private static void send(Context context, Response response) {
        context.status(response.status());
        response.headers().forEach(context::header);
        if (response.body().length > 0 && !context.method().equals(HandlerType.HEAD)) {
            context.result(response.body());
        }
    }

    private record JavalinSessions(Context context) implements RequestSessions {
        @Override
        public Session session() {
            return context.with(SojournPlugin.class);
        }

        @Override
        public SealedSession sealed() {
            return Sojourn.sealed(context);
        }

        @Override
        public SessionView view() {
            return Sojourn.view(context);
        }
    }

    private record RunningJavalin(Javalin javalin) implements RunningServer {
        @Override
        public int port() {
            return javalin.port();
        }

        @Override
        public void close() {
            javalin.stop();
        }
    }
}
