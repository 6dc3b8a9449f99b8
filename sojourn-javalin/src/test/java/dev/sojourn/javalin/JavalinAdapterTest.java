package dev.sojourn.javalin;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.OutputStream;

class JavalinAdapterTest extends AdapterContract {
    @Override
    protected Server start(SessionSource sessions, Scenario scenario) {
        Handler handler = context -> scenario.handle(new JavalinResponder(context, context.path()));
        Handler route = context -> scenario.handle(new JavalinResponder(context, ROUTE));
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.jetty.host = "127.0.0.1";
            config.jetty.port = 0;
            config.registerPlugin(new SojournPlugin(sessions));
            config.router.caseInsensitiveRoutes = true;
            config.routes.get(ROUTE, route);
            config.routes.get("/*", handler);
            config.routes.post("/*", handler);
            config.routes.delete("/*", handler);
            config.routes.head("/*", handler);
        });
        javalin.start();
        return new Server(javalin.port(), javalin::stop);
    }

    private record JavalinResponder(Context context, String route) implements Responder {
        @Override
        public String path() {
            return context.path();
        }

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

        @Override
        public void addHeader(String name, String value) {
            context.res().addHeader(name, value);
        }

        @Override
        public void send(int status, byte[] body) {
            context.res().setContentLength(body.length);
            context.status(status).result(body);
        }

        @Override
        public void send(EndpointResponse response) {
            Sojourn.send(context, response);
        }

        @Override
        public void sendEmpty(int status) {
            context.status(status);
        }

        @Override
        public void redirect(String location) {
            context.redirect(location);
        }

        @Override
        public OutputStream stream(int status) throws IOException {
            // Javalin's outputStream() holds flushed bytes back until the stream ends or its buffer is full.
            context.status(status);
            return context.res().getOutputStream();
        }
    }
}
