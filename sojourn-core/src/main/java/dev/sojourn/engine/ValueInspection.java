package dev.sojourn.engine;

import java.util.ArrayList;
import java.util.List;

/** One look through a value: bounded, and with the classes in it that have not proven themselves yet. */
final class ValueInspection {
    /** The mapper writes and reads 500 levels of JSON. */
    private static final int DEEPEST = 400;

    private static final int MOST = 1_000_000;
    private static final int FEW = 64;

    private int depth;
    private int visited;
    private List<BeanShape> unproven = List.of();

    /** Goes one level down, to something of so many parts. */
    void enter(int parts) {
        depth++;
        visited += 1 + parts;
        if (depth > DEEPEST) {
            throw new ValueRefusal("it is nested more than " + DEEPEST
                    + " levels deep, or holds itself: keep ids in place of references that lead back");
        }
        if (visited > MOST) {
            throw new ValueRefusal(
                    "it holds more than " + MOST
                            + " values, or the same ones again and again: keep large things in a database and their key in the session");
        }
    }

    void leave() {
        depth--;
    }

    /** Whether it holds so few values that even the same one again and again makes no large JSON. */
    boolean isSmall() {
        return visited <= FEW;
    }

    void met(BeanShape shape) {
        if (unproven.isEmpty()) {
            unproven = new ArrayList<>();
        }
        unproven.add(shape);
    }

    /** The value came back as it was. */
    void proven() {
        unproven.forEach(BeanShape::proven);
    }
}
