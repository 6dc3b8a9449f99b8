package dev.sojourn.histories;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The relative frequencies of operations. */
final class OperationMix {
    private static final List<OperationKind> KINDS = new ArrayList<>();

    static {
        add(25, OperationKind.READ);
        add(25, OperationKind.MARK);
        add(14, OperationKind.COUNT);
        add(16, OperationKind.SET);
        add(8, OperationKind.NAIVE);
        add(6, OperationKind.LOGIN);
        add(2, OperationKind.LOGOUT);
        add(1, OperationKind.END_ONE);
        add(1, OperationKind.END_OTHERS);
        add(1, OperationKind.END_ALL);
    }

    private OperationMix() {}

    private static void add(int weight, OperationKind kind) {
        KINDS.addAll(Collections.nCopies(weight, kind));
    }

    static OperationKind pick(Random random) {
        return KINDS.get(random.nextInt(KINDS.size()));
    }
}
