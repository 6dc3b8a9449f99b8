package dev.sojourn.demo.web;

import java.util.HashMap;
import java.util.Map;

/** A request that gets no page: what the visitor is told instead. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final HashMap<String, String> headers = new HashMap<>();

    /**
     * A refusal.
     *
     * @param status the HTTP status
     * @param title the page's heading
     * @param text one sentence for the visitor
     */
    public Refusal(int status, String title, String text) {
        super(text);
        this.status = status;
        this.title = title;
    }

    Refusal with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /**
     * The HTTP status.
     *
     * @return the status
     */
    public int status() {
        return status;
    }

    /**
     * The page's heading.
     *
     * @return the heading
     */
    public String title() {
        return title;
    }

    /**
     * One sentence for the visitor.
     *
     * @return the sentence
     */
    public String text() {
        return String.valueOf(getMessage());
    }

    /**
     * Further headers of the answer.
     *
     * @return names and values
     */
    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }
}
