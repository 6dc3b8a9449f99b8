package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.Answer;
import dev.sojourn.demo.web.Outside;
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

/** Javalin. */
final class JavalinServer implements Adapter {
    @Override
    public String name() {
        return "javalin";
    }

    @Override
    public Running start(int port, Served served) throws IOException {
        Javalin javalin = Javalin.create(config -> configure(config, served));
        try {
            javalin.start(InetAddress.getLoopbackAddress().getHostAddress(), port);
            return new OnJavalin(javalin);
        } catch (JavalinException e) {
            javalin.stop();
            throw NotStarted.because(e);
        }
    }

    private void configure(JavalinConfig config, Served served) {
        config.startup.showJavalinBanner = false;
        config.startup.startupWatcherEnabled = false;
        // As the other servers do.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.jetty.modifyServer(jetty -> jetty.setStopTimeout(Running.PATIENCE.toMillis()));
        // Before the plugin: the journal sees the head as that one has left it.
        config.jetty.modifyServletContextHandler(context ->
                context.addFilter(new ServletJournal(served.recorder()), "/*", EnumSet.of(DispatcherType.REQUEST)));
        config.registerPlugin(new SojournPlugin(served.sessions()));
        for (HandlerType method : HandlerType.commonHttp()) {
            config.routes.addHttpHandler(method, "/*", context -> send(context, answer(context, served)));
        }
    }

    private Answer answer(Context context, Served served) throws IOException {
        ServletIncoming incoming = new ServletIncoming(context.req());
        return Outside.has(context.path())
                ? served.outside().answer(incoming)
                : served.pages().answer(incoming, () -> context.with(SojournPlugin.class));
    }

    private static void send(Context context, Answer answer) {
        context.status(answer.status());
        answer.headers().forEach(context::header);
        if (answer.body().length > 0 && !context.method().equals(HandlerType.HEAD)) {
            context.result(answer.body());
        }
    }

    private record OnJavalin(Javalin javalin) implements Running {
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
