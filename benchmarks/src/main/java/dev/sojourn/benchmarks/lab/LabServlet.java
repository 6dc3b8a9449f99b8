package dev.sojourn.benchmarks.lab;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Function;

/** Sends the lab's answers by the Servlet API. */
final class LabServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Function<HttpServletRequest, LabAnswer> answers;

    LabServlet(Function<HttpServletRequest, LabAnswer> answers) {
        this.answers = answers;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(answers.apply(request), response);
    }

    static void send(LabAnswer answer, HttpServletResponse response) throws IOException {
        byte[] body = answer.body();
        response.setStatus(answer.status());
        response.setContentType(LabAnswer.TYPE);
        response.setContentLength(body.length);
        if (body.length > 0) {
            response.getOutputStream().write(body);
        }
    }
}
