package dev.sojourn.benchmarks.lab;

import java.nio.charset.StandardCharsets;

/**
 * A response of the lab.
 *
 * @param status the HTTP status
 * @param text the body, of {@link #TYPE}; may be empty
 */
record LabResponse(int status, String text) {
    static final String TYPE = "text/plain; charset=utf-8";

    byte[] body() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
