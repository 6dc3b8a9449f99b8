package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Sessions;
import dev.sojourn.proof.site.RememberingSite;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a user's sessions contain, as a document, and its removal. */
class ExportTest {
    private static Instant now(Site site) {
        return site.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Test
    void an_export_has_the_content_of_every_session_of_the_user_and_nothing_that_opens_one() {
        try (Site site = new Site()) {
            site.addPage("/fill", (session, exchange) -> {
                session.set("name \"quoted\" \u00e9", java.util.List.of("a", 1.5, "\u2028"));
                return session.publicId();
            });
            String one =
                    site.getAs(site.get("/set?first").token(), "/login?alice").token();
            site.clock().advance(Duration.ofMinutes(1));
            String two = site.get("/login?alice").token();
            String publicId = site.getAs(two, "/fill").body();
            site.get("/login?bob");
            site.store().clearCalls();

            String json = site.sessions().of("alice").export();

            assertThat(site.store().calls()).filteredOn("load"::equals).hasSize(2);
            assertThat(json).doesNotContain(one.substring(0, 20), two.substring(0, 20), publicId);
            JsonNode root = JsonMapper.shared().readTree(json);
            assertThat(root.get("subject").asString()).isEqualTo("alice");
            assertThat(root.get("sessions").size()).isEqualTo(2);
            JsonNode latest = root.get("sessions").get(0);
            assertThat(latest.get("createdAt").asString()).isEqualTo(now(site).toString());
            assertThat(latest.get("expiresAt").asString())
                    .isEqualTo(now(site).plus(Duration.ofMinutes(30)).toString());
            assertThat(latest.get("attributes").get("name \"quoted\" \u00e9").toString())
                    .isEqualTo("[\"a\",1.5,\"\u2028\"]");
            assertThat(root.get("sessions").get(1).get("attributes").get("a").asString())
                    .isEqualTo("first");
        }
    }

    @Test
    void a_user_without_a_session_has_an_empty_export() {
        try (Site site = new Site()) {
            assertThat(site.sessions().of("nobody\"").export())
                    .isEqualTo("{\"subject\":\"nobody\\\"\",\"sessions\":[],\"rememberedBrowsers\":[]}");
            assertThat(site.sessions().of("nobody").erase()).isZero();
        }
    }

    @Test
    void an_export_names_remembered_browsers_apart_from_sessions() {
        try (RememberingSite shop = new RememberingSite()) {
            shop.browser().get("/login-remembered?alice");

            JsonNode root = JsonMapper.shared()
                    .readTree(shop.site().sessions().of("alice").export());

            assertThat(root.get("sessions").size()).isEqualTo(1);
            assertThat(root.get("rememberedBrowsers").size()).isEqualTo(1);
            JsonNode browser = root.get("rememberedBrowsers").get(0);
            assertThat(browser.propertyNames()).containsExactlyInAnyOrder("createdAt", "expiresAt", "device");
            assertThat(browser.get("expiresAt").asString())
                    .isEqualTo(now(shop.site()).plus(Duration.ofDays(30)).toString());
        }
    }

    @Test
    void erasing_ends_every_session_of_the_user_and_of_no_other() {
        try (Site site = new Site()) {
            String one = site.get("/login?alice").token();
            site.get("/login?alice");
            String bob = site.get("/login?bob").token();

            Sessions sessions = site.sessions();
            String json = sessions.of("alice").export();
            int removed = sessions.of("alice").erase();

            assertThat(json).startsWith("{\"subject\":\"alice\"");
            assertThat(removed).isEqualTo(2);
            assertThat(site.getAs(one, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(bob, "/subject").body()).isEqualTo("bob");
            assertThat(site.sessions().of("alice").export()).contains("\"sessions\":[]");
        }
    }
}
