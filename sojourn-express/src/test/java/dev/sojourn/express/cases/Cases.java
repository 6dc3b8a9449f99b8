package dev.sojourn.express.cases;

import java.util.LinkedHashMap;
import java.util.Map;

/** Cases by their ids, as they are tried here. */
final class Cases {
    /** What is tried; throws where it does not hold. */
    @FunctionalInterface
    interface Case {
        void run() throws Exception;
    }

    private final Map<String, Case> all = new LinkedHashMap<>();

    /** A case by its number, the first part of its id. */
    void on(String number, Case tried) {
        if (all.put(number, tried) != null) {
            throw new IllegalStateException(number + " is tried twice");
        }
    }

    /** What is tried. */
    static Map<String, Case> all() {
        Cases cases = new Cases();
        RequestCases.add(cases);
        SavingCases.add(cases);
        SessionCases.add(cases);
        CookieCases.add(cases);
        ObservedCases.add(cases);
        return cases.all;
    }

    /** What can be seen here of the listed ones: that they do what their rows say. */
    static Map<String, Case> listed() {
        Cases cases = new Cases();
        ListedCases.add(cases);
        ListedSavingCases.add(cases);
        return cases.all;
    }
}
