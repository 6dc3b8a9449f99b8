package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.Recorder.Recording;
import dev.sojourn.demo.journal.ResponseHead;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records requests to Undertow. Runs before the session handler, so that it sees the headers that the session handler
 * sets.
 */
final class UndertowJournalHandler implements HttpHandler {
    private final Recorder recorder;
    private final HttpHandler next;

    UndertowJournalHandler(Recorder recorder, HttpHandler next) {
        this.recorder = recorder;
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        try (Recording recording = recorder.begin(new UndertowRawRequest(exchange))) {
            ResponseHead head = new UndertowResponseHead(exchange.getResponseHeaders());
            // The first wrapper added is the last one called.
            exchange.addResponseWrapper((channel, responding) -> {
                recording.recordResponse(responding.getStatusCode(), head);
                return channel.create();
            });
            next.handleRequest(exchange);
        }
    }

    private record UndertowResponseHead(HeaderMap headers) implements ResponseHead {
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
