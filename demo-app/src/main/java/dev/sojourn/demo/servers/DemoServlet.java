package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.Answer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sends answers by the Servlet API. */
final class DemoServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Answering answering;

    DemoServlet(Answering answering) {
        this.answering = answering;
    }

    /** Makes the answer to a request. */
    @FunctionalInterface
    interface Answering {
        Answer answer(HttpServletRequest request) throws IOException;

        /** Sends it too. */
        default void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Answer answer = answer(request);
            response.setStatus(answer.status());
            answer.headers().forEach(response::setHeader);
            if (answer.body().length > 0 && !request.getMethod().equals("HEAD")) {
                response.setContentLength(answer.body().length);
                response.getOutputStream().write(answer.body());
            }
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answering.answer(request, response);
    }
}
