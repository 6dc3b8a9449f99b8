package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Key;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.UserSession;
import dev.sojourn.proof.site.RecordingListener;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code endIf} ends exactly those sessions of a user that contain a matching value. */
class EndIfTest {
    private static final Key<String> DEVICE = Key.of("device", String.class);

    private static Site site() {
        Site site = new Site();
        site.addPage("/on", (session, exchange) -> {
            session.set(DEVICE, Site.query(exchange));
            return "ok";
        });
        site.addPage("/public-id", (session, exchange) -> session.publicId());
        return site;
    }

    private static String signIn(Site site, String user, String device) {
        String token = site.get("/login?" + user).token();
        site.getAs(token, "/on?" + device);
        return token;
    }

    private static int endOn(Site site, String device) {
        return site.sessions().of("alice").endIf(DEVICE, device::equals);
    }

    private static String subject(Site site, String token) {
        return site.getAs(token, "/subject").body();
    }

    @Test
    void sessions_with_a_matching_value_end_and_the_others_stay() {
        try (Site site = site()) {
            String lost = signIn(site, "alice", "phone");
            String alsoLost = signIn(site, "alice", "phone");
            String laptop = signIn(site, "alice", "laptop");
            String none = site.get("/login?alice").token();
            String bob = signIn(site, "bob", "phone");
            String guest = site.get("/on?phone").token();

            assertThat(endOn(site, "phone")).isEqualTo(2);

            assertThat(subject(site, lost)).isEqualTo("null");
            assertThat(subject(site, alsoLost)).isEqualTo("null");
            assertThat(subject(site, laptop)).isEqualTo("alice");
            assertThat(subject(site, none)).isEqualTo("alice");
            assertThat(subject(site, bob)).isEqualTo("bob");
            assertThat(site.getAs(guest, "/read").status()).isEqualTo(200);
            assertThat(endOn(site, "phone")).isZero();
        }
    }

    @Test
    void a_session_whose_value_is_null_or_of_another_type_stays() {
        try (Site site = site()) {
            site.addPage("/number", (session, exchange) -> {
                session.set("device", List.of(1, 2));
                return "ok";
            });
            site.addPage("/removed", (session, exchange) -> {
                session.remove("device");
                return "ok";
            });
            String number = site.get("/login?alice").token();
            site.getAs(number, "/number");
            String removed = signIn(site, "alice", "phone");
            site.getAs(removed, "/removed");
            String phone = signIn(site, "alice", "phone");
            AtomicInteger predicateCalls = new AtomicInteger();

            int ended = site.sessions().of("alice").endIf(DEVICE, device -> {
                predicateCalls.incrementAndGet();
                return true;
            });

            assertThat(ended).isEqualTo(1);
            assertThat(predicateCalls).hasValue(1);
            assertThat(subject(site, number)).isEqualTo("alice");
            assertThat(subject(site, removed)).isEqualTo("alice");
            assertThat(subject(site, phone)).isEqualTo("null");
        }
    }

    @Test
    void the_last_stored_value_decides() {
        try (Site site = site()) {
            String was = signIn(site, "alice", "phone");
            site.getAs(was, "/on?laptop");
            String is = signIn(site, "alice", "laptop");
            site.getAs(is, "/on?phone");

            assertThat(endOn(site, "phone")).isEqualTo(1);

            assertThat(subject(site, was)).isEqualTo("alice");
            assertThat(subject(site, is)).isEqualTo("null");
        }
    }

    @Test
    void a_session_with_a_new_id_is_found_and_ended_once() {
        try (Site site = site()) {
            String before = signIn(site, "alice", "phone");
            String after = site.getAs(before, "/change-id").token();

            assertThat(endOn(site, "phone")).isEqualTo(1);

            assertThat(subject(site, before)).isEqualTo("null");
            assertThat(subject(site, after)).isEqualTo("null");
        }
    }

    @Test
    void an_expired_session_is_not_counted() {
        try (Site site = site()) {
            signIn(site, "alice", "phone");
            site.clock().advance(Duration.ofMinutes(31));
            String late = signIn(site, "alice", "phone");

            assertThat(endOn(site, "phone")).isEqualTo(1);

            assertThat(subject(site, late)).isEqualTo("null");
        }
    }

    @Test
    void a_session_that_starts_after_end_if_stays_even_with_the_value() {
        try (Site site = site()) {
            signIn(site, "alice", "phone");
            endOn(site, "phone");

            String later = signIn(site, "alice", "phone");

            site.clock().advance(Duration.ofMinutes(29));
            assertThat(subject(site, later)).isEqualTo("alice");
            assertThat(site.sessions().of("alice").list()).hasSize(1);
        }
    }

    @Test
    void a_request_whose_session_ended_saves_nothing() {
        try (Site site = site()) {
            String phone = signIn(site, "alice", "phone");
            site.addPage("/slow", (session, exchange) -> {
                session.subject();
                assertThat(endOn(site, "phone")).isEqualTo(1);
                session.set("a", "late");
                return "ok";
            });

            site.getAs(phone, "/slow");

            assertThat(subject(site, phone)).isEqualTo("null");
            assertThat(site.getAs(phone, "/read").body()).isEqualTo("null");
            assertThat(site.sessions().of("alice").list()).isEmpty();
        }
    }

    @Test
    void each_ended_session_and_no_other_is_reported() {
        try (Site site = site()) {
            String phone = signIn(site, "alice", "phone");
            signIn(site, "alice", "laptop");
            String publicId = site.getAs(phone, "/public-id").body();
            site.listener().clear();

            endOn(site, "phone");

            RecordingListener.Event event = site.listener().single("destroyed");
            assertThat(event.session().publicId()).isEqualTo(publicId);
            assertThat(event.session().subject()).isEqualTo("alice");
            assertThat(event.details().get(1)).isEqualTo(DestroyReason.REVOKED);
        }
    }

    @Test
    void the_call_can_be_repeated_after_the_store_failed_halfway() {
        try (Site site = site()) {
            List<String> phones = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                phones.add(signIn(site, "alice", "phone"));
            }
            site.store().failBeforeExceptFirst(1, "delete", () -> StoreException.notDone("unavailable", null));

            assertThatThrownBy(() -> endOn(site, "phone"))
                    .isInstanceOfSatisfying(
                            SessionUnavailableException.class,
                            e -> assertThat(e.isPartlySaved()).isTrue());

            site.store().clearFailures();
            assertThat(phones.stream().map(each -> subject(site, each))).containsOnlyOnce("null");
            assertThat(endOn(site, "phone")).isEqualTo(2);
            assertThat(phones.stream().map(each -> subject(site, each))).containsOnly("null");
        }
    }

    @Test
    void an_exception_of_the_predicate_reaches_the_caller_and_ends_no_further_session() {
        try (Site site = site()) {
            String phone = signIn(site, "alice", "phone");

            assertThatThrownBy(() -> site.sessions().of("alice").endIf(DEVICE, device -> {
                        throw new IllegalStateException("on purpose");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("on purpose");

            assertThat(subject(site, phone)).isEqualTo("alice");
            assertThat(site.sessions().of("alice").list())
                    .extracting(UserSession::publicId)
                    .containsExactly(site.getAs(phone, "/public-id").body());
        }
    }
}
