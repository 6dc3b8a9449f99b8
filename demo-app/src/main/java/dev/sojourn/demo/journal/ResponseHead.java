package dev.sojourn.demo.journal;

import java.util.List;

/** The headers of a response that is about to be sent. */
public interface ResponseHead {
    /**
     * Returns the values of a header.
     *
     * @param name the header's name, in any case
     * @return one value per header line; empty if there is none
     */
    List<String> values(String name);

    /**
     * Adds a header line.
     *
     * @param name the header's name
     * @param value the header's value
     */
    void add(String name, String value);
}
