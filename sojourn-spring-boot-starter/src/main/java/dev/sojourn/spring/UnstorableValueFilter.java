package dev.sojourn.spring;

import dev.sojourn.spi.ErrorResponse;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;

/**
 * A filter that sends an error response when a value that Spring sets cannot be stored, such as the user of a login. The
 * application's error page is not used: it often requires a login, which fails in the same way, so that the client is
 * redirected forever.
 */
final class UnstorableValueFilter implements Filter {
    private static final System.Logger LOG = System.getLogger("dev.sojourn.spring");

    private final ErrorTexts texts;

    UnstorableValueFilter(ErrorTexts texts) {
        this.texts = texts;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException e) {
            UnstorableValueException problem = ErrorTexts.find(UnstorableValueException.class, e);
            if (problem == null || response.isCommitted() || !(response instanceof HttpServletResponse httpResponse)) {
                throw e;
            }
            LOG.log(Level.ERROR, "responded with 500: " + problem.getMessage());
            send(texts.of(problem), httpResponse);
        }
    }

    private static void send(ErrorResponse error, HttpServletResponse response) throws IOException {
        response.reset();
        response.setStatus(error.status());
        error.headers().forEach(response::setHeader);
        byte[] body = error.body();
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
