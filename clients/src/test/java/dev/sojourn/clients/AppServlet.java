package dev.sojourn.clients;

import dev.sojourn.servlet.Sojourn;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;

/** A servlet that serves the {@link App}. */
final class AppServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getWriter()
                .write(App.respond(Sojourn.session(request), request.getRequestURI(), request.getProtocol()));
    }
}
