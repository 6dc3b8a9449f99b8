package dev.sojourn.demo.servers;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.demo.journal.Head;
import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.Recorder.Recording;
import java.io.IOException;
import java.util.List;

/** The journal on the JDK's server. Stands before the session's filter, so that it sees the head as that one has left it. */
final class JdkJournal extends Filter {
    private final Recorder recorder;

    JdkJournal(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        try (Recording recording = recorder.begin(new JdkIncoming(exchange))) {
            Head head = new JdkHead(exchange.getResponseHeaders());
            chain.doFilter(new WatchedExchange(exchange, status -> recording.answering(status, head)));
        }
    }

    @Override
    public String description() {
        return "the demo's journal";
    }

    private record JdkHead(Headers headers) implements Head {
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
