package dev.sojourn.demo.journal;

import java.util.List;

/**
 * One request and its answer, as far as they concern sessions.
 *
 * @param request the request's lines
 * @param answer the answer's lines
 * @param calls the calls to the store between them
 */
public record Entry(List<String> request, List<String> answer, List<StoreCall> calls) {
    /** Keeps what was given. */
    public Entry {
        request = List.copyOf(request);
        answer = List.copyOf(answer);
        calls = List.copyOf(calls);
    }

    /**
     * The request and the status in one line.
     *
     * @return for example {@code POST /attributes → 303}
     */
    public String headline() {
        return request.get(0).replaceFirst(" HTTP/[0-9.]+$", "")
                + " → "
                + answer.get(0).replaceFirst("^HTTP/[0-9.]+ ", "");
    }

    /**
     * How many calls there were, in words.
     *
     * @return for example {@code 1 store call}
     */
    public String cost() {
        return calls.size() == 1 ? "1 store call" : calls.size() + " store calls";
    }
}
