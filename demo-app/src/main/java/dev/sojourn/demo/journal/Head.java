package dev.sojourn.demo.journal;

import java.util.List;

/** The headers of an answer that is about to leave. */
public interface Head {
    /**
     * The values of a header.
     *
     * @param name the header's name, in whatever case
     * @return one value a line; empty where there is none
     */
    List<String> values(String name);

    /**
     * Adds a line.
     *
     * @param name the header's name
     * @param value its value
     */
    void add(String name, String value);
}
