package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.ConflictFate;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.SessionListener.UnreadableData;
import dev.sojourn.proof.site.Heard;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.Outcome;
import dev.sojourn.spi.StoreException;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.StoredSession;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Each event, as its Javadoc says. */
class ListenerTest {
    private static String handleOf(Site site, String token) {
        site.page("/handle", (session, exchange) -> session.handle());
        return site.as(token, "/handle").body();
    }

    @Test
    void created_tells_of_a_session_that_was_stored_for_the_first_time() {
        try (Site site = new Site()) {
            String token = site.get("/set?x").token();
            assertThat(site.heard().names()).containsExactly("created");
            SessionInfo info = site.heard().only("created").session();
            assertThat(info.handle()).isEqualTo(handleOf(site, token));
            assertThat(info.subject()).isNull();
            assertThat(Duration.between(info.createdAt(), info.expiresAt())).isEqualTo(Duration.ofMinutes(30));
        }
    }

    @Test
    void reads_and_changes_of_an_existing_session_are_not_told() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.as(token, "/read");
            site.as(token, "/change?y");
            site.as(token, "/count");
            assertThat(site.heard().names()).isEmpty();
        }
    }

    @Test
    void a_login_tells_of_the_new_id_and_of_who_signed_in() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            String former = handleOf(site, token);
            String alice = site.as(token, "/login?alice").token();
            assertThat(site.heard().names()).containsExactly("idChanged", "signedIn");
            Heard.Event changed = site.heard().only("idChanged");
            assertThat(changed.details().get(1)).isEqualTo(former);
            assertThat(changed.session().handle()).isEqualTo(handleOf(site, alice));
            assertThat(site.heard().only("signedIn").session().subject()).isEqualTo("alice");
        }
    }

    @Test
    void a_strangers_login_tells_of_a_new_session_and_of_who_signed_in() {
        try (Site site = new Site()) {
            site.get("/login?alice");
            assertThat(site.heard().names()).containsExactly("created", "signedIn");
        }
    }

    @Test
    void change_id_tells_of_the_new_id_alone() {
        try (Site site = new Site()) {
            site.as(site.begin("x"), "/change-id");
            assertThat(site.heard().names()).containsExactly("idChanged");
        }
    }

    @Test
    void a_regenerate_and_the_login_of_somebody_else_tell_that_the_old_session_was_replaced() {
        try (Site site = new Site()) {
            String alice = site.as(site.begin("x"), "/login?alice").token();
            site.heard().clear();
            String bob = site.as(alice, "/login?bob").token();
            assertThat(site.heard().names()).containsExactly("destroyed", "idChanged", "signedIn");
            Heard.Event destroyed = site.heard().only("destroyed");
            assertThat(destroyed.session().subject()).isEqualTo("alice");
            assertThat(destroyed.details()).contains(DestroyReason.REPLACED);
            site.heard().clear();
            site.as(bob, "/regenerate");
            assertThat(site.heard().names()).containsExactly("destroyed", "idChanged");
            assertThat(site.heard().only("destroyed").session().subject()).isEqualTo("bob");
        }
    }

    @Test
    void a_logout_tells_of_the_session_as_it_was_and_only_once() {
        try (Site site = new Site()) {
            String alice = site.as(site.begin("x"), "/login?alice").token();
            site.heard().clear();
            site.as(alice, "/logout");
            site.as(alice, "/logout");
            assertThat(site.heard().names()).containsExactly("destroyed");
            assertThat(site.heard().only("destroyed").session().subject()).isEqualTo("alice");
            assertThat(site.heard().only("destroyed").details()).contains(DestroyReason.DESTROYED);
        }
    }

    @Test
    void an_expired_session_is_told_of_once_whether_its_client_or_a_sweep_finds_it() {
        try (Site site = new Site()) {
            String found = site.begin("x");
            site.begin("y");
            site.clock().advance(Duration.ofMinutes(30));
            site.as(found, "/read");
            site.as(found, "/read");
            assertThat(site.heard().names()).containsExactly("expired");
            assertThat(site.sessions().sweep(10))
                    .as("not before the grace of five minutes")
                    .isZero();
            site.clock().advance(Duration.ofMinutes(6));
            assertThat(site.sessions().sweep(10)).isEqualTo(1);
            assertThat(site.heard().names()).containsExactly("expired", "expired");
            assertThat(site.heard().all().get(1).details()).contains(Timeout.IDLE);
        }
    }

    @Test
    void a_change_that_was_dropped_because_the_session_ended_is_told() {
        try (Site site = new Site()) {
            List<String> tokens = new CopyOnWriteArrayList<>();
            site.page("/slow", (session, exchange) -> {
                session.set("b", "x");
                site.visit("/logout", Site.cookie(tokens.get(0)));
                return "ok";
            });
            tokens.add(site.begin("x"));
            assertThat(site.as(tokens.get(0), "/slow").status()).isEqualTo(200);
            assertThat(site.heard().names()).containsExactlyInAnyOrder("destroyed", "conflictLost");
            assertThat(site.heard().only("conflictLost").details()).contains(Set.of("b"), ConflictFate.DROPPED);
        }
    }

    @Test
    void a_request_with_the_old_id_is_told_of_as_superseded() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            String former = handleOf(site, token);
            site.as(token, "/change-id");
            site.heard().clear();
            site.as(token, "/read");
            assertThat(site.heard().names()).containsExactly("superseded");
            assertThat(site.heard().only("superseded").session().handle()).isEqualTo(former);
        }
    }

    @Test
    void a_record_that_cannot_be_read_is_told_of_and_ends() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            site.as(token, "/read");
            StoreKey key = site.store().keys().get(0);
            StoredSession present = site.store().load(key).orElseThrow();
            byte[] garbage = "{\"format\":99".getBytes(StandardCharsets.UTF_8);
            assertThat(site.store()
                            .compareAndSet(
                                    key, present.version(), new StoredSession(garbage, 7, present.expiresAt(), null)))
                    .isEqualTo(Outcome.DONE);
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
            UnreadableData told =
                    (UnreadableData) site.heard().only("unreadable").details().get(0);
            assertThat(told.attribute()).isEmpty();
            assertThat(told.toString()).doesNotContain("99");
            assertThat(site.as(token, "/read").body()).isEqualTo("null");
            assertThat(site.heard().names()).as("told once").containsOnlyOnce("unreadable");
        }
    }

    @Test
    void a_store_that_does_not_answer_is_told_of_with_its_own_error() {
        try (Site site = new Site()) {
            String token = site.begin("x");
            StoreException failure = StoreException.notDone("no connection", null);
            site.store().refuse("load", () -> failure);
            site.as(token, "/read");
            assertThat(site.heard().only("storeAway").details()).containsExactly(failure);
        }
    }

    @Test
    void a_change_after_the_head_that_could_not_be_saved_is_told() {
        try (Site site = new Site()) {
            site.page("/late", (session, exchange) -> {
                session.get("a", String.class);
                exchange.sendResponseHeaders(200, 0);
                site.store().refuse("compareAndSet", () -> StoreException.notDone("no connection", null));
                session.set("a", "late");
                exchange.close();
                return null;
            });
            site.as(site.begin("x"), "/late");
            assertThat(site.heard().names()).containsExactlyInAnyOrder("storeAway", "lateChangeLost");
        }
    }

    @Test
    void a_listener_that_fails_harms_nobody() {
        try (Site site = new Site(c -> c.listener(new dev.sojourn.SessionListener() {
            @Override
            public void created(SessionInfo session) {
                throw new IllegalStateException("a listener's own problem");
            }
        }))) {
            String token = site.get("/set?x").token();
            assertThat(site.as(token, "/read").body()).isEqualTo("x");
        }
    }
}
