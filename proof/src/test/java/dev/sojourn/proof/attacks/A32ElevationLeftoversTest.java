package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Session;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a user confirmed does not outlive the session, the id, the user or the time that it was confirmed for. */
class A32ElevationLeftoversTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static String elevated(Site site) {
        site.addPage("/elevate", (session, exchange) -> {
            session.login("alice");
            session.elevate("payments", HOUR);
            return "ok";
        });
        site.addPage("/pay", (session, exchange) -> {
            session.requireElevated("payments");
            return "paid";
        });
        String token = site.get("/elevate").token();
        assertThat(site.getAs(token, "/pay").body()).isEqualTo("paid");
        return token;
    }

    private static Map<String, Consumer<Session>> ends() {
        Map<String, Consumer<Session>> ends = new LinkedHashMap<>();
        ends.put("changeId", Session::changeId);
        ends.put("regenerate", Session::regenerate);
        ends.put("destroy", Session::destroy);
        ends.put("login of the same user", session -> session.login("alice"));
        ends.put("login of another user", session -> session.login("bob"));
        ends.put("acting as another user", session -> session.actAs("bob", "alice", HOUR));
        ends.put("dropElevation", session -> session.dropElevation("payments"));
        return ends;
    }

    @Test
    void nothing_stays_elevated_after_an_end_of_the_elevation() {
        try (Site site = Site.onTwoNodes()) {
            ends().forEach((name, end) -> {
                String token = elevated(site);
                site.addPage("/end", (session, exchange) -> {
                    end.accept(session);
                    assertThat(session.isElevated("payments")).as(name).isFalse();
                    return "ok";
                });
                RawResponse response = site.getAs(token, "/end");
                assertThat(response.status()).as(name).isEqualTo(200);
                assertThat(site.getAs(token, "/pay").status()).as(name).isIn(401, 403);
                if (!response.cookies().isEmpty()) {
                    assertThat(site.getAs(response.token(), "/pay").status())
                            .as(name)
                            .isIn(401, 403);
                }
            });
        }
    }

    @Test
    void an_elevation_before_a_new_id_in_one_request_does_not_count_and_one_after_it_does() {
        try (Site site = Site.onTwoNodes()) {
            ends().forEach((name, end) -> {
                site.addPage("/before", (session, exchange) -> {
                    session.login("alice");
                    session.elevate("payments", HOUR);
                    end.accept(session);
                    return "ok";
                });
                RawResponse before = site.get("/before");
                elevated(site);
                if (!before.cookies().isEmpty()) {
                    assertThat(site.getAs(before.token(), "/pay").status())
                            .as(name)
                            .isIn(401, 403);
                }
            });
            site.addPage("/after", (session, exchange) -> {
                session.changeId();
                session.elevate("payments", HOUR);
                return "ok";
            });
            String token = site.get("/login?alice").token();
            assertThat(site.getAs(site.getAs(token, "/after").token(), "/pay").body())
                    .isEqualTo("paid");
        }
    }

    @Test
    void a_request_that_elevates_while_another_one_changes_the_id_or_signs_out_elevates_nothing() {
        try (Site site = Site.onTwoNodes()) {
            for (String end : new String[] {"/change-id", "/logout", "/login?alice", "/login?bob"}) {
                elevated(site);
                String token = site.get("/login?alice").token();
                String[] next = new String[1];
                site.addPage("/race", (session, exchange) -> {
                    session.elevate("payments", HOUR);
                    RawResponse response = site.send(end, Site.cookie(token));
                    next[0] = end.equals("/logout") ? token : response.token();
                    return "ok";
                });
                RawResponse raced = site.getAs(token, "/race");
                assertThat(raced.cookies()).as(end).isEmpty();
                assertThat(site.getAs(token, "/pay").status()).as(end).isIn(401, 403);
                assertThat(site.getAs(next[0], "/pay").status()).as(end).isIn(401, 403);
            }
        }
    }

    @Test
    void an_elevation_ends_in_time_and_with_its_session() {
        try (Site site = Site.onTwoNodes()) {
            String token = elevated(site);
            for (int minutes : new int[] {25, 25}) {
                site.clock().advance(Duration.ofMinutes(minutes));
                assertThat(site.getAs(token, "/pay").body()).isEqualTo("paid");
            }
            site.clock().advance(Duration.ofMinutes(10));
            assertThat(site.getAs(token, "/pay").status()).isEqualTo(403);
            String other = elevated(site);
            site.clock().advance(Duration.ofMinutes(30));
            assertThat(site.getAs(other, "/pay").status()).isEqualTo(401);
        }
    }
}
