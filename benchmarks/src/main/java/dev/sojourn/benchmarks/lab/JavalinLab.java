package dev.sojourn.benchmarks.lab;

import dev.sojourn.Sessions;
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
    public LabServer start(int port, Sessions sessions) {
        Javalin javalin = Javalin.create(config -> configure(config, sessions));
        javalin.start(LabServer.HOST, port);
        return new RunningServer(javalin);
    }

    private void configure(JavalinConfig config, Sessions sessions) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        config.jetty.threadPool = LabThreads.forJetty();
        // No compression, as on the other servers.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.registerPlugin(new SojournPlugin(sessions));
        for (HandlerType method : HandlerType.commonHttp()) {
            config.routes.addHttpHandler(
                    method,
                    LabEndpoints.BARE,
                    context -> send(
                            context, LabEndpoints.respondBare(method.name(), context.path(), context.queryString())));
            config.routes.addHttpHandler(
                    method,
                    "/*",
                    context -> send(
                            context,
                            LabEndpoints.respond(
                                    method.name(),
                                    context.path(),
                                    context.queryString(),
                                    () -> context.with(SojournPlugin.class))));
        }
    }

    private static void send(Context context, LabResponse response) {
        context.status(response.status()).contentType(LabResponse.TYPE).result(response.body());
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
