package dev.sojourn.express.cases;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.tools.WrappedExchange;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A filter in front of the session filter that passes on a modified request, as code that sets {@code request.secure} or
 * {@code request.url} does in Express.
 */
final class RewritingFilter extends Filter {
    private final @Nullable URI uri;

    /** Creates a filter that keeps the request's URI. */
    RewritingFilter() {
        this(null);
    }

    RewritingFilter(@Nullable URI uri) {
        this.uri = uri;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        chain.doFilter(new WrappedExchange(exchange) {
            @Override
            public URI getRequestURI() {
                return uri == null ? super.getRequestURI() : uri;
            }
        });
    }

    @Override
    public String description() {
        return "rewriting";
    }
}
