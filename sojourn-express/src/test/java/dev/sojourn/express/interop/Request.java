package dev.sojourn.express.interop;

import java.util.List;
import java.util.Random;

/**
 * One operation on a session.
 *
 * @param op the operation
 * @param name the attribute, or empty
 * @param value the attribute's value, or the user's name
 */
record Request(String op, String name, String value) {
    static final Request GET = new Request("get", "", "");

    private static final List<String> NAMES = List.of("a", "b", "cart", "1", "né", "x y");
    private static final List<String> VALUES = List.of(
            "0",
            "-1.5",
            "1e21",
            "9007199254740991",
            "0.1",
            "true",
            "\"\"",
            "\"text \\u00e9 \\ud83d\\ude80 \\\" \\\\ /\"",
            "\"2026-11-23T20:00:00.123Z\"",
            "[]",
            "[1,null,{\"b\":[2]}]",
            "{}",
            "{\"n\":4,\"cookie\":1,\"deep\":{\"er\":[{\"x\":null}]}}");

    static Request random(Random random) {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        int choice = random.nextInt(100);
        if (choice < 20) {
            return GET;
        }
        if (choice < 50) {
            return new Request("set", name, VALUES.get(random.nextInt(VALUES.size())));
        }
        if (choice < 58) {
            return new Request(
                    "date",
                    name,
                    "20" + (10 + random.nextInt(90)) + "-02-03T04:05:06." + (100 + random.nextInt(900)) + "Z");
        }
        if (choice < 70) {
            return new Request("remove", name, "");
        }
        if (choice < 85) {
            return new Request("nested", name, "");
        }
        if (choice < 90) {
            return new Request("login", "", "user" + random.nextInt(3));
        }
        return new Request(choice < 95 ? "regenerate" : "destroy", "", "");
    }

    @Override
    public String toString() {
        return op + (name.isEmpty() ? "" : " " + name) + (value.isEmpty() ? "" : " " + value);
    }
}
