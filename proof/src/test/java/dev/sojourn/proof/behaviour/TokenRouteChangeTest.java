package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.RecordFormat;
import dev.sojourn.spi.StoredSession;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.testing.SettableClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A change of a cookie's name, token format or transport keeps every client signed in. */
class TokenRouteChangeTest {
    private static final RecordFormat RECORDS = Sessions.recordFormat();
    private static final TokenTransport OLD = Transports.cookie(k -> k.name("old"));

    /** The token format of another library: an id and a suffix. */
    private record Sealed() implements TokenFormat {
        private static final String SEAL = "~sealed";

        @Override
        public String write(String id) {
            return id + SEAL;
        }

        @Override
        public Optional<VerifiedId> read(String token) {
            return token.endsWith(SEAL)
                    ? Optional.of(new VerifiedId(token.substring(0, token.length() - SEAL.length()), false))
                    : Optional.empty();
        }
    }

    private final SettableClock clock = new SettableClock();
    private final SpyStore store =
            new SpyStore(MemoryStore.builder().clock(clock).build());

    /** A node with the old token route that also accepts the new one. */
    private final Site before = site(c -> c.transport(OLD)
            .tokenFormat(new Sealed())
            .alsoAccept(Transports.cookie(), Sessions.tokenFormat(Site.SECRET)));

    /** A node with the new token route that also accepts the old one. */
    private final Site after = site(c -> c.alsoAccept(OLD, new Sealed()));

    private final Map<String, String> jar = new LinkedHashMap<>();

    private Site site(Consumer<Sessions.Config> options) {
        return new Site(clock, store, options);
    }

    @AfterEach
    void stop() {
        before.close();
        after.close();
    }

    /** Sends one request with the cookies of the jar and applies the response's cookies to the jar. */
    private RawResponse request(Site site, String path) {
        String cookies = jar.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        RawResponse response = cookies.isEmpty() ? site.get(path) : site.get(path, "Cookie: " + cookies);
        for (String line : response.cookies()) {
            String name = line.substring(0, line.indexOf('='));
            assertThat(line).contains("; Path=/");
            if (line.contains("Max-Age=0")) {
                jar.remove(name);
            } else {
                jar.put(name, line.substring(name.length() + 1, line.indexOf(';')));
            }
        }
        return response;
    }

    private String cookieValue(String name) {
        return Objects.requireNonNull(jar.get(name), name);
    }

    private String read(Site site) {
        return request(site, "/read").body();
    }

    @Test
    void a_client_with_the_old_token_keeps_its_session_and_gets_the_new_token_instead() {
        request(before, "/set?x");
        String old = cookieValue("old");
        store.clearCalls();

        RawResponse read = request(after, "/read");

        assertThat(read.body()).isEqualTo("x");
        assertThat(read.cookies()).hasSize(2);
        assertThat(read.cookies().get(1))
                .as("curl applies a deletion only if it is the last cookie")
                .startsWith("old=;");
        assertThat(read.headers("Vary")).containsExactly("Cookie");
        assertThat(store.calls())
                .as("a token is sent again only together with a write")
                .containsExactly("load", "touch");
        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(cookieValue("__Host-id")).as("the same id").startsWith(old.substring(0, old.indexOf('~')) + ".");
    }

    @Test
    void the_new_token_is_sent_only_once() {
        request(before, "/set?x");
        request(after, "/change?y");
        store.clearCalls();

        RawResponse read = request(after, "/read");

        assertThat(read.body()).isEqualTo("y");
        assertThat(read.cookies()).isEmpty();
        assertThat(store.calls()).containsExactly("load");
    }

    @Test
    void a_node_that_issues_old_tokens_accepts_new_ones() {
        request(after, "/set?x");
        assertThat(read(before)).isEqualTo("x");
        assertThat(jar).containsOnlyKeys("old");
        assertThat(read(after)).isEqualTo("x");
        assertThat(jar).containsOnlyKeys("__Host-id");
    }

    @Test
    void a_request_that_does_not_use_its_session_costs_nothing_and_changes_nothing() {
        request(before, "/set?x");
        store.clearCalls();
        assertThat(request(after, "/untouched").cookies()).isEmpty();
        assertThat(store.calls()).isEmpty();
        assertThat(jar).containsOnlyKeys("old");
    }

    @Test
    void a_login_issues_a_token_of_the_new_route_and_the_old_token_opens_nothing() {
        request(before, "/set?x");
        String old = cookieValue("old");

        request(after, "/login?alice");

        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(request(after, "/subject").body()).isEqualTo("alice");
        jar.clear();
        jar.put("old", old);
        assertThat(request(after, "/subject").body()).isEqualTo("null");
        assertThat(request(before, "/subject").body()).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/logout", "/regenerate"})
    void a_logout_clears_every_token(String end) {
        request(before, "/set?x");
        jar.put("__Host-id", "forged-without-the-secret");
        request(after, end);
        assertThat(jar).doesNotContainKeys("old");
        assertThat(read(after)).isEqualTo("null");
        assertThat(read(before)).isEqualTo("null");
    }

    @Test
    void the_current_route_wins_over_the_old_one_and_an_id_change_clears_the_old_token() {
        request(before, "/set?other");
        String other = cookieValue("old");
        jar.clear();
        request(after, "/set?current");
        jar.put("old", other);

        assertThat(read(after)).isEqualTo("current");
        request(after, "/change-id");
        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(read(after)).isEqualTo("current");
    }

    @Test
    void a_forged_token_of_the_current_route_does_not_hide_a_valid_old_one() {
        request(before, "/set?x");
        jar.put("__Host-id", "forged");
        assertThat(read(after)).isEqualTo("x");
        request(after, "/change?y");
        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(read(after)).isEqualTo("y");
    }

    @Test
    void a_forged_token_of_the_old_route_is_reported_and_opens_nothing() {
        jar.put("old", "forged");
        assertThat(read(after)).isEqualTo("null");
        assertThat(store.calls()).isEmpty();
        assertThat(after.listener().single("tokenRefused").details()).contains(TokenRefusal.NOT_ISSUED);
    }

    @Test
    void an_id_that_the_current_format_cannot_write_keeps_its_old_token_until_the_id_changes() {
        String id = "an/id+of:another=kind";
        request(before, "/set?x");
        String made = cookieValue("old").replace("~sealed", "");
        StoredSession record = store.load(RECORDS.keyOf(made)).orElseThrow();
        assertThat(store.create(RECORDS.keyOf(id), record)).isTrue();
        jar.put("old", new Sealed().write(id));

        assertThat(read(after)).isEqualTo("x");
        assertThat(request(after, "/change?y").cookies()).isEmpty();
        clock.advance(Duration.ofMinutes(10));
        assertThat(read(after)).isEqualTo("y");
        assertThat(jar).containsOnlyKeys("old");
        request(after, "/change-id");
        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(read(after)).isEqualTo("y");
    }

    @Test
    void old_and_new_nodes_serve_one_client_in_any_order() {
        Random random = new Random(20_261_129);
        List<Site> nodes = List.of(before, after);
        for (int round = 0; round < 40; round++) {
            jar.clear();
            String expected = "null";
            for (int i = 0; i < 12; i++) {
                Site node = nodes.get(random.nextInt(2));
                assertThat(read(nodes.get(random.nextInt(2)))).isEqualTo(expected);
                switch (random.nextInt(5)) {
                    case 0 -> {
                        request(node, "/logout");
                        expected = "null";
                    }
                    case 1 -> request(node, "/change-id");
                    case 2 -> clock.advance(Duration.ofMinutes(2));
                    default -> {
                        expected = "v" + i;
                        assertThat(request(node, "/set?" + expected).status()).isEqualTo(200);
                    }
                }
                assertThat(jar).as("one token at a time").hasSizeLessThan(2);
            }
        }
    }

    @Test
    void the_token_format_can_change_under_the_same_cookie_name() {
        try (Site former = site(c -> c.tokenFormat(new Sealed()));
                Site current = site(c -> c.alsoAccept(Transports.cookie(), new Sealed()))) {
            request(former, "/set?x");
            assertThat(request(current, "/change?y").cookies()).hasSize(1);
            assertThat(cookieValue("__Host-id")).doesNotContain("~");
            assertThat(read(current)).isEqualTo("y");
            assertThat(request(current, "/logout").cookies()).hasSize(1);
            assertThat(jar).isEmpty();
        }
    }

    @Test
    void a_header_transport_can_change_to_a_cookie() {
        try (Site former = site(c -> c.transport(Transports.header("X-Session")));
                Site current =
                        site(c -> c.alsoAccept(Transports.header("X-Session"), Sessions.tokenFormat(Site.SECRET)))) {
            String token = former.get("/set?x").header("X-Session").orElseThrow();
            RawResponse changed = current.get("/change?y", "X-Session: " + token);
            assertThat(changed.body()).isEqualTo("x");
            assertThat(changed.header("X-Session")).hasValue("");
            assertThat(current.getAs(changed.token(), "/read").body()).isEqualTo("y");
            assertThat(String.join(", ", changed.headers("Vary"))).isEqualTo("Cookie, X-Session");
        }
    }

    @Test
    void two_indistinguishable_cookies_are_refused_at_start_up() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET)
                        .cookie(k -> k.name("id"))
                        .alsoAccept(
                                Transports.cookie(k -> k.name("id").domain("example.com")),
                                Sessions.tokenFormat(Site.SECRET))))
                .withMessageContaining("another name");
    }
}
