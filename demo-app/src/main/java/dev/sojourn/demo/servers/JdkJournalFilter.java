package dev.sojourn.demo.servers;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.Recorder.Recording;
import dev.sojourn.demo.journal.ResponseHead;
import java.io.IOException;
import java.util.List;

/**
 * Records requests to the JDK server. Runs before the session filter, so that it sees the headers that the session
 * filter sets.
 */
final class JdkJournalFilter extends Filter {
    private final Recorder recorder;

    JdkJournalFilter(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        try (Recording recording = recorder.begin(new JdkRawRequest(exchange))) {
            ResponseHead head = new JdkResponseHead(exchange.getResponseHeaders());
            chain.doFilter(new JdkJournalExchange(exchange, status -> recording.recordResponse(status, head)));
        }
    }

    @Override
    public String description() {
        return "the demo's journal";
    }

    private record JdkResponseHead(Headers headers) implements ResponseHead {
        @Override
        public List<String> values(String name) {
            return headers.getOrDefault(name, List.of());
        }

        @Override
        public void add(String name, String value) {
            headers.add(name, value);
        }
    }
}
