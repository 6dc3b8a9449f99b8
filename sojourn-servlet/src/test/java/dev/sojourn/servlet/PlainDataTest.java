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

/** Checks which values are stored as JSON without a type. */
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

    private static void assertPlain(Object value) {
        assertThat(PlainData.isPlain(value)).as("%s", value).isTrue();
        Object again = PlainData.read(PlainData.encode("x", value));
        assertThat(again).isEqualTo(value).hasSameClassAs(value);
    }

    private static void assertNotPlain(Object value) {
        assertThat(PlainData.isPlain(value)).as("%s", value).isFalse();
    }

    @Test
    void a_whole_number_is_plain_if_reading_returns_the_same_class() {
        assertPlain(Integer.MAX_VALUE);
        assertPlain(Integer.MAX_VALUE + 1L);
        assertPlain(Integer.MIN_VALUE - 1L);
        assertPlain(Long.MIN_VALUE);
        assertPlain(BigInteger.ONE.shiftLeft(63));
        assertNotPlain((long) Integer.MAX_VALUE);
        assertNotPlain((long) Integer.MIN_VALUE);
        assertNotPlain(0L);
        assertNotPlain(BigInteger.valueOf(Long.MAX_VALUE));
        assertNotPlain((short) 1);
        assertNotPlain(Double.NaN);
    }

    @Test
    void lists_and_maps_are_plain_if_reading_returns_the_same_classes() {
        assertPlain(new ArrayList<>(List.of("a", 1, true, 1.5)));
        assertPlain(new LinkedHashMap<>(Map.of("a", new ArrayList<>(List.of(1)))));
        assertNotPlain(new OwnList());
        assertNotPlain(new OwnMap());
        assertNotPlain(List.of());
        assertNotPlain(new HashMap<>());
        assertNotPlain(new TreeMap<>());
        assertNotPlain(new LinkedHashMap<>(Map.of(1, "a")));
        assertNotPlain(new ArrayList<>(List.of(7L)));
        assertNotPlain(new LinkedHashMap<>(Map.of("a", 7L)));
    }

    @Test
    void values_are_plain_up_to_the_nesting_depth_that_json_can_be_read() {
        assertPlain(nested(DEEPEST));
        assertNotPlain(nested(DEEPEST + 1));
    }

    private static Object nested(int deep) {
        Object value = 1;
        for (int i = 0; i < deep; i++) {
            value = new ArrayList<>(List.of(value));
        }
        return value;
    }
}
