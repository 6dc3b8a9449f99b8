package dev.sojourn.demo.servers;

import dev.sojourn.demo.web.RawRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;

/**
 * A request to Vert.x.
 *
 * @param form the part of the body that was read
 */
record VertxRawRequest(HttpServerRequest request, Buffer form) implements RawRequest {
    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String target() {
        return request.uri();
    }

    @Override
    public String protocol() {
        return request.version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1";
    }

    @Override
    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    @Override
    public InputStream body() {
        return new ByteArrayInputStream(form.getBytes());
    }
}
