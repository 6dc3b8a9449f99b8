package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.Transports;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.SealedApplications;
import dev.sojourn.proof.site.SealedSite;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.SealFormat;
import dev.sojourn.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attacks on a session that the client itself keeps. */
class A35SealedCookiesTest {
    private final SettableClock clock = new SettableClock();
    private final MemoryStore revoked = MemoryStore.builder().clock(clock).build();

    private SealedSite node(Consumer<SealedSessions.Config> options) {
        return new SealedSite(clock, c -> {
            c.logoutOnlyClearsTheCookie();
            options.accept(c);
        });
    }

    private SealedSite revokingNode() {
        Revocations revocations = Revocations.in(revoked, r -> r.clock(clock));
        return new SealedSite(clock, c -> c.revocations(revocations));
    }

    private static void assertAnonymous(RawResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("null");
        assertThat(response.cookies()).isEmpty();
    }

    // ---- replay

    @Test
    void a_cookie_is_worthless_after_its_logout_here_on_other_nodes_and_after_a_restart() {
        try (SealedSite one = revokingNode();
                SealedSite other = revokingNode()) {
            String text = one.get("/login?alice").token();
            String copy = one.getAs(text, "/set?x").token();
            one.getAs(copy, "/logout");
            clock.advance(Duration.ofSeconds(2));

            for (SealedSite node : List.of(one, other)) {
                assertAnonymous(node.getAs(text, "/subject"));
                assertAnonymous(node.getAs(copy, "/subject"));
            }
            try (SealedSite restarted = revokingNode()) {
                assertAnonymous(restarted.getAs(copy, "/subject"));
            }
        }
    }

    @Test
    void a_replayed_cookie_does_not_clear_the_cookie_of_the_login_after_it() {
        try (SealedSite site = revokingNode()) {
            String text = site.get("/login?alice").token();
            site.getAs(text, "/logout");

            assertThat(site.getAs(text, "/subject").cookies()).isEmpty();
            assertThat(site.getAs(text, "/subject").header("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void a_late_response_of_an_ended_session_cannot_bring_it_back() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SealedSite site = revokingNode()) {
            CountDownLatch read = new CountDownLatch(1);
            CountDownLatch loggedOut = new CountDownLatch(1);
            site.addPage("/slow", (session, exchange) -> {
                session.get("a", String.class);
                read.countDown();
                Site.await(loggedOut);
                session.set("a", "late");
                return "ok";
            });
            String text = site.get("/login?alice").token();
            Future<RawResponse> late = threads.submit(() -> site.send("/slow", Site.cookie(text)));
            Site.await(read);
            site.send("/logout", Site.cookie(text));
            loggedOut.countDown();

            String brought = tokenOf(late);

            assertAnonymous(site.getAs(brought, "/subject"));
        } finally {
            threads.shutdownNow();
        }
    }

    private static String tokenOf(Future<RawResponse> response) throws InterruptedException, ExecutionException {
        return response.get().token();
    }

    // ---- another cookie, application, purpose

    @Test
    void the_text_of_one_cookie_does_not_open_as_another_one() {
        try (SealedSite shop = node(c -> c.cookie(k -> k.name("__Host-shop")));
                SealedSite admin = node(c -> c.cookie(k -> k.name("__Host-admin")))) {
            String text = shop.get("/login?alice").token();
            assertThat(shop.get("/subject", "Cookie: __Host-shop=" + text).body())
                    .isEqualTo("alice");

            assertAnonymous(admin.get("/subject", "Cookie: __Host-admin=" + text));
            assertThat(admin.listener().single("tokenRefused").details()).contains(TokenRefusal.NOT_ISSUED);
        }
    }

    @Test
    void the_text_of_one_application_does_not_open_in_another_one_with_the_same_secret() {
        try (SealedSite shop = node(c -> c.seal(Jwe.secret(Site.SECRET).application("shop")));
                SealedSite admin = node(c -> c.seal(Jwe.secret(Site.SECRET).application("admin")))) {
            String text = shop.get("/login?alice").token();

            assertAnonymous(admin.getAs(text, "/subject"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "access", "session", "session __Host-id2", "session __Host-id /shop"})
    void what_was_sealed_for_another_purpose_does_not_open(String purpose) {
        try (SealedSite site = node(c -> {})) {
            long now = clock.millis();
            byte[] record = ("{\"format\":1,\"created\":" + now + ",\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":"
                            + (now + 60_000) + ",\"subject\":\"alice\"}")
                    .getBytes(StandardCharsets.UTF_8);
            SealFormat seal = Jwe.secret(Site.SECRET);
            String right = seal.forPurpose("session __Host-id").seal(record, clock.instant());
            String wrong = seal.forPurpose(purpose).seal(record, clock.instant());

            assertThat(site.getAs(right, "/subject").body()).isEqualTo("alice");
            assertAnonymous(site.getAs(wrong, "/subject"));
        }
    }

    @Test
    void the_text_of_a_cookie_does_not_open_in_a_header() {
        try (SealedSite site = node(c -> c.transport(Transports.cookie(), Transports.header("X-Session")))) {
            String text = site.get("/login?alice").token();
            assertThat(site.getAs(text, "/subject").body()).isEqualTo("alice");

            assertAnonymous(site.get("/subject", "X-Session: " + text));
        }
    }

    @Test
    void another_users_session_in_a_header_next_to_a_cookie_makes_none_of_them_count() {
        try (SealedSite headers = node(c -> c.transport(Transports.header("X-Session")));
                SealedSite site = node(c -> c.transport(Transports.cookie(), Transports.header("X-Session")))) {
            String cookie = site.get("/login?alice").token();
            String header = headers.get("/login?mallory").header("X-Session").orElseThrow();
            assertThat(site.get("/subject", "X-Session: " + header).body()).isEqualTo("mallory");

            assertThat(site.get("/subject", Site.cookie(cookie), "X-Session: " + header)
                            .body())
                    .isEqualTo("null");
        }
    }

    @Test
    void the_text_of_one_application_of_a_server_does_not_open_in_another_one(@TempDir Path folder) throws Exception {
        SealedSessions sessions = SealedSessions.create(
                c -> c.seal(Jwe.secret(Site.SECRET)).logoutOnlyClearsTheCookie().clock(clock));
        try (SealedApplications server = new SealedApplications(folder, sessions, "/shop", "/admin")) {
            String cookie = server.get("/shop/login", "").cookie();
            assertThat(cookie).startsWith("__Host-id.shop=ey");
            String text = cookie.substring(cookie.indexOf('=') + 1);

            assertThat(server.get("/shop/subject", cookie).body()).isEqualTo("alice");
            assertThat(server.get("/admin/subject", cookie).body()).isEqualTo("null");
            assertThat(server.get("/admin/subject", "__Host-id.admin=" + text).body())
                    .isEqualTo("null");
        }
    }

    // ---- forged and damaged texts

    @Test
    void a_text_that_is_changed_in_any_place_reads_as_absent() {
        try (SealedSite site = node(c -> {})) {
            String text = site.get("/login?alice").token();
            for (int at = 0; at < text.length(); at += 7) {
                char other = text.charAt(at) == 'A' ? 'B' : 'A';
                String changed = text.substring(0, at) + other + text.substring(at + 1);
                RawResponse response = site.getAs(changed, "/subject");
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).as("changed at %d", at).isEqualTo("null");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "not JSON",
                "{\"format\":2,\"created\":1,\"id\":\"Qm1Yt6Rw0Xc5Bn2Hs7Lp4J\",\"expires\":2}",
                "{\"format\":1,\"created\":1,\"id\":\"../../etc/passwd\",\"expires\":2}"
            })
    void a_sealed_content_that_is_no_session_is_reported_removed_and_never_a_500(String content) {
        try (SealedSite site = node(c -> {})) {
            String text = Jwe.secret(Site.SECRET)
                    .forPurpose("session __Host-id")
                    .seal(content.getBytes(StandardCharsets.UTF_8), clock.instant());

            RawResponse response = site.getAs(text, "/read");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("null");
            assertThat(response.header("Set-Cookie").orElseThrow()).contains("Max-Age=0");
            assertThat(site.listener().names()).containsExactly("unreadable");
        }
    }

    @Test
    void texts_of_any_size_and_shape_read_as_absent() {
        try (SealedSite site = node(c -> {})) {
            for (String text : List.of("x", "....", "a".repeat(8_000), "ey".repeat(2_000), "\"\"", "%00")) {
                assertAnonymous(site.getAs(text, "/read"));
            }
        }
    }

    @Test
    void the_text_shows_nothing_of_the_session() {
        try (SealedSite site = node(c -> {})) {
            String text = site.getAs(site.get("/login?alice-the-subject").token(), "/set?the-attribute")
                    .token();
            StringBuilder decoded = new StringBuilder();
            for (String part : text.split("\\.", -1)) {
                decoded.append(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.ISO_8859_1));
            }

            assertThat(decoded).doesNotContain("alice-the-subject").doesNotContain("the-attribute");
        }
    }

    // ---- unknown key

    @Test
    void a_text_of_an_unknown_key_next_to_an_attackers_valid_one_leaves_the_client_anonymous() {
        try (SealedSite newer = node(c -> c.seal(Jwe.secret(Site.OTHER_SECRET)));
                SealedSite older = node(c -> {})) {
            String victim = newer.get("/login?alice").token();
            String planted = older.get("/login?mallory").token();

            RawResponse response = older.get("/subject", "Cookie: __Host-id=" + planted + "; __Host-id=" + victim);

            assertAnonymous(response);
            assertThat(older.get("/set?x", "Cookie: __Host-id=" + planted + "; __Host-id=" + victim)
                            .status())
                    .isEqualTo(503);
        }
    }

    @Test
    void a_planted_text_of_an_invented_key_stops_neither_a_login_nor_the_requests_after_it() {
        try (SealedSite site = insecure();
                SealedSite other =
                        node(c -> c.cookie(k -> k.name("id").insecureHttp()).seal(Jwe.secret(Site.OTHER_SECRET)))) {
            String invented = other.get("/login?mallory").token();
            assertThat(site.get("/set?x", "Cookie: id=" + invented).status()).isEqualTo(503);

            String mine = site.get("/login?alice", "Cookie: id=" + invented).token();

            RawResponse both = site.sendTo("shop.example.com", "/subject", "Cookie: id=" + invented + "; id=" + mine);
            assertThat(both.body()).isEqualTo("null");
            assertThat(both.cookies())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("id=; Path=/") && line.contains("Max-Age=0"))
                    .noneMatch(line -> line.startsWith("id=; Path=/; Max-Age"));
            assertThat(site.get("/subject", "Cookie: id=" + mine).body()).isEqualTo("alice");
        }
    }

    // ---- two cookies

    private SealedSite insecure() {
        return node(c -> c.cookie(k -> k.name("id").insecureHttp()));
    }

    @Test
    void of_two_users_cookies_none_counts_and_strays_are_removed() {
        try (SealedSite site = insecure()) {
            String victim = site.get("/login?alice").token();
            String planted = site.get("/login?mallory").token();
            site.listener().clear();

            RawResponse response =
                    site.sendTo("shop.example.com", "/subject", "Cookie: id=" + planted + "; id=" + victim);

            assertThat(response.body()).isEqualTo("null");
            assertThat(response.cookies())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("id=; Path=/") && line.contains("Max-Age=0"))
                    .noneMatch(line -> line.startsWith("id=; Path=/; Max-Age"));
            assertThat(site.get("/subject", "Cookie: id=" + victim).body()).isEqualTo("alice");
            assertThat(site.listener().single("tokenRefused").details()).contains(TokenRefusal.AMBIGUOUS);
        }
    }

    @Test
    void an_anonymous_cookie_that_is_planted_next_to_a_users_one_leaves_the_client_anonymous() {
        try (SealedSite site = insecure()) {
            String victim = site.get("/login?alice").token();
            String planted = site.get("/set?x").token();

            RawResponse response = site.get("/subject", "Cookie: id=" + victim + "; id=" + planted);

            assertThat(response.body()).isEqualTo("null");
        }
    }

    @Test
    void two_copies_of_one_session_count_as_the_later_one_which_is_sent_alone() {
        try (SealedSite site = insecure()) {
            String earlier = site.get("/set?x").token();
            clock.advance(Duration.ofSeconds(5));
            String later = site.get("/set?y", "Cookie: id=" + earlier).token();

            RawResponse response = site.sendTo("shop.example.com", "/read", "Cookie: id=" + later + "; id=" + earlier);

            assertThat(response.body()).isEqualTo("y");
            List<String> lines = response.cookies();
            assertThat(lines.get(lines.size() - 1)).startsWith("id=ey");
            assertThat(lines.subList(0, lines.size() - 1)).allMatch(line -> line.contains("Max-Age=0"));
        }
    }

    @Test
    void of_two_cookies_of_one_user_the_later_session_counts() {
        try (SealedSite site = insecure()) {
            String earlier = site.get("/login?alice").token();
            clock.advance(Duration.ofSeconds(5));
            String later = site.get(
                            "/set?later",
                            "Cookie: id=" + site.get("/login?alice").token())
                    .token();

            assertThat(site.get("/read", "Cookie: id=" + earlier + "; id=" + later)
                            .body())
                    .isEqualTo("later");
        }
    }

    @Test
    void a_dead_cookie_next_to_a_live_one_does_not_matter() {
        try (SealedSite site = insecure()) {
            String dead = site.get("/login?mallory").token();
            clock.advance(Duration.ofMinutes(31));
            String live = site.get("/login?alice").token();

            assertThat(site.get("/subject", "Cookie: id=" + dead + "; id=" + live + "; id=garbage")
                            .body())
                    .isEqualTo("alice");
        }
    }

    @Test
    void more_cookies_than_an_honest_client_sends_are_not_opened() {
        try (SealedSite site = insecure()) {
            String text = site.get("/login?alice").token();

            RawResponse response = site.get("/subject", "Cookie: " + ("id=" + text + "; ").repeat(5) + "a=b");

            assertThat(response.body()).isEqualTo("null");
        }
    }

    @Test
    void a_logout_with_contradicting_cookies_ends_all_of_them() {
        Revocations revocations = Revocations.in(revoked, r -> r.clock(clock));
        try (SealedSite site = new SealedSite(
                clock, c -> c.revocations(revocations).cookie(k -> k.name("id").insecureHttp()))) {
            String victim = site.get("/login?alice").token();
            String planted = site.get("/login?mallory").token();

            site.get("/logout", "Cookie: id=" + planted + "; id=" + victim);

            assertThat(site.get("/subject", "Cookie: id=" + victim).body()).isEqualTo("null");
            assertThat(site.get("/subject", "Cookie: id=" + planted).body()).isEqualTo("null");
        }
    }

    // ---- delivery

    @Test
    void over_plain_http_from_elsewhere_no_session_begins() {
        try (SealedSite site = node(c -> {})) {
            RawResponse response = site.sendTo("shop.example.com", "/set?x");

            assertThat(response.status()).isEqualTo(500);
            assertThat(response.cookies()).isEmpty();
        }
    }
}
