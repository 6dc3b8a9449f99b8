package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.servlet.AttributeFormat;
import dev.sojourn.tools.values.ApplicationTypes;
import dev.sojourn.tools.values.ValueComparison;
import dev.sojourn.tools.values.ValueGenerator;
import dev.sojourn.tools.values.ValueGenerators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.web.servlet.FlashMap;
import tools.jackson.databind.JsonNode;

/** Checks that values are read back unchanged or rejected, also next to and inside of Spring's values. */
class SpringValuesTest {
    private static final int NESTED = 5_000;

    private final AttributeFormat format = new SpringAttributeFormat(
            List.of(new LoginFailureFormat(), new FlashMapFormat()),
            AttributeFormat.json(ApplicationTypes.class.getDeclaredClasses()));

    @Test
    void values_of_every_kind_are_read_back_or_rejected_alone_and_as_flash_attributes() {
        ValueGenerators kinds = new ValueGenerators();
        Random random = new Random(20_261_130);
        List<String> faults = new ArrayList<>();
        int kept = 0;
        for (int i = 0; i < NESTED && faults.size() < 10; i++) {
            ValueGenerator kind = kinds.next(random, 3);
            Object value = kind.next(random);
            JsonNode alone;
            try {
                alone = format.write("it", value);
            } catch (IllegalArgumentException e) {
                assertThatThrownBy(() -> format.write("it", redirect(value)))
                        .isInstanceOf(IllegalArgumentException.class);
                continue;
            }
            kept++;
            ValueComparison.difference(value, format.read(alone))
                    .ifPresent(fault -> faults.add(kind.type() + ": " + fault));
            List<?> redirects = (List<?>) format.read(format.write("it", redirect(value)));
            ValueComparison.difference(value, ((FlashMap) redirects.get(0)).get("value"))
                    .ifPresent(fault -> faults.add("redirected " + kind.type() + ": " + fault));
        }
        assertThat(faults).isEmpty();
        assertThat(kept).isGreaterThan(NESTED / 4);
    }

    private static List<FlashMap> redirect(Object value) {
        FlashMap map = new FlashMap();
        map.put("value", value);
        map.put("nothing", null);
        return new CopyOnWriteArrayList<>(List.of(map));
    }

    @Test
    void maps_with_spring_values_and_nulls_are_read_back_as_the_same_class() {
        for (Map<String, Object> map : List.of(new HashMap<String, Object>(), new LinkedHashMap<String, Object>())) {
            map.put("why", new BadCredentialsException("no"));
            map.put("nothing", null);
            map.put("counts", new HashMap<>(Map.of(7, 1L)));
            Map<?, ?> again = (Map<?, ?>) format.read(format.write("it", map));
            assertThat(again.getClass()).isSameAs(map.getClass());
            assertThat(again.keySet()).isEqualTo(map.keySet());
            assertThat(again.get("counts")).isEqualTo(map.get("counts"));
            assertThat(again.get("why")).isInstanceOf(BadCredentialsException.class);
        }
    }
}
