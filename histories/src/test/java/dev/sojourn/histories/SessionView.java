package dev.sojourn.histories;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a session as reported by a node: a line {@code name=value} for each value.
 *
 * @param values the values by name
 */
record SessionView(Map<String, String> values) {
    static final String OWNER = "owner";
    static final String SUBJECT = "subject";
    static final String MARKS = "marks";
    static final String NAIVE = "naive";
    static final String COUNT = "count";
    /** The result of an increment. */
    static final String RESULT = "result";
    /** The session's public id. */
    static final String PUBLIC_ID = "publicId";
    /** The public id of an ended session. */
    static final String ENDED = "ended";
    /** Whether the list of the user's sessions contained this one: {@link #YES} or absent. */
    static final String LISTED = "listed";

    static final String YES = "yes";
    /** The attributes that are only set. */
    static final List<String> REGISTERS = List.of("a", "b");

    SessionView {
        values = Map.copyOf(values);
    }

    static SessionView parse(String text) {
        Map<String, String> parsed = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                parsed.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return new SessionView(parsed);
    }

    @Nullable
    String text(String name) {
        return values.get(name);
    }

    /** Returns a list of numbers; empty if it is absent. */
    List<Integer> list(String name) {
        String text = values.get(name);
        return text == null || text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
    }

    int number(String name) {
        String text = values.get(name);
        return text == null ? 0 : Integer.parseInt(text);
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(" "));
    }
}
