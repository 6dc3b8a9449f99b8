package dev.sojourn.demo.web;

/** Answers one path. */
@FunctionalInterface
public interface Page {
    /**
     * Answers a request.
     *
     * @param request the request
     * @return the answer
     */
    Answer answer(Request request);
}
