package dev.sojourn.benchmarks.lab;

import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.javalin.Sojourn;
import dev.sojourn.javalin.SojournPlugin;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;

/** The lab on Javalin. */
final class JavalinLab implements LabAdapter {
    @Override
    public String name() {
        return "javalin";
    }

    @Override
    public LabServer start(int port, LabContent content) {
        Javalin javalin = Javalin.create(config -> configure(config, content));
        javalin.start(LabServer.HOST, port);
        return new RunningServer(javalin);
    }

    private void configure(JavalinConfig config, LabContent content) {
        LabEndpoints endpoints = content.endpoints();
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.jetty.threadPool = LabThreads.forJetty();
        // No compression, as on the other servers.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.registerPlugin(new SojournPlugin(content.sessions()));
        for (HandlerType method : HandlerType.commonHttp()) {
            config.routes.addHttpHandler(
                    method,
                    LabEndpoints.BARE,
                    context ->
                            send(context, endpoints.respondBare(method.name(), context.path(), context.queryString())));
            config.routes.addHttpHandler(
                    method,
                    "/*",
                    context -> send(
                            context,
                            endpoints.respond(
                                    method.name(),
                                    context.path(),
                                    context.queryString(),
                                    new JavalinSessions(context))));
        }
    }

    private static void send(Context context, LabResponse response) {
        context.status(response.status()).contentType(LabResponse.TYPE).result(response.body());
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

    private record RunningServer(Javalin javalin) implements LabServer {
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
