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
 * The cases of express-session 1.19: its own tests ({@code S}, {@code C}) and further observed behaviour ({@code P}), by the
 * ids in {@code express-cases.tsv}. A case either holds here, which is tested over HTTP, or is listed with its reason
 * in {@code differences.tsv}. A difference that is observable is tested, too.
 *
 * <p>Express's calls correspond to Sojourn's: {@code set} is create or compareAndSet, {@code get} load, {@code destroy} delete,
 * {@code touch} touch; {@code session.id} is the public id; {@code request.session = null} is discard if {@code unset} is
 * {@code keep}, and destroy if it is {@code destroy}; {@code cookie.maxAge} is the cookie's lifetime and the idle timeout;
 * {@code Expires} is {@code Max-Age}; {@code proxy: true} is {@code trustedProxies}; waiting is replaced by setting the clock.
 * Options that a case leaves at Express's defaults have Sojourn's defaults, except saveUninitialized.
 */
class ExpressCasesTest {
    private static final Set<String> REASONS = Set.of(
            "id",
            "ids",
            "save-first",
            "late",
            "no-orphan",
            "store-failure",
            "no-blind-write",
            "new-id",
            "bad-data",
            "unchanged-is-free",
            "cookie-lifetime",
            "cookie",
            "secure",
            "auto",
            "proxies",
            "parsing",
            "typed",
            "start-up",
            "store-contract",
            "separate-fields",
            "legacy",
            "node");

    @TestFactory
    Stream<DynamicTest> each_case_that_is_not_listed_as_a_difference_holds() throws IOException {
        return tests(Cases.all(), rows("express-cases.tsv"), 1);
    }

    @TestFactory
    Stream<DynamicTest> each_difference_is_as_its_row_describes() throws IOException {
        return tests(Cases.differences(), rows("differences.tsv"), 2);
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
    void every_case_either_holds_or_is_a_difference() throws IOException {
        Map<String, List<String>> cases = rows("express-cases.tsv");
        Map<String, List<String>> differences = rows("differences.tsv");
        Set<String> held = Cases.all().keySet();

        assertThat(cases).hasSize(219);
        assertThat(cases.keySet()).containsAll(differences.keySet());
        assertThat(cases.keySet().stream().map(ExpressCasesTest::number)).containsAll(held);
        assertThat(cases.keySet())
                .allSatisfy(id -> assertThat(held.contains(number(id)) ^ differences.containsKey(id))
                        .as("%s either holds or is a difference", id)
                        .isTrue());
        assertThat(differences.keySet().stream().map(ExpressCasesTest::number))
                .as("the tests of differences")
                .containsAll(Cases.differences().keySet());
        assertThat(differences.values()).allSatisfy(row -> {
            assertThat(REASONS).contains(row.get(1));
            assertThat(row.get(2)).hasSizeGreaterThan(20);
        });
        print(cases.size(), held.size(), differences);
    }

    private static void print(int all, int held, Map<String, List<String>> differences) {
        StringBuilder text = new StringBuilder("express-session 1.19, " + all + " cases: " + held + " hold, "
                + differences.size() + " differ, " + Cases.differences().size() + " of these are tested\n");
        REASONS.stream().sorted().forEach(reason -> {
            List<Map.Entry<String, List<String>>> of = differences.entrySet().stream()
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
                            .as("%s has two rows", row.get(0))
                            .isNull();
                }
            }
        }
        return rows;
    }
}
