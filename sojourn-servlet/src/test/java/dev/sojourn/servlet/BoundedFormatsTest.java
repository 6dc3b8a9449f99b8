package dev.sojourn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.sojourn.tools.values.HostileValues;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Checks small stored values that would use excessive memory or time when they are read. The tests call the formats directly.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundedFormatsTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private final AttributeFormat json = AttributeFormat.json();
    private final AttributeFormat serialized = AttributeFormat.filteredJavaSerialization("com.acme.*");

    private static JsonNode stored(byte[] bytes) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("@java", Base64.getEncoder().encodeToString(bytes));
    }

    @Test
    void sets_that_refer_to_each_other_many_times_are_rejected() throws Exception {
        byte[] bytes = HostileValues.bytes(HostileValues.nestedSets(30));
        assertThat(bytes).hasSizeLessThan(2_300);
        assertThatThrownBy(() -> serialized.read(stored(bytes)))
                .hasMessageContaining("refers to the same objects too often");
    }

    @Test
    @SuppressWarnings("IdentityHashMapUsage") // an honest HashMap of this could not be made
    void lists_that_a_set_refers_to_many_times_are_rejected() throws Exception {
        List<Object> inner = new ArrayList<>();
        for (int level = 0; level < 8; level++) {
            List<Object> outer = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                outer.add(inner);
            }
            inner = outer;
        }
        Map<Object, Object> hashed = new java.util.IdentityHashMap<>();
        hashed.put(inner, 1);
        byte[] bytes = HostileValues.bytes(hashed);
        assertThatThrownBy(() -> serialized.read(stored(bytes)))
                .hasMessageContaining("refers to the same objects too often");
    }

    @Test
    void a_value_with_a_reasonable_number_of_references_is_accepted() throws Exception {
        Map<String, List<Object>> product = new HashMap<>();
        product.put("tags", new ArrayList<>(List.of("a", "b", "c")));
        List<Object> orders = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            orders.add(product);
        }
        orders.add(orders.get(0));
        Object again = serialized.read(stored(HostileValues.bytes(orders)));
        assertThat(again).isEqualTo(orders);
        assertThat(((List<?>) again).get(0)).isSameAs(((List<?>) again).get(1));
    }

    /** JDK classes allocate an array or a list of the declared length before they read its elements. */
    @Test
    void declared_lengths_without_content_allocate_nothing() throws Exception {
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            many.add(new ArrayList<>(Collections.nCopies(77, "x")));
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (Object value : List.of(
                new byte[77],
                new Object[77],
                new ArrayList<>(Collections.nCopies(77, "x")),
                new ArrayDeque<>(Collections.nCopies(77, "x")),
                many)) {
            for (int length : new int[] {900_000, 30_000_000, Integer.MAX_VALUE}) {
                JsonNode hostile = stored(replaceNumber(HostileValues.bytes(value), 77, length));
                long before =
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                assertThatThrownBy(() -> serialized.read(hostile)).isInstanceOf(RuntimeException.class);
                long allocated =
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                assertThat(allocated).as("%s of %s", value.getClass(), length).isLessThan(2_000_000);
            }
        }
    }

    /** Replaces a number everywhere in the stream. */
    private static byte[] replaceNumber(byte[] bytes, int was, int by) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.clone());
        int found = 0;
        for (int at = 0; at < bytes.length - 3; at++) {
            if (buffer.getInt(at) == was) {
                buffer.putInt(at, by);
                found++;
            }
        }
        assertThat(found).isPositive();
        return buffer.array();
    }

    @Test
    void a_value_that_is_nested_too_deep_is_rejected_and_no_stack_overflows() throws Exception {
        List<Object> deep = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        byte[] bytes = HostileValues.bytes(deep);
        assertThatThrownBy(() -> serialized.read(stored(bytes))).isInstanceOf(RuntimeException.class);
        List<Object> tooDeep = deep;
        assertThatThrownBy(() -> serialized.write("x", tooDeep)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> json.write("x", tooDeep)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Returns serialized lists within lists, nested deeper than any writer could traverse. */
    private static byte[] listsWithinLists(int levels) throws Exception {
        byte[] one = HostileValues.bytes(new ArrayList<>(Collections.singletonList(null)));
        byte[] begin = Arrays.copyOf(one, one.length - 2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(begin);
        for (int i = 1; i < levels; i++) {
            // An object of the first described class, with one element.
            bytes.write(HexFormat.of().parseHex("73" + "71007e0000" + "00000001" + "770400000001"));
        }
        bytes.write(0x70);
        bytes.write("x".repeat(levels).getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    @Test
    void a_value_that_is_nested_too_deep_is_rejected_before_it_is_read() throws Exception {
        assertThat(serialized.read(stored(listsWithinLists(150)))).isInstanceOf(ArrayList.class);
        for (int levels : new int[] {600, 100_000}) {
            JsonNode hostile = stored(listsWithinLists(levels));
            assertThatThrownBy(() -> serialized.read(hostile))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("nested too deep");
        }
    }

    @Test
    void a_value_that_is_deeper_than_regular_values_is_rejected_while_it_is_read() throws Exception {
        JsonNode hostile = stored(listsWithinLists(300));
        assertThatThrownBy(() -> serialized.read(hostile))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("REJECTED");
    }

    @Test
    void a_damaged_serialized_value_is_read_or_rejected_without_other_errors() throws Exception {
        Map<String, Object> value = new HashMap<>();
        value.put("list", new ArrayList<>(List.of(1, 2L, "three")));
        value.put("array", new long[] {1, 2});
        value.put("day", java.time.DayOfWeek.MONDAY);
        byte[] bytes = HostileValues.bytes(value);
        java.util.Random random = new java.util.Random(7);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = bytes.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            try {
                serialized.read(stored(damaged));
            } catch (RuntimeException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1_000, 19_999);
    }

    @Test
    void a_long_type_name_is_rejected_like_any_other() {
        for (String name : List.of("int" + "[]".repeat(10_000), "[]".repeat(10_000), "x".repeat(20_000), "", "[]")) {
            JsonNode hostile = JSON.readTree("[\"" + name + "\",[]]");
            assertThatThrownBy(() -> json.read(hostile)).hasMessageContaining("not registered");
        }
    }

    @Test
    void jdk_types_that_are_not_in_the_table_are_not_created() {
        for (String name : List.of(
                "Class", "java.lang.Class", "File", "java.io.File", "URL", "Object", "Thread", "ProcessBuilder")) {
            JsonNode hostile = JSON.readTree("[\"" + name + "\",\"java.lang.Runtime\"]");
            assertThatThrownBy(() -> json.read(hostile)).as(name).isInstanceOf(RuntimeException.class);
        }
    }

    /** A type whose field is read from a stored class name. */
    private record Plugin(Class<?> type) {}

    @Test
    void no_class_is_loaded_by_a_stored_name() {
        AttributeFormat format = AttributeFormat.json(Plugin.class);
        assertThatThrownBy(() -> format.write("x", new Plugin(String.class)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Class");
        JsonNode hostile = JSON.readTree("[\"BoundedFormatsTest$Plugin\",{\"type\":\"java.lang.Runtime\"}]");
        assertThatThrownBy(() -> format.read(hostile)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> AttributeFormat.json(Class.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deeply_nested_sets_in_json_are_read_in_linear_time() {
        String hostile = "[\"HashSet\",[".repeat(200) + "]]".repeat(200);
        byte[] bytes = hostile.getBytes(StandardCharsets.UTF_8);
        assertThat(json.read(JSON.readTree(bytes))).isInstanceOf(java.util.HashSet.class);
    }
}
