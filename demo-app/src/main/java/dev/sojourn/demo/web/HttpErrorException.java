package dev.sojourn.demo.web;

import java.util.HashMap;
import java.util.Map;

/** Thrown when a request gets an error page instead of its page. */
public final class HttpErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final HashMap<String, String> headers = new HashMap<>();

    /**
     * Creates the exception.
     *
     * @param status the HTTP status
     * @param title the error page's heading
     * @param text the error page's text
     */
    public HttpErrorException(int status, String title, String text) {
        super(text);
        this.status = status;
        this.title = title;
    }

    /**
     * Adds a response header.
     *
     * @param header its name
     * @param value its value
     * @return this
     */
    public HttpErrorException with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /**
     * Returns the HTTP status.
     *
     * @return the status
     */
    public int status() {
        return status;
    }

    /**
     * Returns the error page's heading.
     *
     * @return the heading
     */
    public String title() {
        return title;
    }

    /**
     * Returns the error page's text.
     *
     * @return the text
     */
    public String text() {
        return String.valueOf(getMessage());
    }

    /**
     * Returns additional response headers.
     *
     * @return names and values
     */
    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }
}
