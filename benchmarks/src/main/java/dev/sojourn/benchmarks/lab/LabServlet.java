package dev.sojourn.benchmarks.lab;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Function;

/** Sends the lab's responses through the Servlet API. */
final class LabServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Function<HttpServletRequest, LabResponse> handler;

    LabServlet(Function<HttpServletRequest, LabResponse> handler) {
        this.handler = handler;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(handler.apply(request), response);
    }

    static void send(LabResponse labResponse, HttpServletResponse response) throws IOException {
        byte[] body = labResponse.body();
        response.setStatus(labResponse.status());
        response.setContentType(LabResponse.TYPE);
        response.setContentLength(body.length);
        if (body.length > 0) {
            response.getOutputStream().write(body);
        }
    }
}
