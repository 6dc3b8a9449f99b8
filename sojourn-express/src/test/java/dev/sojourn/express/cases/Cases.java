package dev.sojourn.express.cases;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tests of cases, by the case's id. */
final class Cases {
    /** The test of a case; throws if the case does not hold. */
    @FunctionalInterface
    interface Case {
        void run() throws Exception;
    }

    private final Map<String, Case> all = new LinkedHashMap<>();

    /** Returns the test of a case by its number, the first part of its id. */
    void on(String number, Case tried) {
        if (all.put(number, tried) != null) {
            throw new IllegalStateException(number + " is tried twice");
        }
    }

    /** Returns the tests. */
    static Map<String, Case> all() {
        Cases cases = new Cases();
        RequestCases.add(cases);
        SavingCases.add(cases);
        SessionCases.add(cases);
        CookieCases.add(cases);
        ObservedCases.add(cases);
        return cases.all;
    }

    /** Returns tests of the listed cases: Sojourn does what their rows describe. */
    static Map<String, Case> listed() {
        Cases cases = new Cases();
        ListedCases.add(cases);
        ListedSavingCases.add(cases);
        return cases.all;
    }
}
