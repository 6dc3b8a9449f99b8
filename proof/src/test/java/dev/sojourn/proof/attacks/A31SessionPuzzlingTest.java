package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class A31SessionPuzzlingTest {
    private static final List<String> NAMES = List.of(
            "user",
            "subject",
            "_subject",
            "principal",
            "username",
            "sub",
            "login",
            "authenticated",
            "attributes",
            "signIn",
            "scopes",
            "amr",
            "act");

    @Test
    void no_attribute_name_signs_a_user_in() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/reset-password", (session, exchange) -> {
                NAMES.forEach(name -> session.set(name, "bob"));
                assertThat(session.subject()).isNull();
                session.update("subject", String.class, before -> "bob");
                assertThat(session.subject()).isNull();
                return "ok";
            });
            String token = site.get("/reset-password").token();
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("null");
            String changed = site.getAs(token, "/change-id").token();
            assertThat(site.getAs(changed, "/subject").body()).isEqualTo("null");
            assertThat(site.store().writtenRecords()).isNotEmpty().allMatch(session -> session.subject() == null);
        }
    }

    @Test
    void no_attribute_name_changes_or_removes_the_subject() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/puzzle", (session, exchange) -> {
                NAMES.forEach(name -> session.set(name, "bob"));
                session.clear();
                return String.valueOf(session.subject());
            });
            String token = site.get("/login?alice").token();
            assertThat(site.getAs(token, "/puzzle").body()).isEqualTo("alice");
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void no_attribute_makes_a_sign_in_fresh_or_elevates_a_session() {
        try (Site site = Site.onTwoNodes()) {
            site.addPage("/puzzle", (session, exchange) -> {
                long later = site.clock().instant().plusSeconds(600).toEpochMilli();
                Map<String, Object> facts =
                        Map.of("at", later, "amr", List.of("hwk"), "scopes", Map.of("payments", later));
                NAMES.forEach(name -> session.set(name, facts));
                return "ok";
            });
            site.addPage(
                    "/known",
                    (session, exchange) -> session.isFresh(Duration.ofMinutes(5)) + " "
                            + session.isElevated("payments") + " " + session.actingBy() + " "
                            + session.signIn());
            String anonymous = site.get("/puzzle").token();
            assertThat(site.getAs(anonymous, "/known").body()).isEqualTo("false false null null");

            String alice = site.get("/login?alice").token();
            String before = site.getAs(alice, "/known").body();
            site.getAs(alice, "/puzzle");
            assertThat(site.getAs(alice, "/known").body()).isEqualTo(before);
            site.clock().advance(Duration.ofMinutes(5));
            assertThat(site.getAs(alice, "/known").body()).startsWith("false false null");
        }
    }

    @Test
    void regenerate_and_destroy_remove_the_subject() {
        try (Site site = Site.onTwoNodes()) {
            String alice = site.get("/login?alice").token();
            String fresh = site.getAs(alice, "/regenerate").token();
            assertThat(site.getAs(fresh, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(alice, "/subject").body()).isEqualTo("null");
        }
    }
}
