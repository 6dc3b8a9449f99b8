package dev.sojourn.express.cases;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A filter that wraps the response body and refuses writes after the body was closed. */
final class SealingFilter extends Filter {
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        exchange.setStreams(null, new ClosableStream(exchange.getResponseBody()));
        chain.doFilter(exchange);
    }

    @Override
    public String description() {
        return "no write after the end";
    }

    private static final class ClosableStream extends FilterOutputStream {
        private boolean closed;

        ClosableStream(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (closed) {
                throw new IOException("write after end");
            }
            out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
            closed = true;
            super.close();
        }
    }
}
