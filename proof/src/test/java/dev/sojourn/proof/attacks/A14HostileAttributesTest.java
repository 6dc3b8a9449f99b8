package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Site;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class A14HostileAttributesTest {
    private static final List<String> NAMES = List.of(
            "",
            "__proto__",
            "constructor",
            "class",
            "@class",
            "@type",
            "_principal",
            "subject",
            "created",
            "createdAt",
            "format",
            "successor",
            "written",
            "expiresAt",
            "idleTimeout",
            "attributes",
            "cookie",
            "sojourn.csrf",
            "\0",
            "a\nb",
            "a\r\nb",
            "*",
            "{x}",
            ":",
            "\"",
            "\\",
            "'; DROP TABLE sessions; --",
            "\u0130",
            "\u0131",
            "i",
            "I",
            "\u2028",
            "\uD83D\uDE00",
            "n".repeat(256));

    @Test
    void hostile_names_and_values_are_plain_data() {
        try (Site site = Site.onTwoNodes()) {
            AtomicReference<Instant> createdAt = new AtomicReference<>();
            site.addPage("/all", (session, exchange) -> {
                NAMES.forEach(name -> session.set(name, "value of " + name));
                createdAt.set(session.createdAt());
                return "ok";
            });
            site.addPage("/check", (session, exchange) -> {
                assertThat(session.names()).containsExactlyInAnyOrderElementsOf(NAMES);
                for (String name : NAMES) {
                    assertThat(session.get(name, String.class)).isEqualTo("value of " + name);
                }
                assertThat(session.subject()).isNull();
                assertThat(session.createdAt()).isEqualTo(createdAt.get());
                return "ok";
            });
            String token = site.get("/all").token();
            assertThat(site.getAs(token, "/check").body()).isEqualTo("ok");
        }
    }

    @Test
    void a_name_that_is_too_long_or_has_an_unpaired_surrogate_is_refused_before_the_save() {
        try (Site site = Site.onTwoNodes()) {
            List<String> bad =
                    List.of("n".repeat(257), "n".repeat(1 << 20), "\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D");
            site.addPage("/bad", (session, exchange) -> {
                for (String name : bad) {
                    try {
                        session.set(name, "x");
                        return "accepted " + name.length();
                    } catch (IllegalArgumentException e) {
                        assertThat(e).hasMessageContaining("name");
                    }
                }
                return "refused";
            });
            assertThat(site.get("/bad").body()).isEqualTo("refused");
            assertThat(site.store().calls()).isEmpty();
        }
    }

    private static Object nestedValue(int depth) {
        Object value = "core";
        for (int i = 0; i < depth; i++) {
            List<Object> around = new ArrayList<>();
            around.add(value);
            value = around;
        }
        return value;
    }

    /** Sets a value next to another one and reads both in the next request: the value is refused or kept, and never does harm. */
    private static void assertHarmless(Object value) {
        try (Site site = Site.onTwoNodes(c -> c.maxSessionBytes(1 << 20))) {
            AtomicReference<@Nullable Object> kept = new AtomicReference<>();
            site.addPage("/hostile", (session, exchange) -> {
                try {
                    session.set("hostile", value);
                    kept.set(value);
                } catch (IllegalArgumentException refused) {
                    return "refused";
                }
                return "kept";
            });
            site.addPage("/hostile-back", (session, exchange) -> {
                Object present = session.get("hostile", Object.class);
                assertThat(present).isEqualTo(kept.get());
                return String.valueOf(session.get("a", Object.class));
            });
            String token = site.startSession("good");
            assertThat(site.getAs(token, "/hostile").status()).isEqualTo(200);
            assertThat(site.getAs(token, "/read").body())
                    .as("the other value, after a %s", value.getClass())
                    .isEqualTo("good");
            assertThat(site.getAs(token, "/hostile-back").body()).isEqualTo("good");
        }
    }

    @Test
    void a_value_at_the_nesting_limit_of_the_writer_can_be_read() {
        for (int depth : List.of(10, 490, 497, 498, 499, 500, 501, 2_000)) {
            assertHarmless(nestedValue(depth));
        }
    }

    @Test
    void a_number_of_thousands_of_digits_does_not_end_the_session() {
        assertHarmless(new BigInteger("9".repeat(999)));
        assertHarmless(new BigInteger("9".repeat(1_001)));
        assertHarmless(new BigInteger("9".repeat(5_000)));
    }

    @Test
    void a_very_long_member_name_within_a_value_does_not_end_the_session() {
        assertHarmless(Map.of("k".repeat(49_999), 1));
        assertHarmless(Map.of("k".repeat(60_000), 1));
    }

    @Test
    void texts_of_any_characters_are_returned_unchanged_or_refused() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c < 0xD800; c += 7) {
            all.append((char) c);
        }
        assertHarmless(all.toString());
        assertHarmless("\0\r\n\u2028\u2029\uFFFF\uFEFF");
        assertHarmless("\uD83D\uDE00");
        assertHarmless("half \uD83D pair");
        assertHarmless("\uDE00");
    }

    @Test
    void a_text_that_looks_like_a_class_name_stays_a_text() {
        assertHarmless(Map.of("@class", "javax.script.ScriptEngineManager", "@type", "x", "$type", "y"));
    }
}
