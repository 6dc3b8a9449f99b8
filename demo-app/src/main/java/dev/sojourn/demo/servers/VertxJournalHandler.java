package dev.sojourn.demo.servers;

import dev.sojourn.demo.journal.Recorder;
import dev.sojourn.demo.journal.Recorder.Recording;
import dev.sojourn.demo.journal.ResponseHead;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * Records requests to Vert.x. Runs before the session handler, so that it sees the headers that the session handler
 * sets.
 */
final class VertxJournalHandler implements Handler<HttpServerRequest> {
    private final Recorder recorder;
    private final Handler<HttpServerRequest> next;

    VertxJournalHandler(Recorder recorder, Handler<HttpServerRequest> next) {
        this.recorder = recorder;
        this.next = next;
    }

    @Override
    public void handle(HttpServerRequest request) {
        // Never closed: the calls are in the request's own context, which ends with the request.
        Recording recording = recorder.begin(new VertxRawRequest(request, Buffer.buffer()));
        HttpServerResponse response = request.response();
        ResponseHead head = new VertxResponseHead(response.headers());
        response.headersEndHandler(ignored -> recording.recordResponse(response.getStatusCode(), head));
        next.handle(request);
    }

    private record VertxResponseHead(MultiMap headers) implements ResponseHead {
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
