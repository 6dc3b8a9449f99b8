package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Head;
import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.Recorder.Recording;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The journal on Undertow. Stands before the session's handler, so that it sees the head as that one has left it. */
final class UndertowJournal implements HttpHandler {
    private final Recorder recorder;
    private final HttpHandler next;

    UndertowJournal(Recorder recorder, HttpHandler next) {
        this.recorder = recorder;
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        try (Recording recording = recorder.begin(new UndertowIncoming(exchange))) {
            Head head = new UndertowHead(exchange.getResponseHeaders());
            // The wrapper that was added first is called last.
            exchange.addResponseWrapper((channel, answering) -> {
                recording.answering(answering.getStatusCode(), head);
                return channel.create();
            });
            next.handleRequest(exchange);
        }
    }

    private record UndertowHead(HeaderMap headers) implements Head {
        @Override
        public List<String> values(String name) {
            @Nullable List<String> values = headers.get(name);
            return values == null ? List.of() : values;
        }

        @Override
        public void add(String name, String value) {
            headers.add(new HttpString(name), value);
        }
    }
}
