package dev.sojourn.servlet;

import dev.sojourn.EndpointResponse;
import dev.sojourn.SealedSession;
import dev.sojourn.Session;
import dev.sojourn.SessionView;
import dev.sojourn.spi.SessionSource;
import dev.sojourn.testing.AdapterContract;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;

/** Runs the whole adapter contract on the configured container, with an error page of the application. */
class ServletAdapterTest extends AdapterContract {
    @Override
    protected Server start(SessionSource sessions, Scenario scenario) throws Exception {
        Container.RunningContainer running =
                Container.configured().start(new SojournFilter(sessions), new ScenarioServlet(scenario), "/*", ROUTE);
        return new Server(running.port(), running::close);
    }

    private static final class ScenarioServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Scenario scenario;

        ScenarioServlet(Scenario scenario) {
            this.scenario = scenario;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if (request.getDispatcherType() == DispatcherType.ERROR) {
                response.setContentType("text/plain");
                response.setHeader("Cache-Control", "no-store");
                response.getWriter().println("an error occurred");
                return;
            }
            scenario.handle(new ServletResponder(request, response));
        }
    }

    private record ServletResponder(HttpServletRequest request, HttpServletResponse response) implements Responder {
        @Override
        public String path() {
            return request.getRequestURI();
        }

        @Override
        public String route() {
            return request.getHttpServletMapping().getPattern().equals(ROUTE) ? ROUTE : path();
        }

        @Override
        public Session session() {
            return Sojourn.session(request);
        }

        @Override
        public SealedSession sealed() {
            return Sojourn.sealed(request);
        }

        @Override
        public SessionView view() {
            return Sojourn.view(request);
        }

        @Override
        public void addHeader(String name, String value) {
            response.addHeader(name, value);
        }

        @Override
        public void send(int status, byte[] body) throws IOException {
            response.setStatus(status);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
        }

        @Override
        public void send(EndpointResponse endpoint) throws IOException {
            Sojourn.send(response, endpoint);
        }

        @Override
        public void sendEmpty(int status) {
            response.setStatus(status);
        }

        @Override
        public void redirect(String location) throws IOException {
            response.sendRedirect(location);
        }

        @Override
        public OutputStream stream(int status) throws IOException {
            response.setStatus(status);
            return response.getOutputStream();
        }
    }
}
