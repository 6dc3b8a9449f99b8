package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.proof.site.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

class A31SessionPuzzlingTest {
    private static final List<String> NAMES = List.of(
            "user", "subject", "_subject", "principal", "username", "sub", "login", "authenticated", "attributes");

    @Test
    void no_attribute_name_signs_a_user_in() {
        try (Site site = new Site()) {
            site.page("/reset-password", (session, exchange) -> {
                NAMES.forEach(name -> session.set(name, "bob"));
                assertThat(session.subject()).isNull();
                session.update("subject", String.class, before -> "bob");
                assertThat(session.subject()).isNull();
                return "ok";
            });
            String token = site.get("/reset-password").token();
            assertThat(site.as(token, "/subject").body()).isEqualTo("null");
            String changed = site.as(token, "/change-id").token();
            assertThat(site.as(changed, "/subject").body()).isEqualTo("null");
            assertThat(site.store().writtenRecords()).isNotEmpty().allMatch(session -> session.subject() == null);
        }
    }

    @Test
    void no_attribute_name_changes_or_removes_the_subject() {
        try (Site site = new Site()) {
            site.page("/puzzle", (session, exchange) -> {
                NAMES.forEach(name -> session.set(name, "bob"));
                session.clear();
                return String.valueOf(session.subject());
            });
            String token = site.get("/login?alice").token();
            assertThat(site.as(token, "/puzzle").body()).isEqualTo("alice");
            assertThat(site.as(token, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void regenerate_and_destroy_remove_the_subject() {
        try (Site site = new Site()) {
            String alice = site.get("/login?alice").token();
            String fresh = site.as(alice, "/regenerate").token();
            assertThat(site.as(fresh, "/subject").body()).isEqualTo("null");
            assertThat(site.as(alice, "/subject").body()).isEqualTo("null");
        }
    }
}
