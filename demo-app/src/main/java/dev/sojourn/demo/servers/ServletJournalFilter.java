package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.Recorder.Recording;
import dev.sojourn.demo.web.SessionlessPaths;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Records requests to a servlet container. Runs before the session filter, so that it sees the headers that the session
 * filter sets.
 */
final class ServletJournalFilter implements Filter {
    private final Recorder recorder;

    ServletJournalFilter(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ServletRawRequest raw = new ServletRawRequest((HttpServletRequest) request);
        if (SessionlessPaths.contains(raw.request().getRequestURI())) {
            // Some frameworks can map filters to all paths only.
            chain.doFilter(request, response);
            return;
        }
        try (Recording recording = recorder.begin(raw)) {
            ServletJournalResponse journaled = new ServletJournalResponse((HttpServletResponse) response, recording);
            chain.doFilter(request, journaled);
            // A response without a body is sent after this.
            journaled.recordResponse();
        }
    }
}
