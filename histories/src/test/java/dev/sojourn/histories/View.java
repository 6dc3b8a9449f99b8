package dev.sojourn.histories;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node saw in a session: a line {@code name=value} for each thing that is there.
 *
 * @param things by name
 */
record View(Map<String, String> things) {
    static final String OWNER = "owner";
    static final String SUBJECT = "subject";
    static final String MARKS = "marks";
    static final String NAIVE = "naive";
    static final String COUNT = "count";
    /** What an increment was told. */
    static final String RESULT = "result";
    /** The session's public name. */
    static final String HANDLE = "handle";
    /** The public name of a session that was ended. */
    static final String ENDED = "ended";
    /** Whether the list of the user's sessions had this one: {@link #YES} or nothing. */
    static final String LISTED = "listed";

    static final String YES = "yes";
    /** Attributes that are only ever set. */
    static final List<String> REGISTERS = List.of("a", "b");

    View {
        things = Map.copyOf(things);
    }

    static View parse(String text) {
        Map<String, String> things = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                things.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return new View(things);
    }

    @Nullable
    String text(String name) {
        return things.get(name);
    }

    /** A list of numbers; empty if there is none. */
    List<Integer> list(String name) {
        String text = things.get(name);
        return text == null || text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(Integer::valueOf).toList();
    }

    int number(String name) {
        String text = things.get(name);
        return text == null ? 0 : Integer.parseInt(text);
    }

    @Override
    public String toString() {
        return things.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(" "));
    }
}
