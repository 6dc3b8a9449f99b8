package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sojourn.MemoryStore;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.proof.site.Reply;
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

/** A cookie's name, its format, or the transport changes, and nobody is signed out. */
class AnotherWayTest {
    private static final RecordFormat RECORDS = Sessions.recordFormat();
    private static final TokenTransport OLD = Transports.cookie(k -> k.name("old"));

    /** The format of another library: an id and its seal. */
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

    /** As it was, on a node that knows what is coming. */
    private final Site before = site(c -> c.transport(OLD)
            .tokenFormat(new Sealed())
            .alsoAccept(Transports.cookie(), Sessions.tokenFormat(Site.SECRET)));

    /** As it is to be, on a node that knows what was. */
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

    /** One request with the cookies of the jar; afterwards the jar has what the answer says. */
    private Reply ask(Site site, String path) {
        String cookies = jar.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        Reply reply = cookies.isEmpty() ? site.get(path) : site.get(path, "Cookie: " + cookies);
        for (String line : reply.cookies()) {
            String name = line.substring(0, line.indexOf('='));
            assertThat(line).contains("; Path=/");
            if (line.contains("Max-Age=0")) {
                jar.remove(name);
            } else {
                jar.put(name, line.substring(name.length() + 1, line.indexOf(';')));
            }
        }
        return reply;
    }

    private String held(String name) {
        return Objects.requireNonNull(jar.get(name), name);
    }

    private String read(Site site) {
        return ask(site, "/read").body();
    }

    @Test
    void who_comes_by_the_old_way_has_the_session_gets_the_new_token_and_loses_the_old_one() {
        ask(before, "/set?x");
        String old = held("old");
        store.forget();

        Reply read = ask(after, "/read");

        assertThat(read.body()).isEqualTo("x");
        assertThat(read.cookies()).hasSize(2);
        assertThat(read.cookies().get(1))
                .as("curl deletes what no other cookie follows")
                .startsWith("old=;");
        assertThat(read.headers("Vary")).containsExactly("Cookie");
        assertThat(store.calls()).as("a token is repeated beside a write only").containsExactly("load", "touch");
        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(held("__Host-id")).as("the same id").startsWith(old.substring(0, old.indexOf('~')) + ".");
    }

    @Test
    void once_is_enough() {
        ask(before, "/set?x");
        ask(after, "/change?y");
        store.forget();

        Reply read = ask(after, "/read");

        assertThat(read.body()).isEqualTo("y");
        assertThat(read.cookies()).isEmpty();
        assertThat(store.calls()).containsExactly("load");
    }

    @Test
    void a_node_that_gives_the_old_token_understands_the_new_one() {
        ask(after, "/set?x");
        assertThat(read(before)).isEqualTo("x");
        assertThat(jar).containsOnlyKeys("old");
        assertThat(read(after)).isEqualTo("x");
        assertThat(jar).containsOnlyKeys("__Host-id");
    }

    @Test
    void a_request_that_does_not_use_its_session_costs_nothing_and_changes_nothing() {
        ask(before, "/set?x");
        store.forget();
        assertThat(ask(after, "/untouched").cookies()).isEmpty();
        assertThat(store.calls()).isEmpty();
        assertThat(jar).containsOnlyKeys("old");
    }

    @Test
    void a_login_gives_a_new_id_the_new_way_and_the_old_token_is_worth_nothing() {
        ask(before, "/set?x");
        String old = held("old");

        ask(after, "/login?alice");

        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(ask(after, "/subject").body()).isEqualTo("alice");
        jar.clear();
        jar.put("old", old);
        assertThat(ask(after, "/subject").body()).isEqualTo("null");
        assertThat(ask(before, "/subject").body()).isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/logout", "/regenerate"})
    void a_logout_takes_every_token_away(String end) {
        ask(before, "/set?x");
        jar.put("__Host-id", "of-somebody-who-does-not-know-the-secret");
        ask(after, end);
        assertThat(jar).doesNotContainKeys("old");
        assertThat(read(after)).isEqualTo("null");
        assertThat(read(before)).isEqualTo("null");
    }

    @Test
    void of_two_valid_tokens_todays_counts_and_the_other_goes_with_the_next_answer_about_it() {
        ask(before, "/set?theirs");
        String theirs = held("old");
        jar.clear();
        ask(after, "/set?mine");
        jar.put("old", theirs);

        assertThat(read(after)).isEqualTo("mine");
        ask(after, "/change-id");
        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(read(after)).isEqualTo("mine");
    }

    @Test
    void a_token_of_today_that_nobody_issued_does_not_hide_an_old_one() {
        ask(before, "/set?x");
        jar.put("__Host-id", "forged");
        assertThat(read(after)).isEqualTo("x");
        ask(after, "/change?y");
        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(read(after)).isEqualTo("y");
    }

    @Test
    void an_old_token_that_nobody_issued_is_told_of_and_opens_nothing() {
        jar.put("old", "forged");
        assertThat(read(after)).isEqualTo("null");
        assertThat(store.calls()).isEmpty();
        assertThat(after.heard().only("tokenRefused").details()).contains(TokenRefusal.NOT_ISSUED);
    }

    @Test
    void an_id_that_todays_format_cannot_write_goes_on_as_it_came_until_there_is_a_new_one() {
        String id = "an/id+of:another=kind";
        ask(before, "/set?x");
        String made = held("old").replace("~sealed", "");
        StoredSession record = store.load(RECORDS.keyOf(made)).orElseThrow();
        assertThat(store.create(RECORDS.keyOf(id), record)).isTrue();
        jar.put("old", new Sealed().write(id));

        assertThat(read(after)).isEqualTo("x");
        assertThat(ask(after, "/change?y").cookies()).isEmpty();
        clock.advance(Duration.ofMinutes(10));
        assertThat(read(after)).isEqualTo("y");
        assertThat(jar).containsOnlyKeys("old");
        ask(after, "/change-id");
        assertThat(jar).containsOnlyKeys("__Host-id");
        assertThat(read(after)).isEqualTo("y");
    }

    @Test
    void nodes_of_both_steps_serve_one_client_in_any_order() {
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
                        ask(node, "/logout");
                        expected = "null";
                    }
                    case 1 -> ask(node, "/change-id");
                    case 2 -> clock.advance(Duration.ofMinutes(2));
                    default -> {
                        expected = "v" + i;
                        assertThat(ask(node, "/set?" + expected).status()).isEqualTo(200);
                    }
                }
                assertThat(jar).as("one token at a time").hasSizeLessThan(2);
            }
        }
    }

    @Test
    void the_format_may_change_under_the_same_name() {
        try (Site was = site(c -> c.tokenFormat(new Sealed()));
                Site is = site(c -> c.alsoAccept(Transports.cookie(), new Sealed()))) {
            ask(was, "/set?x");
            assertThat(ask(is, "/change?y").cookies()).hasSize(1);
            assertThat(held("__Host-id")).doesNotContain("~");
            assertThat(read(is)).isEqualTo("y");
            assertThat(ask(is, "/logout").cookies()).hasSize(1);
            assertThat(jar).isEmpty();
        }
    }

    @Test
    void a_header_may_become_a_cookie() {
        try (Site was = site(c -> c.transport(Transports.header("X-Session")));
                Site is = site(c -> c.alsoAccept(Transports.header("X-Session"), Sessions.tokenFormat(Site.SECRET)))) {
            String token = was.get("/set?x").header("X-Session").orElseThrow();
            Reply changed = is.get("/change?y", "X-Session: " + token);
            assertThat(changed.body()).isEqualTo("x");
            assertThat(changed.header("X-Session")).hasValue("");
            assertThat(is.as(changed.token(), "/read").body()).isEqualTo("y");
            assertThat(String.join(", ", changed.headers("Vary"))).isEqualTo("Cookie, X-Session");
        }
    }

    @Test
    void two_cookies_that_no_request_could_tell_apart_are_refused_at_start_up() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sessions.create(c -> c.secret(Site.SECRET)
                        .cookie(k -> k.name("id"))
                        .alsoAccept(
                                Transports.cookie(k -> k.name("id").domain("example.com")),
                                Sessions.tokenFormat(Site.SECRET))))
                .withMessageContaining("another name");
    }
}
