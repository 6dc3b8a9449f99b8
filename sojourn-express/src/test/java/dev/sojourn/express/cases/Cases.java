package dev.sojourn.express.cases;

import java.util.LinkedHashMap;
import java.util.Map;

/** The tests of the cases of express-session, by the number of the case. */
final class Cases {
    /** The test of one case, which throws if the case does not hold. */
    @FunctionalInterface
    interface Case {
        void run() throws Exception;
    }

    private final Map<String, Case> all = new LinkedHashMap<>();

    /** Adds the test of a case, by the number with which the case's id starts. */
    void add(String number, Case test) {
        if (all.put(number, test) != null) {
            throw new IllegalStateException(number + " has two tests");
        }
    }

    /** Returns the tests of the cases that hold in Sojourn. */
    static Map<String, Case> all() {
        Cases cases = new Cases();
        RequestCases.addTo(cases);
        SavingCases.addTo(cases);
        SessionCases.addTo(cases);
        CookieCases.addTo(cases);
        ObservedCases.addTo(cases);
        return cases.all;
    }

    /** Returns the tests of the differences: Sojourn behaves as their rows describe. */
    static Map<String, Case> differences() {
        Cases cases = new Cases();
        RequestDifferences.addTo(cases);
        SavingDifferences.addTo(cases);
        return cases.all;
    }
}
