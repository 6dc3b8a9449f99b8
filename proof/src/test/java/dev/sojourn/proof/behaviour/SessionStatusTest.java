package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.EditableSession;
import dev.sojourn.EndpointResponse;
import dev.sojourn.SessionStatus;
import dev.sojourn.jdkhttp.Sojourn;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The endpoints for pages that warn before a session ends. */
class SessionStatusTest {
    private static Site addPages(Site site) {
        site.addPage("/status", (session, exchange) -> {
            Sojourn.send(
                    exchange,
                    exchange.getRequestMethod().equals("POST")
                            ? SessionStatus.extend(session)
                            : SessionStatus.read(session));
            return null;
        });
        site.addPage("/script.js", (session, exchange) -> {
            Sojourn.send(
                    exchange, SessionStatus.script(exchange.getRequestHeaders().getFirst("If-None-Match")));
            return null;
        });
        return site;
    }

    private static RawResponse post(Site site, String... headers) {
        return site.request("POST", "/status", "localhost:" + site.port(), headers);
    }

    private static String json(int endsIn, @Nullable Object absolute, boolean signedIn) {
        return "{\"endsIn\":" + endsIn + ",\"absolute\":" + absolute + ",\"signedIn\":" + signedIn + "}\n";
    }

    @Test
    void asking_reports_the_time_that_is_left_and_does_not_extend_it() {
        try (Site site = addPages(new Site())) {
            String token = site.get("/login?alice").token();
            site.store().clearCalls();
            site.clock().advance(Duration.ofMinutes(10));
            assertThat(site.getAs(token, "/status").body()).isEqualTo(json(1200, 42_600, true));
            assertThat(site.store().calls()).containsExactly("load");

            site.clock().advance(Duration.ofMillis(19 * 60_000 + 59_001));
            assertThat(site.getAs(token, "/status").body()).isEqualTo(json(0, 41_400, true));
            site.clock().advance(Duration.ofSeconds(1));
            assertThat(site.getAs(token, "/status").body()).isEqualTo(json(0, null, false));
        }
    }

    @Test
    void extending_restarts_the_idle_timeout_at_once_and_never_passes_the_absolute_one() {
        try (Site site = addPages(new Site(c -> c.absoluteTimeout(Duration.ofMinutes(40))))) {
            String token = site.get("/login?alice").token();
            site.store().clearCalls();
            site.clock().advance(Duration.ofSeconds(5));
            assertThat(post(site, Site.cookie(token)).body()).isEqualTo(json(1800, 2395, true));
            assertThat(site.store().calls()).containsExactly("load", "touch");
            assertThat(site.getAs(token, "/status").body()).isEqualTo(json(1800, 2395, true));

            site.clock().advance(Duration.ofMinutes(20));
            assertThat(post(site, Site.cookie(token)).body()).isEqualTo(json(1195, 1195, true));
            assertThat(site.getAs(token, "/status").body()).isEqualTo(json(1195, 1195, true));
        }
    }

    @Test
    void a_session_without_one_of_the_timeouts_reports_what_it_has() {
        try (Site site = addPages(new Site(c -> c.absoluteTimeout(Duration.ZERO)))) {
            String token = site.startSession("x");
            assertThat(site.getAs(token, "/status").body()).isEqualTo(json(1800, null, false));
        }
        try (Site site = addPages(new Site(c -> c.idleTimeout(Duration.ZERO)))) {
            String token = site.startSession("x");
            site.clock().advance(Duration.ofHours(1));
            assertThat(post(site, Site.cookie(token)).body()).isEqualTo(json(39_600, 39_600, false));
        }
    }

    @Test
    void whatever_a_client_sends_it_gets_a_plain_refusal_and_nothing_is_stored() {
        try (Site site = addPages(new Site())) {
            for (String header : new String[] {
                "X: none",
                "Cookie: __Host-id=garbage",
                "Cookie: __Host-id=" + "x".repeat(2000),
                "Cookie: __Host-id=%00; __Host-id=\"",
                "Authorization: Bearer x"
            }) {
                assertThat(post(site, header).status()).as(header).isEqualTo(401);
                assertThat(post(site, header).body()).isEqualTo("The session has ended. Please sign in.\n");
                RawResponse read = site.get("/status", header);
                assertThat(read.body()).isEqualTo(json(0, null, false));
                assertThat(read.headers("Cache-Control")).anyMatch(each -> each.contains("no-store"));
            }
            assertThat(site.store().calls()).isEmpty();
        }
    }

    @Test
    void an_ended_session_is_not_extended() {
        try (Site site = addPages(new Site())) {
            String token = site.get("/login?alice").token();
            site.sessions().of("alice").endAll();

            assertThat(post(site, Site.cookie(token)).status()).isEqualTo(401);
        }
    }

    @Test
    void a_sealed_session_has_the_same_endpoints() {
        try (SealedSite site = new SealedSite(c -> {})) {
            site.addPage("/status", (session, exchange) -> {
                Sojourn.send(exchange, SessionStatus.read(session));
                return null;
            });
            site.addPage("/extend", (session, exchange) -> {
                Sojourn.send(exchange, SessionStatus.extend(session));
                return null;
            });
            String cookie = site.get("/login?alice").token();
            site.clock().advance(Duration.ofMinutes(10));
            RawResponse read = site.getAs(cookie, "/status");
            assertThat(read.body()).isEqualTo(json(1200, 42_600, true));
            assertThat(read.cookies()).isEmpty();

            RawResponse extended = site.getAs(cookie, "/extend");
            assertThat(extended.body()).isEqualTo(json(1800, 42_600, true));
            assertThat(site.getAs(extended.token(), "/status").body()).isEqualTo(json(1800, 42_600, true));
            assertThat(site.get("/extend").status()).isEqualTo(401);
        }
    }

    @Test
    void the_script_comes_with_a_tag_and_is_not_sent_again_to_a_client_that_has_it() {
        try (Site site = addPages(new Site())) {
            RawResponse script = site.get("/script.js");
            String tag = script.header("ETag").orElseThrow();
            assertThat(script.body()).contains("BroadcastChannel");
            assertThat(script.header("Content-Type")).hasValue("text/javascript; charset=utf-8");

            for (String known : new String[] {tag, "W/" + tag, "\"a\", " + tag + ",\"b\"", "*"}) {
                RawResponse again = site.get("/script.js", "If-None-Match: " + known);
                assertThat(again.status()).as(known).isEqualTo(304);
                assertThat(again.body()).isEmpty();
                assertThat(again.header("ETag")).hasValue(tag);
            }
            for (String unknown : new String[] {"", "\"\"", ",,,", tag.substring(1), "\"" + "x".repeat(500) + "\""}) {
                assertThat(site.get("/script.js", "If-None-Match: " + unknown).status())
                        .as(unknown)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void a_session_of_another_implementation_is_refused() {
        EditableSession other = (EditableSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EditableSession.class}, (proxy, method, args) -> null);

        assertThatThrownBy(() -> SessionStatus.read(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Sojourn.session");
        assertThat(new EndpointResponse(200, java.util.Map.of(), new byte[0])).hasToString("EndpointResponse[200]");
    }
}
