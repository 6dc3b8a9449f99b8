package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serial;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Values that are stored as JSON without a type. */
class PlainDataTest {
    private static final int DEEPEST = 500;

    private static final class OwnList extends ArrayList<Object> {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    private static final class OwnMap extends LinkedHashMap<String, Object> {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    private static void isPlain(Object value) {
        assertThat(PlainData.isPlain(value)).as("%s", value).isTrue();
        Object again = PlainData.read(PlainData.encode("x", value));
        assertThat(again).isEqualTo(value).hasSameClassAs(value);
    }

    private static void isNotPlain(Object value) {
        assertThat(PlainData.isPlain(value)).as("%s", value).isFalse();
    }

    @Test
    void a_whole_number_is_plain_if_reading_gives_the_same_class() {
        isPlain(Integer.MAX_VALUE);
        isPlain(Integer.MAX_VALUE + 1L);
        isPlain(Integer.MIN_VALUE - 1L);
        isPlain(Long.MIN_VALUE);
        isPlain(BigInteger.ONE.shiftLeft(63));
        isNotPlain((long) Integer.MAX_VALUE);
        isNotPlain((long) Integer.MIN_VALUE);
        isNotPlain(0L);
        isNotPlain(BigInteger.valueOf(Long.MAX_VALUE));
        isNotPlain((short) 1);
        isNotPlain(Double.NaN);
    }

    @Test
    void lists_and_maps_are_plain_if_they_are_of_the_classes_that_reading_makes() {
        isPlain(new ArrayList<>(List.of("a", 1, true, 1.5)));
        isPlain(new LinkedHashMap<>(Map.of("a", new ArrayList<>(List.of(1)))));
        isNotPlain(new OwnList());
        isNotPlain(new OwnMap());
        isNotPlain(List.of());
        isNotPlain(new HashMap<>());
        isNotPlain(new TreeMap<>());
        isNotPlain(new LinkedHashMap<>(Map.of(1, "a")));
        isNotPlain(new ArrayList<>(List.of(7L)));
        isNotPlain(new LinkedHashMap<>(Map.of("a", 7L)));
    }

    @Test
    void values_are_plain_as_deep_as_json_is_read() {
        isPlain(nested(DEEPEST));
        isNotPlain(nested(DEEPEST + 1));
    }

    private static Object nested(int deep) {
        Object value = 1;
        for (int i = 0; i < deep; i++) {
            value = new ArrayList<>(List.of(value));
        }
        return value;
    }
}
