package dev.sojourn.demo.web;

/** Handles the requests to one path. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Handles a request.
     *
     * @param request the request
     * @return the response
     */
    Response handle(Request request);
}
