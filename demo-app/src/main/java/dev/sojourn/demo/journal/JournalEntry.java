package dev.sojourn.demo.journal;

import java.util.List;

/**
 * A request and its response, reduced to what concerns sessions.
 *
 * @param request the request's lines
 * @param response the response's lines
 * @param calls the store calls of the request, in order
 */
public record JournalEntry(List<String> request, List<String> response, List<StoreCall> calls) {
    /** Copies the lists. */
    public JournalEntry {
        request = List.copyOf(request);
        response = List.copyOf(response);
        calls = List.copyOf(calls);
    }

    /**
     * Returns the request and the status in one line.
     *
     * @return for example {@code POST /attributes → 303}
     */
    public String headline() {
        return request.get(0).replaceFirst(" HTTP/[0-9.]+$", "")
                + " → "
                + response.get(0).replaceFirst("^HTTP/[0-9.]+ ", "");
    }

    /**
     * Returns the number of store calls as text.
     *
     * @return for example {@code 1 store call}, or {@code 0 store calls + 2 for revocations}
     */
    public String cost() {
        return costOf(calls);
    }

    static String costOf(List<StoreCall> calls) {
        long sessions = calls.stream()
                .filter(each -> each.store() == StoreCall.Store.SESSIONS)
                .count();
        long revocations = calls.size() - sessions;
        String cost = sessions == 1 ? "1 store call" : sessions + " store calls";
        return revocations == 0 ? cost : cost + " + " + revocations + " for revocations";
    }
}
