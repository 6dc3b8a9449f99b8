package dev.sojourn.demo.journal;

import dev.sojourn.demo.web.Cookies;
import dev.sojourn.demo.web.RawRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Writes requests to the journal, independent of the server. A server calls {@link #begin} before the request reaches
 * the session adapter, {@link Recording#recordResponse} after the adapter has set its headers and before they are sent,
 * and {@link Recording#close} at the end.
 */
public final class Recorder {
    private final Journal journal;
    private final StoreCalls calls;
    private final Predicate<RawRequest> isApi;
    private final Predicate<RawRequest> isHidden;

    /**
     * Creates a recorder.
     *
     * @param journal the journal to write to
     * @param calls the store calls of the current request
     * @param isApi whether a request is for the API
     * @param isHidden whether a request is not to be listed, because a page makes it by itself
     */
    public Recorder(Journal journal, StoreCalls calls, Predicate<RawRequest> isApi, Predicate<RawRequest> isHidden) {
        this.journal = journal;
        this.calls = calls;
        this.isApi = isApi;
        this.isHidden = isHidden;
    }

    /**
     * Starts recording a request and its store calls.
     *
     * @param request the request
     * @return the recording
     */
    public Recording begin(RawRequest request) {
        return new Recording(request, calls.begin());
    }

    /** The recording of one request. */
    public final class Recording implements AutoCloseable {
        private final RawRequest request;
        private final List<StoreCall> storeCalls;
        private boolean written;

        private Recording(RawRequest request, List<StoreCall> storeCalls) {
            this.request = request;
            this.storeCalls = storeCalls;
        }

        /**
         * Writes the entry and adds the journal's cookie. Must be called before the response headers are sent, so that
         * the browser's next request finds the entry. Further calls have no effect. A response of the API names its cost
         * in a header instead of adding the cookie, because most of its clients have no cookies.
         *
         * @param status the status
         * @param head the headers after the session adapter has set its own
         */
        public void recordResponse(int status, ResponseHead head) {
            if (written || isHidden.test(request)) {
                return;
            }
            written = true;
            Optional<String> client =
                    Cookies.value(request.headers("Cookie"), Journal.COOKIE).filter(journal::hasClient);
            if (isApi.test(request)) {
                head.add("Demo-Cost", JournalEntry.costOf(storeCalls));
            } else if (client.isEmpty()) {
                client = Optional.of(addClient(head));
            }
            client.ifPresent(id -> journal.add(
                    id,
                    new JournalEntry(HttpLines.ofRequest(request), HttpLines.ofResponse(status, head), storeCalls)));
        }

        private String addClient(ResponseHead head) {
            String client = journal.addClient();
            head.add("Set-Cookie", Journal.COOKIE + "=" + client + "; Path=/; Secure; HttpOnly; SameSite=Lax");
            return client;
        }

        /** Ends the recording. */
        @Override
        public void close() {
            calls.end();
        }
    }
}
