package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.Recorder.Recording;
import dev.sojourn.demo.web.Outside;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The journal by the Servlet API. Stands before the session's filter, so that it sees the head as that one has left it. */
final class ServletJournal implements Filter {
    private final Recorder recorder;

    ServletJournal(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        ServletIncoming incoming = new ServletIncoming((HttpServletRequest) request);
        if (Outside.has(incoming.request().getRequestURI())) {
            // Some frameworks take filters around everything only.
            chain.doFilter(request, response);
            return;
        }
        try (Recording recording = recorder.begin(incoming)) {
            WatchedResponse watched = new WatchedResponse((HttpServletResponse) response, recording);
            chain.doFilter(request, watched);
            // An answer without a body leaves after this.
            watched.leaving();
        }
    }
}
