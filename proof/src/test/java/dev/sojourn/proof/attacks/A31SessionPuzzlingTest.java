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
        try (Site site = new Site()) {
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
    void regenerate_and_destroy_remove_the_subject() {
        try (Site site = new Site()) {
            String alice = site.get("/login?alice").token();
            String fresh = site.getAs(alice, "/regenerate").token();
            assertThat(site.getAs(fresh, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(alice, "/subject").body()).isEqualTo("null");
        }
    }
}
