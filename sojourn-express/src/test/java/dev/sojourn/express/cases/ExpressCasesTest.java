package dev.sojourn.express.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.express.cases.Cases.Case;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The behaviour of express-session 1.19, one case each: its own tests ({@code S}, {@code C}) and further observed behaviour
 * ({@code P}), by the ids in {@code express-cases.tsv}. A case is either tested here over HTTP or listed in {@code listed.tsv}
 * with its reason. If Sojourn's different behaviour is observable, it is tested, too.
 *
 * <p>Express's calls correspond to ours: {@code set} is create or compareAndSet, {@code get} load, {@code destroy} delete,
 * {@code touch} touch; {@code session.id} is the public id; {@code request.session = null} is discard where {@code unset} is
 * {@code keep}, and destroy where it is {@code destroy}; {@code cookie.maxAge} is the cookie's lifetime and the idle
 * timeout; {@code Expires} is {@code Max-Age}; {@code proxy: true} is {@code trustedProxies}; waiting is
 * replaced by setting the clock. Options that a case leaves at Express's defaults keep ours, except saveUninitialized.
 */
class ExpressCasesTest {
    private static final Set<String> REASONS = Set.of(
            "id",
            "ids",
            "save-first",
            "late",
            "no-orphan",
            "honest",
            "no-blind-write",
            "new-id",
            "bad-data",
            "untouched-is-free",
            "cookie-goes",
            "cookie",
            "secure",
            "auto",
            "proxies",
            "parsing",
            "typed",
            "start-up",
            "store-contract",
            "own-fields",
            "legacy",
            "node");

    @TestFactory
    Stream<DynamicTest> each_case_of_express_holds_or_is_listed() throws IOException {
        return tests(Cases.all(), rows("express-cases.tsv"), 1);
    }

    @TestFactory
    Stream<DynamicTest> a_listed_case_does_here_what_its_row_says() throws IOException {
        return tests(Cases.listed(), rows("listed.tsv"), 2);
    }

    private static Stream<DynamicTest> tests(Map<String, Case> cases, Map<String, List<String>> rows, int column) {
        return rows.entrySet().stream()
                .filter(row -> cases.containsKey(number(row.getKey())))
                .map(row -> DynamicTest.dynamicTest(
                        row.getKey() + ": " + row.getValue().get(column),
                        () -> Objects.requireNonNull(cases.get(number(row.getKey())))
                                .run()));
    }

    @Test
    void every_case_is_tried_or_listed_and_none_is_both() throws IOException {
        Map<String, List<String>> cases = rows("express-cases.tsv");
        Map<String, List<String>> listed = rows("listed.tsv");
        Set<String> tried = Cases.all().keySet();

        assertThat(cases).hasSize(219);
        assertThat(cases.keySet()).containsAll(listed.keySet());
        assertThat(cases.keySet().stream().map(ExpressCasesTest::number)).containsAll(tried);
        assertThat(cases.keySet())
                .allSatisfy(id -> assertThat(tried.contains(number(id)) ^ listed.containsKey(id))
                        .as("%s is tried here or listed, and not both", id)
                        .isTrue());
        assertThat(listed.keySet().stream().map(ExpressCasesTest::number))
                .as("what is seen of listed cases")
                .containsAll(Cases.listed().keySet());
        assertThat(listed.values()).allSatisfy(row -> {
            assertThat(REASONS).contains(row.get(1));
            assertThat(row.get(2)).hasSizeGreaterThan(20);
        });
        print(cases.size(), tried.size(), listed);
    }

    private static void print(int all, int tried, Map<String, List<String>> listed) {
        StringBuilder text = new StringBuilder("express-session 1.19, " + all + " cases: " + tried + " tried, "
                + listed.size() + " listed, " + Cases.listed().size() + " of these tested to do what their rows say\n");
        REASONS.stream().sorted().forEach(reason -> {
            List<Map.Entry<String, List<String>>> of = listed.entrySet().stream()
                    .filter(each -> each.getValue().get(1).equals(reason))
                    .toList();
            text.append("  ").append(reason).append(": ").append(of.size()).append('\n');
            of.forEach(each -> text.append("    ")
                    .append(each.getKey())
                    .append(": ")
                    .append(each.getValue().get(2))
                    .append('\n'));
        });
        System.out.print(text);
    }

    private static String number(String id) {
        return id.substring(0, 4);
    }

    /** Returns the rows of a table by their first column. Lines that begin with a hash are comments. */
    private static Map<String, List<String>> rows(String name) throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ExpressCasesTest.class.getResourceAsStream("/dev/sojourn/express/" + name)),
                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    List<String> row = List.of(line.split("\t", -1));
                    assertThat(rows.put(row.get(0), row))
                            .as("%s is listed twice", row.get(0))
                            .isNull();
                }
            }
        }
        return rows;
    }
}
