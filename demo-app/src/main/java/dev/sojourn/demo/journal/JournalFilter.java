package dev.sojourn.demo.journal;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import dev.sojourn.demo.web.Cookies;
import java.io.IOException;
import java.util.List;

/**
 * Writes each request into the journal. Stands before the session's filter, so that it sees the head as that one has left
 * it, and writes before the head leaves: the browser's next request finds the entry.
 */
public final class JournalFilter extends Filter {
    private final Journal journal;
    private final StoreCalls calls;

    /**
     * A filter.
     *
     * @param journal where to write
     * @param calls the store calls of the present request
     */
    public JournalFilter(Journal journal, StoreCalls calls) {
        this.journal = journal;
        this.calls = calls;
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        calls.begin();
        try {
            chain.doFilter(new WatchedExchange(exchange, status -> write(exchange, status)));
        } finally {
            calls.end();
        }
    }

    private void write(HttpExchange exchange, int status) {
        Entry entry = new Entry(
                HttpLines.ofRequest(exchange),
                HttpLines.ofAnswer(status, exchange.getResponseHeaders()),
                calls.soFar());
        journal.add(visitor(exchange), entry);
    }

    private String visitor(HttpExchange exchange) {
        List<String> cookies = exchange.getRequestHeaders().getOrDefault("Cookie", List.of());
        return Cookies.value(cookies, Journal.COOKIE).filter(journal::knows).orElseGet(() -> {
            String visitor = journal.newVisitor();
            exchange.getResponseHeaders()
                    .add("Set-Cookie", Journal.COOKIE + "=" + visitor + "; Path=/; Secure; HttpOnly; SameSite=Lax");
            return visitor;
        });
    }

    @Override
    public String description() {
        return "the demo's journal";
    }
}
