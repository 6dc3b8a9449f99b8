package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Attributes that end before their session does. */
class EndingAttributesTest {
    private static final Key<List<String>> NAMES = Key.listOf("names", String.class);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private static Site site() {
        Site site = new Site();
        site.addPage("/code", (session, exchange) -> {
            session.set("code", "123", Duration.ofMinutes(10));
            return seen(session);
        });
        site.addPage("/names", (session, exchange) -> {
            session.set(NAMES, new ArrayList<>(List.of("a")), TEN_MINUTES);
            return seen(session);
        });
        site.addPage("/see", (session, exchange) -> seen(session));
        site.addPage("/without-time", (session, exchange) -> {
            session.set("code", "123");
            return seen(session);
        });
        return site;
    }

    private static String seen(Session session) {
        return session.get("code", String.class) + " " + session.has("code") + " " + session.get(NAMES) + " "
                + session.names();
    }

    private static String storedIn(Site site) {
        List<byte[]> payloads = site.store().writtenRecords().stream()
                .map(each -> each.payload())
                .toList();
        return new String(payloads.get(payloads.size() - 1), StandardCharsets.UTF_8);
    }

    @Test
    void an_attribute_is_gone_after_its_time_and_leaves_the_store_with_the_next_write() {
        try (Site site = site()) {
            String token = site.get("/code").token();
            site.clock().advance(TEN_MINUTES.minusMillis(1));
            assertThat(site.getAs(token, "/see").body()).isEqualTo("123 true null [code]");
            site.clock().advance(Duration.ofMillis(1));
            site.store().clearCalls();
            assertThat(site.getAs(token, "/see").body()).isEqualTo("null false null []");
            assertThat(site.store().calls()).containsExactly("load");
            assertThat(storedIn(site)).contains("123");

            site.getAs(token, "/set?x");
            assertThat(storedIn(site)).doesNotContain("123").doesNotContain("until");
        }
    }

    @Test
    void setting_it_again_without_a_time_drops_the_time_and_with_a_time_renews_it() {
        try (Site site = site()) {
            String token = site.get("/code").token();
            site.getAs(token, "/without-time");
            site.clock().advance(TEN_MINUTES);
            assertThat(site.getAs(token, "/see").body()).startsWith("123");

            String other = site.get("/code").token();
            site.clock().advance(Duration.ofMinutes(9));
            site.getAs(other, "/code");
            site.clock().advance(Duration.ofMinutes(9));
            assertThat(site.getAs(other, "/see").body()).startsWith("123");
            site.clock().advance(Duration.ofMinutes(1));
            assertThat(site.getAs(other, "/see").body()).startsWith("null");
        }
    }

    @Test
    void changes_of_its_value_and_a_new_id_keep_the_time() {
        try (Site site = site()) {
            site.addPage("/within", (session, exchange) -> {
                Objects.requireNonNull(session.get(NAMES)).add("b");
                return "ok";
            });
            site.addPage("/set-and-change", (session, exchange) -> {
                List<String> names = new ArrayList<>(List.of("c"));
                session.set(NAMES, names, TEN_MINUTES);
                names.add("d");
                return "ok";
            });
            site.addPage("/update", (session, exchange) -> session.update("code", String.class, code -> code + "4"));
            String token = site.get("/names").token();
            site.getAs(token, "/code");
            site.getAs(token, "/within");
            site.getAs(token, "/update");
            String next = site.getAs(token, "/change-id").token();
            String signedIn = site.getAs(next, "/login?alice").token();
            assertThat(site.getAs(signedIn, "/see").body()).isEqualTo("1234 true [a, b] [names, code]");
            String changed = site.get("/set-and-change").token();
            assertThat(site.getAs(changed, "/see").body()).isEqualTo("null false [c, d] [names]");

            site.clock().advance(TEN_MINUTES);
            assertThat(site.getAs(signedIn, "/see").body()).isEqualTo("null false null []");
            assertThat(site.getAs(changed, "/see").body()).isEqualTo("null false null []");
        }
    }

    @Test
    void update_and_pop_of_an_ended_attribute_find_nothing_and_a_new_value_does_not_inherit_its_time() {
        try (Site site = site()) {
            site.addPage("/pop", (session, exchange) -> String.valueOf(session.pop("code", String.class)));
            site.addPage(
                    "/update",
                    (session, exchange) -> session.update("code", String.class, code -> code == null ? "new" : "old"));
            String token = site.get("/code").token();
            site.clock().advance(TEN_MINUTES);
            assertThat(site.getAs(token, "/pop").body()).isEqualTo("null");
            assertThat(site.getAs(token, "/update").body()).isEqualTo("new");
            site.clock().advance(TEN_MINUTES);

            assertThat(site.getAs(token, "/see").body()).startsWith("new");
        }
    }

    @Test
    void an_export_and_a_search_by_attribute_do_not_see_it_either() {
        try (Site site = site()) {
            String token = site.getAs(site.get("/code").token(), "/login?alice").token();
            site.clock().advance(TEN_MINUTES);

            assertThat(site.sessions().of("alice").export()).doesNotContain("123");
            assertThat(site.sessions().of("alice").endIf(Key.of("code", String.class), code -> true))
                    .isZero();
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void times_out_of_bounds_are_refused_and_nothing_is_stored() {
        try (Site site = site()) {
            for (Duration ttl :
                    List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMillis(999), Duration.ofDays(3651))) {
                site.addPage("/refused", (session, exchange) -> {
                    assertThatThrownBy(() -> session.set("code", "123", ttl))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("between 1 second and 3650 days");
                    return "refused";
                });
                assertThat(site.get("/refused").body()).isEqualTo("refused");
            }
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void a_sealed_session_has_them_and_an_earlier_copy_of_its_cookie_does_not_bring_one_back() {
        try (SealedSite site = new SealedSite(c -> {})) {
            site.addPage("/code", (session, exchange) -> {
                session.set("code", "123", TEN_MINUTES);
                return "ok";
            });
            site.addPage("/see", (session, exchange) -> session.get("code", String.class) + " " + session.names());
            String cookie = site.get("/code").token();
            assertThat(site.getAs(cookie, "/see").body()).isEqualTo("123 [code]");
            site.clock().advance(TEN_MINUTES);

            assertThat(site.getAs(cookie, "/see").body()).isEqualTo("null []");
        }
    }
}
