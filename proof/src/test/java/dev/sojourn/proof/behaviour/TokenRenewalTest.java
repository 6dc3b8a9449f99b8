package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Requests;
import dev.sojourn.SessionListener.DestroyReason;
import dev.sojourn.Sessions;
import dev.sojourn.Transports;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.RecordingListener.Event;
import dev.sojourn.proof.site.Site;
import dev.sojourn.proof.site.SpyStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.testing.SettableClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Session tokens that are replaced from time to time, over real sockets. */
class TokenRenewalTest {
    private static final Duration INTERVAL = Duration.ofMinutes(15);
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static void renew(Sessions.Config c) {
        c.renewTokenEvery(INTERVAL).renewalGrace(GRACE);
    }

    private static Site site() {
        return new Site(TokenRenewalTest::renew);
    }

    private static List<Object> details(Site site, String event) {
        return site.listener().all().stream()
                .filter(each -> each.name().equals(event))
                .map(Event::details)
                .map(Object.class::cast)
                .toList();
    }

    private static List<String> records(Site site) {
        return site.store().writtenRecords().stream()
                .map(record -> new String(record.payload(), StandardCharsets.UTF_8))
                .toList();
    }

    // ---- the next token

    @Test
    void a_request_whose_token_is_old_gets_the_next_one_and_the_session_stays_the_same() {
        try (Site site = site()) {
            site.addPage("/public-id", (session, exchange) -> session.publicId());
            String first = site.startSession("x");
            String publicId = site.getAs(first, "/public-id").body();
            site.clock().advance(INTERVAL.minusMillis(1));
            assertThat(site.getAs(first, "/read").cookies()).isEmpty();
            site.clock().advance(Duration.ofMillis(1));

            RawResponse response = site.getAs(first, "/read");

            assertThat(response.body()).isEqualTo("x");
            String second = response.token();
            assertThat(second).isNotEqualTo(first).startsWith(first.substring(0, first.indexOf('.')) + ".2.");
            assertThat(response.header("Cache-Control")).contains("no-store");
            assertThat(response.header("Vary")).contains("Cookie");
            assertThat(site.getAs(second, "/read").body()).isEqualTo("x");
            assertThat(site.getAs(second, "/read").cookies()).isEmpty();
            assertThat(site.getAs(second, "/public-id").body()).isEqualTo(publicId);
            assertThat(site.listener().names()).isEmpty();
        }
    }

    @Test
    void each_token_is_replaced_in_its_turn() {
        try (Site site = site()) {
            String token = site.startSession("x");
            for (int generation = 2; generation < 12; generation++) {
                site.clock().advance(INTERVAL);
                token = site.getAs(token, "/read").token();
                assertThat(token).contains("." + generation + ".");
            }
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_read_that_renews_costs_one_write_and_a_write_that_renews_costs_nothing_more() {
        try (Site site = site()) {
            String token = site.startSession("x");
            assertThat(site.getAs(token, "/read").cookies()).isEmpty();
            assertThat(site.store().calls()).as("a read").containsExactly("load");
            site.clock().advance(INTERVAL);
            site.store().clearCalls();

            String second = site.getAs(token, "/read").token();
            assertThat(site.store().calls()).as("a read that renews").containsExactly("load", "compareAndSet");
            site.store().clearCalls();
            assertThat(site.getAs(token, "/read").token()).isEqualTo(second);
            assertThat(site.store().calls()).as("a read with the former token").containsExactly("load", "touch");
            site.clock().advance(INTERVAL);
            site.store().clearCalls();
            assertThat(site.getAs(second, "/set?y").token()).isNotEqualTo(second);
            assertThat(site.store().calls()).as("a write that renews").containsExactly("load", "compareAndSet");
            site.store().clearCalls();
            assertThat(site.getAs(second, "/untouched").cookies()).isEmpty();
            assertThat(site.store().calls())
                    .as("a request that does not use its session")
                    .isEmpty();
        }
    }

    @Test
    void without_the_option_no_token_is_replaced_and_no_byte_is_stored() {
        try (Site site = new Site();
                Site renewing = site()) {
            String token = site.startSession("x");
            assertThat(token).matches("[\\w-]{43}\\.[\\w-]{43}");
            site.clock().advance(Duration.ofMinutes(29));
            assertThat(site.getAs(token, "/read").cookies()).isEmpty();
            assertThat(records(site)).noneMatch(record -> record.contains("rotation"));

            renewing.startSession("x");
            assertThat(records(renewing)).allMatch(record -> record.contains("\"rotation\":{\"n\":1,"));
        }
    }

    // ---- the former token

    @Test
    void the_former_token_opens_the_same_session_for_the_grace_period_and_gets_the_same_next_token() {
        try (Site site = site()) {
            String first = site.startSession("x");
            site.clock().advance(INTERVAL);
            String second = site.getAs(first, "/read").token();
            site.clock().advance(GRACE.minusMillis(1));

            RawResponse late = site.getAs(first, "/set?late");

            assertThat(late.status()).isEqualTo(200);
            assertThat(late.token()).isEqualTo(second);
            assertThat(site.getAs(second, "/read").body()).isEqualTo("late");
            assertThat(site.listener().names()).isEmpty();
        }
    }

    @Test
    void a_token_that_was_replaced_longer_ago_ends_the_session_and_is_reported() {
        try (Site site = site()) {
            String first = site.get("/login?alice").token();
            String other = site.get("/login?alice").token();
            site.clock().advance(INTERVAL);
            String second = site.getAs(first, "/read").token();
            site.clock().advance(GRACE);
            site.listener().clear();

            RawResponse stolen = site.getAs(first, "/subject");

            assertThat(stolen.body()).isEqualTo("null");
            assertThat(stolen.cookies()).singleElement().asString().contains("Max-Age=0");
            assertThat(site.listener().names()).containsExactly("tokenReused", "destroyed");
            assertThat(details(site, "destroyed"))
                    .singleElement()
                    .asString()
                    .contains(DestroyReason.TOKEN_REUSED.toString());
            assertThat(site.getAs(second, "/subject").body()).isEqualTo("null");
            assertThat(site.getAs(other, "/subject").body())
                    .as("the user's other session")
                    .isEqualTo("alice");
            assertThat(site.sessions().of("alice").list()).hasSize(1);
        }
    }

    @Test
    void a_token_that_was_replaced_twice_ends_the_session_at_once() {
        try (Site site = site()) {
            String first = site.startSession("x");
            site.clock().advance(INTERVAL);
            String second = site.getAs(first, "/read").token();
            site.clock().advance(INTERVAL);
            String third = site.getAs(second, "/read").token();

            assertThat(site.getAs(first, "/read").body()).isEqualTo("null");
            assertThat(site.getAs(third, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_forged_generation_is_refused_without_a_store_call() {
        try (Site site = site()) {
            String first = site.startSession("x");
            String id = first.substring(0, first.indexOf('.'));
            String signature = first.substring(first.indexOf('.') + 1);
            site.clock().advance(INTERVAL);
            String second = site.getAs(first, "/read").token();
            site.store().clearCalls();

            for (String forged : List.of(
                    id + ".1." + signature,
                    id + ".2." + signature,
                    second.replace(".2.", ".3."),
                    second.replace(".2.", ".02."),
                    second.replace(".2.", ".1."),
                    second.replace(".2.", "."))) {
                assertThat(site.getAs(forged, "/read").body()).as(forged).isEqualTo("null");
            }
            assertThat(site.store().calls()).isEmpty();
            assertThat(site.getAs(second, "/read").body()).isEqualTo("x");
        }
    }

    // ---- other requests

    @Test
    void a_response_that_is_lost_costs_nothing_within_the_grace_period() {
        try (Site site = site()) {
            String first = site.startSession("x");
            site.clock().advance(INTERVAL);
            String lost = site.getAs(first, "/read").token();
            site.clock().advance(Duration.ofSeconds(30));

            String repeated = site.getAs(first, "/read").token();

            assertThat(repeated).isEqualTo(lost);
        }
    }

    @Test
    void a_login_gives_another_id_and_its_token_begins_anew() {
        try (Site site = site()) {
            String first = site.startSession("x");
            site.clock().advance(INTERVAL);

            String signedIn = site.getAs(first, "/login?alice").token();

            assertThat(signedIn).matches("[\\w-]{43}\\.[\\w-]{43}");
            assertThat(signedIn).doesNotStartWith(first.substring(0, first.indexOf('.')));
            site.clock().advance(INTERVAL.minusMillis(1));
            assertThat(site.getAs(signedIn, "/subject").cookies()).isEmpty();
            site.clock().advance(Duration.ofMillis(1));
            assertThat(site.getAs(signedIn, "/subject").token()).contains(".2.");
        }
    }

    @Test
    void a_logout_with_an_old_token_ends_the_session_and_renews_nothing() {
        try (Site site = site()) {
            String first = site.get("/login?alice").token();
            site.clock().advance(INTERVAL);

            RawResponse response = site.getAs(first, "/logout");

            assertThat(response.cookies()).singleElement().asString().contains("Max-Age=0");
            assertThat(site.getAs(first, "/subject").body()).isEqualTo("null");
        }
    }

    @Test
    void an_elevation_and_a_csrf_token_outlive_the_renewal() {
        try (Site site = site()) {
            site.addPage("/elevate", (session, exchange) -> {
                session.elevate("payments", Duration.ofMinutes(20));
                return session.csrfToken();
            });
            site.addPage("/elevated", (session, exchange) -> {
                session.requireCsrfToken(List.of(Site.query(exchange)));
                return String.valueOf(session.isElevated("payments"));
            });
            String first = site.get("/login?alice").token();
            String csrfToken = site.getAs(first, "/elevate").body();
            site.clock().advance(INTERVAL);
            String second = site.getAs(first, "/read").token();

            assertThat(site.getAs(second, "/elevated?" + csrfToken).body()).isEqualTo("true");
        }
    }

    @Test
    void a_quiet_path_renews_nothing() {
        try (Site site = new Site(c -> {
            renew(c);
            c.quiet("/read");
        })) {
            String first = site.startSession("x");
            site.clock().advance(INTERVAL);

            assertThat(site.getAs(first, "/read").cookies()).isEmpty();
            assertThat(site.store().calls()).containsExactly("load");
        }
    }

    @Test
    void a_websocket_handshake_renews_nothing_because_its_response_may_carry_no_cookie() {
        try (Site site = site()) {
            String first = site.startSession("x");
            site.clock().advance(INTERVAL);

            RawResponse response = site.get("/read", Site.cookie(first), "Upgrade: websocket");

            assertThat(response.body()).isEqualTo("x");
            assertThat(response.cookies()).isEmpty();
            assertThat(site.getAs(first, "/read").token()).contains(".2.");
        }
    }

    @Test
    void a_client_that_sends_its_token_in_a_header_keeps_it() {
        try (Site site = new Site(c -> {
            renew(c);
            TokenTransport bearer = Transports.bearer();
            c.transport(Transports.cookie(), bearer).newTokensBy(bearer, Requests.below("/set"));
        })) {
            String token =
                    site.get("/set?x").header(Transports.BEARER_RESPONSE_HEADER).orElseThrow();
            site.clock().advance(INTERVAL);

            RawResponse response = site.get("/read", "Authorization: Bearer " + token);

            assertThat(response.body()).isEqualTo("x");
            assertThat(response.header(Transports.BEARER_RESPONSE_HEADER)).isEmpty();
        }
    }

    // ---- nodes and configurations

    @Test
    void sessions_from_before_the_option_are_renewed_and_keep_their_last_token_after_it() {
        SettableClock clock = new SettableClock();
        SpyStore store = new SpyStore(MemoryStore.builder().clock(clock).build());
        try (Site before = new Site(clock, store, c -> {});
                Site with = new Site(clock, store, TokenRenewalTest::renew);
                Site after = new Site(clock, store, c -> {})) {
            String first = before.startSession("x");
            clock.advance(INTERVAL);
            String second = with.getAs(first, "/read").token();
            assertThat(second).contains(".2.");

            assertThat(after.getAs(second, "/set?y").cookies()).isEmpty();
            clock.advance(INTERVAL);
            assertThat(after.getAs(second, "/read").body()).isEqualTo("y");
            assertThat(after.getAs(second, "/read").cookies()).isEmpty();
            assertThat(after.getAs(first, "/read").body())
                    .as("a replaced token")
                    .isEqualTo("null");
        }
    }

    @Test
    void another_node_accepts_both_tokens_and_computes_the_same_next_one() {
        SettableClock clock = new SettableClock();
        SpyStore store = new SpyStore(MemoryStore.builder().clock(clock).build());
        try (Site one = new Site(clock, store, TokenRenewalTest::renew);
                Site other = new Site(clock, store, TokenRenewalTest::renew)) {
            String first = one.startSession("x");
            clock.advance(INTERVAL);
            String second = one.getAs(first, "/read").token();

            assertThat(other.getAs(first, "/read").token()).isEqualTo(second);
            assertThat(other.getAs(second, "/read").body()).isEqualTo("x");
            clock.advance(GRACE);
            assertThat(other.getAs(first, "/read").body()).isEqualTo("null");
            assertThat(one.getAs(second, "/read").body()).isEqualTo("null");
        }
    }

    @Test
    void a_store_that_lost_the_renewal_goes_on_from_the_token_of_the_client() {
        SettableClock clock = new SettableClock();
        SpyStore store = new SpyStore(MemoryStore.builder().clock(clock).build());
        SpyStore restored = new SpyStore(MemoryStore.builder().clock(clock).build());
        try (Site site = new Site(clock, store, TokenRenewalTest::renew);
                Site afterFailover = new Site(clock, restored, TokenRenewalTest::renew)) {
            String first = site.startSession("x");
            for (StoreKey key : store.keys()) {
                restored.create(key, store.load(key).orElseThrow());
            }
            clock.advance(INTERVAL);
            String second = site.getAs(first, "/read").token();

            RawResponse response = afterFailover.getAs(second, "/read");

            assertThat(response.body()).isEqualTo("x");
            assertThat(afterFailover.listener().names()).containsExactly("storeLostWrites");
            assertThat(afterFailover.getAs(second, "/read").body()).isEqualTo("x");
            assertThat(afterFailover.listener().names()).containsExactly("storeLostWrites");
        }
    }

    @Test
    void a_token_that_an_older_secret_signed_is_signed_again_in_its_generation() {
        SettableClock clock = new SettableClock();
        SpyStore store = new SpyStore(MemoryStore.builder().clock(clock).build());
        try (Site before = new Site(clock, store, TokenRenewalTest::renew);
                Site after = new Site(clock, store, c -> {
                    renew(c);
                    c.secret(Site.OTHER_SECRET, Site.SECRET);
                })) {
            String first = before.startSession("x");
            clock.advance(INTERVAL);
            String second = before.getAs(first, "/read").token();

            String again = after.getAs(second, "/read").token();

            assertThat(again).contains(".2.").isNotEqualTo(second);
            assertThat(after.getAs(again, "/read").body()).isEqualTo("x");
        }
    }
}
