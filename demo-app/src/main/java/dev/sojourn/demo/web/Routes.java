package dev.sojourn.demo.web;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Which page answers which path and method. Filled once, then only read. */
public final class Routes {
    private final Map<String, Map<String, Page>> pages = new HashMap<>();

    /**
     * A page to look at.
     *
     * @param path its path
     * @param page who answers
     * @return this
     */
    public Routes get(String path, Page page) {
        at(path).put("GET", page);
        at(path).put("HEAD", page);
        return this;
    }

    /**
     * A form's target.
     *
     * @param path its path
     * @param page who answers
     * @return this
     */
    public Routes post(String path, Page page) {
        at(path).put("POST", page);
        return this;
    }

    private Map<String, Page> at(String path) {
        return pages.computeIfAbsent(path, any -> new TreeMap<>());
    }

    /**
     * Who answers this.
     *
     * @param method the request's method
     * @param path the request's path
     * @return the page
     * @throws Refusal with 404 or 405 if nobody does
     */
    public Page find(String method, String path) {
        Map<String, Page> here = pages.get(path);
        if (here == null) {
            throw new Refusal(404, "Not found", "There is no page at this address.");
        }
        Page page = here.get(method);
        if (page == null) {
            throw new Refusal(405, "Not here", "This address does not answer " + method + ".")
                    .with("Allow", String.join(", ", here.keySet()));
        }
        return page;
    }
}
