package dev.sojourn.benchmarks.lab;

import java.nio.charset.StandardCharsets;

/**
 * What an adapter sends.
 *
 * @param status the status
 * @param text the body, of {@link #TYPE}; may be empty
 */
record LabAnswer(int status, String text) {
    static final String TYPE = "text/plain; charset=utf-8";

    byte[] body() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
