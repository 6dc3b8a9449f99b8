package dev.sojourn.engine;

import java.util.List;
import java.util.function.IntPredicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generates JSON texts as other programs may write them, with unusual numbers, white space, escapes and names. */
final class JsonTexts {
    private JsonTexts() {}

    /** One member of an object in its source text. */
    record Member(String name, String escapedName, String colon, String value) {
        String text() {
            return '"' + escapedName + '"' + colon + value;
        }
    }

    static Arbitrary<String> values() {
        return Arbitraries.lazyOf(
                JsonTexts::leaves, JsonTexts::leaves, JsonTexts::leaves, JsonTexts::arrays, JsonTexts::objects);
    }

    private static Arbitrary<String> leaves() {
        Arbitrary<String> numbers = Arbitraries.of(
                "1.50",
                "12345678901234567890",
                "-0",
                "-0.0",
                "1E400",
                "1e-7",
                "0.10",
                "1E+2",
                "9007199254740993",
                "17");
        Arbitrary<String> texts = Arbitraries.of(
                "\"\"",
                "\"\\u0041\\/\\b\"",
                "\"\\ud83d\\ude00\"",
                "\"\ud83d\ude00\"",
                "\"}],{\"",
                "\"\\\\\\\"\"",
                "\"\u007f\u2028\"");
        Arbitrary<String> any = names().map(name -> '"' + escapeMinimally(name) + '"');
        return Arbitraries.oneOf(
                numbers, texts, any, Arbitraries.of("true", "false", "null", "[]", "{}", "[ ]", "{\n}"));
    }

    private static Arbitrary<String> arrays() {
        return values().list().ofMinSize(1).ofMaxSize(3).map(values -> "[ " + String.join(" ,\t", values) + "\n]");
    }

    private static Arbitrary<String> objects() {
        return members().list().ofMinSize(1).ofMaxSize(3).map(members -> "{\r\n" + join(members) + " }");
    }

    static String join(List<Member> members) {
        return String.join(" , ", members.stream().map(Member::text).toList());
    }

    static Arbitrary<Member> members() {
        return members(names());
    }

    static Arbitrary<Member> members(Arbitrary<String> names) {
        Arbitrary<String> colons = Arbitraries.of(":", " : ", "\t:\n");
        return Combinators.combine(names, Arbitraries.of(true, false), colons, Arbitraries.lazy(JsonTexts::values))
                .as((name, escaped, colon, value) ->
                        new Member(name, escaped ? escapeAll(name) : escapeMinimally(name), colon, value));
    }

    /** Generates names of well-formed Unicode, often the same few, so that some occur twice. */
    static Arbitrary<String> names() {
        Arbitrary<String> few = Arbitraries.of(
                "a",
                "b",
                "",
                "a\"b",
                "\\",
                "\n",
                "\u0000",
                "\ud83d\ude00",
                "\u00e9",
                "e\u0301",
                "\u2028",
                "a b",
                "{",
                "attributes");
        Arbitrary<String> any = Arbitraries.strings().ofMaxLength(12).map(text -> text.replaceAll("\\p{Cs}", ""));
        return Arbitraries.frequencyOf(Tuple.of(3, few), Tuple.of(1, any));
    }

    private static String escapeMinimally(String name) {
        return escapeWhere(name, c -> c < ' ' || c == '"' || c == '\\');
    }

    private static String escapeAll(String name) {
        return escapeWhere(name, c -> true);
    }

    private static String escapeWhere(String name, IntPredicate escaped) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            text.append(escaped.test(c) ? escape(c) : String.valueOf(c));
        }
        return text.toString();
    }

    private static String escape(char c) {
        return String.format("\\u%04x", (int) c);
    }
}
