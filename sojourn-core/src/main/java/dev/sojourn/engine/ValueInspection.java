package dev.sojourn.engine;

import java.util.ArrayList;
import java.util.List;

/** One inspection of a value: bounded, and collecting the classes that have not proven themselves yet. */
final class ValueInspection {
    /** The mapper writes and reads 500 levels of JSON. */
    private static final int DEEPEST = 400;

    private static final int MOST = 1_000_000;

    private int depth;
    private int visited;
    private List<BeanShape> unproven = List.of();

    /** Goes one level down, to a part with a number of parts. */
    void enter(int parts) {
        depth++;
        visited += 1 + parts;
        if (depth > DEEPEST) {
            throw new ValueRefusal("it is nested more than " + DEEPEST
                    + " levels deep, or contains itself: keep ids instead of references that lead back");
        }
        if (visited > MOST) {
            throw new ValueRefusal("it holds more than " + MOST
                    + " values, or the same ones repeatedly: keep large data in a database and its key in the session");
        }
    }

    void leave() {
        depth--;
    }

    void addUnproven(BeanShape shape) {
        if (unproven.isEmpty()) {
            unproven = new ArrayList<>();
        }
        unproven.add(shape);
    }

    /** Counts the collected classes as proven: the value read back unchanged. */
    void addProofs() {
        unproven.forEach(BeanShape::addProof);
    }
}
