package dev.sojourn.histories;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** How often clients do what. */
final class Mix {
    private static final List<Kind> KINDS = new ArrayList<>();

    static {
        add(25, Kind.READ);
        add(25, Kind.MARK);
        add(14, Kind.COUNT);
        add(16, Kind.SET);
        add(8, Kind.NAIVE);
        add(6, Kind.LOGIN);
        add(2, Kind.LOGOUT);
        add(1, Kind.END);
        add(1, Kind.OTHERS);
        add(1, Kind.EVERYWHERE);
    }

    private Mix() {}

    private static void add(int weight, Kind kind) {
        KINDS.addAll(Collections.nCopies(weight, kind));
    }

    static Kind draw(Random random) {
        return KINDS.get(random.nextInt(KINDS.size()));
    }
}
