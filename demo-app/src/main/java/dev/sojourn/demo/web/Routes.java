package dev.sojourn.demo.web;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Maps paths and methods to handlers. Not thread-safe while routes are added. */
public final class Routes {
    private final Map<String, Map<String, RequestHandler>> pages = new HashMap<>();

    /**
     * Adds a page for GET and HEAD.
     *
     * @param path its path
     * @param handler the handler
     * @return this
     */
    public Routes get(String path, RequestHandler handler) {
        at(path).put("GET", handler);
        at(path).put("HEAD", handler);
        return this;
    }

    /**
     * Adds a form's target for POST.
     *
     * @param path its path
     * @param handler the handler
     * @return this
     */
    public Routes post(String path, RequestHandler handler) {
        at(path).put("POST", handler);
        return this;
    }

    private Map<String, RequestHandler> at(String path) {
        return pages.computeIfAbsent(path, any -> new TreeMap<>());
    }

    /**
     * Returns the handler of a request.
     *
     * @param method the request's method
     * @param path the request's path
     * @return the handler
     * @throws HttpErrorException with 404 or 405 if there is none
     */
    public RequestHandler find(String method, String path) {
        Map<String, RequestHandler> methods = pages.get(path);
        if (methods == null) {
            throw new HttpErrorException(404, "Not found", "There is no page at this address.");
        }
        RequestHandler handler = methods.get(method);
        if (handler == null) {
            throw new HttpErrorException(405, "Method not allowed", "This address does not support " + method + ".")
                    .with("Allow", String.join(", ", methods.keySet()));
        }
        return handler;
    }
}
