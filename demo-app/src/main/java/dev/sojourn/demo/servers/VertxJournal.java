package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Head;
import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.Recorder.Recording;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** The journal on Vert.x. Stands before the session's handler, so that it sees the head as that one has left it. */
final class VertxJournal implements Handler<HttpServerRequest> {
    private final Recorder recorder;
    private final Handler<HttpServerRequest> next;

    VertxJournal(Recorder recorder, Handler<HttpServerRequest> next) {
        this.recorder = recorder;
        this.next = next;
    }

    @Override
    public void handle(HttpServerRequest request) {
        // Never closed: its calls are kept in the request's own context, which ends with the request.
        Recording recording = recorder.begin(new VertxIncoming(request, Buffer.buffer()));
        HttpServerResponse response = request.response();
        Head head = new VertxHead(response.headers());
        response.headersEndHandler(leaving -> recording.answering(response.getStatusCode(), head));
        next.handle(request);
    }

    private record VertxHead(MultiMap headers) implements Head {
        @Override
        public List<String> values(String name) {
            return headers.getAll(name);
        }

        @Override
        public void add(String name, String value) {
            headers.add(name, value);
        }
    }
}
