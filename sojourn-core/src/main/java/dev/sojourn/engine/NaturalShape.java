package dev.sojourn.engine;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The shape of values that are declared as {@code Object}: only JSON's own values survive. A whole number is read as an
 * {@code Integer} if it fits, then as a {@code Long}, then as a {@code BigInteger}.
 */
final class NaturalShape implements Shape {
    private static final List<Object> SAMPLES = List.of(
            "a",
            true,
            17,
            1L << 40,
            BigInteger.TEN.pow(30),
            1.5,
            new ArrayList<>(List.of(1)),
            new LinkedHashMap<>(Map.of("a", 1)));

    private final Consumer<Object> refuse;

    private NaturalShape(Consumer<Object> refuse) {
        this.refuse = refuse;
    }

    /** Returns the shape, or the unknown one if the application's mapper reads JSON's values as something else. */
    static Shape of(JsonMapper mapper, Consumer<Object> refuse) {
        NaturalShape natural = new NaturalShape(refuse);
        return LeafShape.survive(Object.class, SAMPLES, mapper)
                ? natural
                : (value, inspection) -> {
                    if (value != null) {
                        refuse.accept(value);
                    }
                    return false;
                };
    }

    @Override
    public boolean survives(@Nullable Object value, ValueInspection inspection) {
        if (value == null || value instanceof String || value instanceof Boolean || value instanceof Integer) {
            return true;
        }
        if (value instanceof Long number) {
            return number != number.intValue();
        }
        if (value instanceof Double number) {
            return Double.isFinite(number);
        }
        if (value instanceof Collection && ContainerShape.isReadAs(ArrayList.class, value.getClass())) {
            return new ContainerShape.Elements(ArrayList.class, this).survives(value, inspection);
        }
        if (value instanceof Map && ContainerShape.isReadAs(LinkedHashMap.class, value.getClass())) {
            return new ContainerShape.Entries(LinkedHashMap.class, NaturalShape::text, this)
                    .survives(value, inspection);
        }
        refuse.accept(Objects.requireNonNull(value));
        return false;
    }

    private static boolean text(@Nullable Object key, ValueInspection inspection) {
        return key instanceof String;
    }
}
