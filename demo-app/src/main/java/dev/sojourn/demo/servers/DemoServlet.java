package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.Response;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sends responses through the Servlet API. */
final class DemoServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Responder responder;

    DemoServlet(Responder responder) {
        this.responder = responder;
    }

    /** Creates the response to a request. */
    @FunctionalInterface
    interface Responder {
        Response respond(HttpServletRequest request) throws IOException;

        /** Creates the response and sends it. */
        default void respond(HttpServletRequest request, HttpServletResponse servletResponse) throws IOException {
            Response response = respond(request);
            servletResponse.setStatus(response.status());
            response.headers().forEach(servletResponse::setHeader);
            if (response.body().length > 0 && !request.getMethod().equals("HEAD")) {
                servletResponse.setContentLength(response.body().length);
                servletResponse.getOutputStream().write(response.body());
            }
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        responder.respond(request, response);
    }
}
