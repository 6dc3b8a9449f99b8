package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Key;
import dev.sojourn.Session;
import dev.sojourn.SessionEndedException;
import dev.sojourn.SessionSupersededException;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class SessionMethodsTest {
    @Test
    void require_subject_responds_with_401_unless_a_user_is_signed_in() {
        try (Site site = new Site()) {
            site.addPage("/members-only", (session, exchange) -> session.requireSubject());
            String token = site.startSession("x");

            RawResponse anonymous = site.getAs(token, "/members-only");
            assertThat(anonymous.status()).isEqualTo(401);
            assertThat(anonymous.header("WWW-Authenticate")).contains("Bearer");
            assertThat(anonymous.header("Cache-Control")).contains("no-store");
            assertThat(anonymous.cookies()).isEmpty();
            assertThat(anonymous.body()).isEqualTo("Please sign in.\n");

            String signedIn = site.getAs(token, "/login?alice").token();
            assertThat(site.getAs(signedIn, "/members-only").body()).isEqualTo("alice");
        }
    }

    @Test
    void discard_drops_all_unsaved_changes() {
        try (Site site = new Site()) {
            site.addPage("/discard", (session, exchange) -> {
                session.set("a", "new");
                session.set("b", "new");
                session.login("alice");
                session.destroy();
                session.discard();
                return session.get("a", String.class) + " " + session.has("b") + " " + session.subject();
            });
            String token = site.startSession("old");
            RawResponse response = site.getAs(token, "/discard");
            assertThat(response.body()).isEqualTo("old false null");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.store().calls()).containsExactly("load");
            assertThat(site.getAs(token, "/read").body()).isEqualTo("old");
        }
    }

    @Test
    void reload_reads_the_changes_of_other_requests_and_drops_unsaved_ones() {
        try (Site site = new Site()) {
            List<String> tokens = new CopyOnWriteArrayList<>();
            site.addPage("/reload", (session, exchange) -> {
                session.set("a", "mine");
                site.send("/set?theirs", Site.cookie(tokens.get(0)));
                session.reload();
                return String.valueOf(session.get("a", String.class));
            });
            tokens.add(site.startSession("old"));
            assertThat(site.getAs(tokens.get(0), "/reload").body()).isEqualTo("theirs");
            assertThat(site.getAs(tokens.get(0), "/read").body()).isEqualTo("theirs");
        }
    }

    private static String exceptionAfter(String path, Site.Page page) {
        try (Site site = new Site()) {
            List<String> tokens = new CopyOnWriteArrayList<>();
            site.addPage("/slow", (session, exchange) -> {
                session.get("a", String.class);
                site.send(path, Site.cookie(tokens.get(0)));
                return page.respond(session, exchange);
            });
            tokens.add(site.startSession("old"));
            RawResponse response = site.getAs(tokens.get(0), "/slow");
            return response.status() + " " + response.body().trim() + " "
                    + response.cookies().size();
        }
    }

    @Test
    void reload_save_update_and_change_id_of_an_ended_session_throw_session_ended() {
        assertThat(exceptionAfter("/logout", (session, exchange) -> {
                    assertThatThrownBy(session::reload).isInstanceOf(SessionEndedException.class);
                    return "ok";
                }))
                .isEqualTo("200 ok 0");
        assertThat(exceptionAfter("/logout", (session, exchange) -> {
                    session.set("a", "new");
                    assertThatThrownBy(session::save).isInstanceOf(SessionEndedException.class);
                    return "ok";
                }))
                .isEqualTo("200 ok 0");
        assertThat(exceptionAfter("/logout", (session, exchange) -> {
                    assertThatThrownBy(() -> session.update("n", Integer.class, n -> 1))
                            .isInstanceOf(SessionEndedException.class);
                    return "ok";
                }))
                .isEqualTo("200 ok 0");
        assertThat(exceptionAfter("/logout", (session, exchange) -> {
                    session.changeId();
                    return "ok";
                }))
                .startsWith("409 ")
                .endsWith(" 0");
    }

    @Test
    void destroy_of_a_concurrently_ended_session_makes_room_for_a_new_one() {
        assertThat(exceptionAfter("/logout", (session, exchange) -> {
                    session.set("a", "late");
                    assertThatThrownBy(session::save).isInstanceOf(SessionEndedException.class);
                    session.destroy();
                    session.set("a", "new");
                    session.save();
                    return session.get("a", String.class) + " " + session.isNew();
                }))
                .isEqualTo("200 new false 1");
    }

    @Test
    void a_login_after_a_superseded_save_takes_over_nothing_that_was_changed_in_place() {
        try (Site site = new Site()) {
            Key<List<String>> names = Key.listOf("names", String.class);
            List<String> tokens = new CopyOnWriteArrayList<>();
            site.addPage("/start", (session, exchange) -> {
                session.set(names, new ArrayList<>(List.of("old")));
                return "ok";
            });
            site.addPage("/slow", (session, exchange) -> {
                List<String> read = Objects.requireNonNull(session.get(names));
                read.add("late");
                site.send("/change-id", Site.cookie(tokens.get(0)));
                assertThatThrownBy(session::save).isInstanceOf(SessionSupersededException.class);
                session.login("alice");
                session.set("a", "since the login");
                return "ok";
            });
            site.addPage("/names", (session, exchange) -> String.join(" ", session.names()));
            tokens.add(site.startSession("old"));
            site.getAs(tokens.get(0), "/start");

            RawResponse response = site.getAs(tokens.get(0), "/slow");

            assertThat(response.status()).isEqualTo(200);
            assertThat(site.getAs(response.token(), "/names").body()).isEqualTo("a");
        }
    }

    @Test
    void plain_sets_of_a_concurrently_ended_session_are_dropped_and_the_response_is_kept() {
        assertThat(exceptionAfter("/logout", (session, exchange) -> {
                    session.set("a", "new");
                    return "ok";
                }))
                .isEqualTo("200 ok 0");
    }

    @Test
    void a_change_of_a_session_whose_id_changed_concurrently_is_a_409() {
        assertThat(exceptionAfter("/change-id", (session, exchange) -> {
                    session.set("a", "new");
                    return "ok";
                }))
                .startsWith("409 ")
                .endsWith(" 0");
        assertThat(exceptionAfter("/change-id", (session, exchange) -> {
                    assertThatThrownBy(session::reload).isInstanceOf(SessionSupersededException.class);
                    return "ok";
                }))
                .isEqualTo("200 ok 0");
        assertThat(exceptionAfter("/change-id", (session, exchange) -> {
                    assertThatThrownBy(() -> session.update("n", Integer.class, n -> 1))
                            .isInstanceOf(SessionSupersededException.class);
                    return "ok";
                }))
                .isEqualTo("200 ok 0");
    }

    @Test
    void regenerate_creates_a_new_id_and_an_empty_session() {
        try (Site site = new Site()) {
            String old = site.getAs(site.startSession("x"), "/login?alice").token();
            String fresh = site.getAs(old, "/regenerate").token();
            assertThat(fresh).isNotEqualTo(old);
            assertThat(site.getAs(fresh, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(fresh, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(old, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void change_id_keeps_the_attributes_the_subject_and_the_creation_time() {
        try (Site site = new Site()) {
            site.addPage("/created", (session, exchange) -> String.valueOf(session.createdAt()));
            String old = site.getAs(site.startSession("x"), "/login?alice").token();
            String created = site.getAs(old, "/created").body();
            site.clock().advance(Duration.ofMinutes(10));
            String fresh = site.getAs(old, "/change-id").token();
            assertThat(fresh).isNotEqualTo(old);
            assertThat(site.getAs(fresh, "/read").body()).isEqualTo("x");
            assertThat(site.getAs(fresh, "/subject").body()).isEqualTo("alice");
            assertThat(site.getAs(fresh, "/created").body()).isEqualTo(created);
            assertThat(site.getAs(old, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void login_restarts_the_absolute_timeout() {
        try (Site site = new Site()) {
            site.addPage("/created", (session, exchange) -> String.valueOf(session.createdAt()));
            String old = site.startSession("x");
            site.clock().advance(Duration.ofMinutes(10));
            String alice = site.getAs(old, "/login?alice").token();
            assertThat(site.getAs(alice, "/created").body())
                    .isEqualTo(site.clock()
                            .instant()
                            .truncatedTo(java.time.temporal.ChronoUnit.MILLIS)
                            .toString());
        }
    }

    @Test
    void clear_removes_the_attributes_and_keeps_the_id_and_the_subject() {
        try (Site site = new Site()) {
            site.addPage("/clear", (session, exchange) -> {
                session.clear();
                return session.names() + " " + session.subject();
            });
            String token = site.getAs(site.startSession("x"), "/login?alice").token();
            RawResponse response = site.getAs(token, "/clear");
            assertThat(response.body()).isEqualTo("[] alice");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.getAs(token, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(token, "/subject").body()).isEqualTo("alice");
        }
    }

    @Test
    void save_stores_at_once_and_a_later_change_costs_one_more_write() {
        try (Site site = new Site()) {
            site.addPage("/save", (session, exchange) -> {
                session.set("a", "one");
                session.save();
                String between = String.join(",", site.store().calls());
                session.set("a", "two");
                return between;
            });
            assertThat(site.get("/save").body()).isEqualTo("create");
            assertThat(site.store().calls()).containsExactly("create", "compareAndSet");
        }
    }

    @Test
    void touch_restarts_the_idle_timeout_before_the_touch_interval_has_passed() {
        try (Site site = new Site()) {
            site.addPage("/touch", (session, exchange) -> {
                session.touch();
                return "ok";
            });
            String token = site.startSession("x");
            site.clock().advance(Duration.ofSeconds(30));
            site.getAs(token, "/touch");
            assertThat(site.store().calls()).containsExactly("load", "touch");
            site.clock().advance(Duration.ofMinutes(30).minusMillis(1));
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void the_public_id_changes_only_with_the_id() {
        try (Site site = new Site()) {
            site.addPage("/public-id", (session, exchange) -> session.publicId());
            site.addPage("/change-id-and-public-id", (session, exchange) -> {
                session.changeId();
                return session.publicId();
            });
            site.addPage("/set-and-public-id", (session, exchange) -> {
                session.set("a", "x");
                return session.publicId();
            });
            RawResponse first = site.get("/set-and-public-id");
            String publicId = site.getAs(first.token(), "/public-id").body();
            assertThat(publicId).matches("[A-Za-z0-9_-]{22}").isEqualTo(first.body());
            RawResponse changed = site.getAs(first.token(), "/change-id-and-public-id");
            assertThat(changed.body()).isNotEqualTo(publicId);
            assertThat(site.getAs(changed.token(), "/public-id").body()).isEqualTo(changed.body());
        }
    }

    @Test
    void a_used_session_cannot_be_used_after_its_request() {
        assertUnusableAfterRequest("/keep-used", (session, exchange) -> String.valueOf(session.get("a", String.class)));
    }

    @Test
    void an_untouched_session_cannot_be_used_after_its_request() {
        assertUnusableAfterRequest("/keep-unused", (session, exchange) -> "ok");
    }

    private static void assertUnusableAfterRequest(String path, Site.Page page) {
        try (Site site = new Site()) {
            List<Session> kept = new CopyOnWriteArrayList<>();
            site.addPage(path, (session, exchange) -> {
                kept.add(session);
                return page.respond(session, exchange);
            });
            site.getAs(site.startSession("x"), path);
            site.store().clearCalls();
            Session session = kept.get(0);
            assertThatIllegalStateException()
                    .isThrownBy(() -> session.get("a", String.class))
                    .withMessageContaining("one request");
            assertThatIllegalStateException().isThrownBy(() -> session.set("a", "y"));
            assertThatIllegalStateException().isThrownBy(() -> session.update("n", Integer.class, n -> 1));
            assertThatIllegalStateException().isThrownBy(() -> session.login("alice"));
            assertThatIllegalStateException().isThrownBy(session::destroy);
            assertThatIllegalStateException().isThrownBy(session::save);
            assertThatIllegalStateException().isThrownBy(session::subject);
            assertThatIllegalStateException().isThrownBy(session::publicId);
            assertThatIllegalStateException().isThrownBy(session::expiresAt);
            assertThatIllegalStateException().isThrownBy(() -> session.idleTimeout(Duration.ofMinutes(1)));
            assertThatIllegalStateException().isThrownBy(() -> session.cookie().lifetime());
            assertThatIllegalStateException().isThrownBy(session::discard);
            assertThatIllegalStateException().isThrownBy(session::touch);
            assertThat(session.toString()).isEqualTo("Session");
            assertThat(site.store().calls()).isEmpty();
        }
    }
}
