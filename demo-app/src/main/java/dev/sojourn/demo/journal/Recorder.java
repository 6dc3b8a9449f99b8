package dev.sojourn.demo.journal;

import dev.sojourn.demo.web.Cookies;
import dev.sojourn.demo.web.Incoming;
import java.util.List;

/**
 * Writes requests into the journal, for any server. A server calls {@link #begin} before the request reaches the session's
 * adapter, {@link Recording#answering} when that one has set its headers and the head has not left yet, and
 * {@link Recording#close} at the end.
 */
public final class Recorder {
    private final Journal journal;
    private final StoreCalls calls;

    /**
     * A recorder.
     *
     * @param journal where to write
     * @param calls who knows the store calls
     */
    public Recorder(Journal journal, StoreCalls calls) {
        this.journal = journal;
        this.calls = calls;
    }

    /**
     * A request comes in: from here on the store calls that are made for it are its own.
     *
     * @param request the request
     * @return what to tell the rest
     */
    public Recording begin(Incoming request) {
        return new Recording(request, calls.begin());
    }

    /** One request while it is under way. */
    public final class Recording implements AutoCloseable {
        private final Incoming request;
        private final List<StoreCall> made;
        private boolean written;

        private Recording(Incoming request, List<StoreCall> made) {
            this.request = request;
            this.made = made;
        }

        /**
         * Writes the entry and adds the journal's own cookie. Called before the head leaves, so that the browser's next
         * request finds the entry. Only the first call does anything: an answer has one head.
         *
         * @param status the status
         * @param head the headers as the session's adapter has left them
         */
        public void answering(int status, Head head) {
            if (written) {
                return;
            }
            written = true;
            journal.add(
                    visitor(head),
                    new Entry(HttpLines.ofRequest(request), HttpLines.ofAnswer(status, head), List.copyOf(made)));
        }

        private String visitor(Head head) {
            return Cookies.value(request.headers("Cookie"), Journal.COOKIE)
                    .filter(journal::knows)
                    .orElseGet(() -> {
                        String visitor = journal.newVisitor();
                        head.add(
                                "Set-Cookie",
                                Journal.COOKIE + "=" + visitor + "; Path=/; Secure; HttpOnly; SameSite=Lax");
                        return visitor;
                    });
        }

        /** The request is over. */
        @Override
        public void close() {
            calls.end();
        }
    }
}
