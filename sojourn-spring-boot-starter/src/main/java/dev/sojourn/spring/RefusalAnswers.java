package dev.sojourn.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Answers where a value of Spring's cannot be stored, such as the user of a login. The application's error page is not asked: it is
 * often for users only, so that it leads to a login, which fails in the same way, for ever.
 */
final class RefusalAnswers implements Filter {
    private static final System.Logger LOG = System.getLogger("dev.sojourn.spring");
    private static final int DEEPEST = 16;
    private static final byte[] TEXT =
            "Internal Server Error: something cannot be kept in the session. The server's log says what to do.\n"
                    .getBytes(StandardCharsets.UTF_8);

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | RuntimeException e) {
            UnstorableValueException refusal = refusalIn(e);
            if (refusal == null || response.isCommitted() || !(response instanceof HttpServletResponse answer)) {
                throw e;
            }
            LOG.log(Level.ERROR, "answered 500: " + refusal.getMessage());
            replace(answer);
        }
    }

    private static @Nullable UnstorableValueException refusalIn(Throwable problem) {
        Throwable at = problem;
        for (int depth = 0; at != null && depth < DEEPEST; depth++) {
            if (at instanceof UnstorableValueException refusal) {
                return refusal;
            }
            at = at.getCause();
        }
        return null;
    }

    private static void replace(HttpServletResponse answer) throws IOException {
        answer.reset();
        answer.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        answer.setHeader("Cache-Control", "no-store");
        answer.setContentType("text/plain;charset=utf-8");
        answer.setContentLength(TEXT.length);
        answer.getOutputStream().write(TEXT);
    }
}
