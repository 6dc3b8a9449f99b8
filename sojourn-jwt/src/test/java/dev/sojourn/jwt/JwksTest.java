package dev.sojourn.jwt;

import static dev.sojourn.jwt.SignatureAlgorithm.ES256;
import static dev.sojourn.jwt.SignatureAlgorithm.RS256;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionUnavailableException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the keys of an issuer are fetched, and what happens when that fails. The server and its TLS are real. */
class JwksTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final String ISSUER = "https://id.example.com";
    private static final String AUDIENCE = "https://orders.example.com";
    private static final Forge KEY = Forge.ec("key-1");
    private static final Forge NEXT = Forge.ec("key-2");

    private JwksServer server;
    private TrustedIssuer issuer;

    @BeforeEach
    void start() throws IOException {
        server = JwksServer.start(Forge.jwks(KEY.jwk()));
        issuer = issuer(server.address());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void one_fetch_serves_the_first_four_minutes() {
        for (int second = 0; second < 240; second += 10) {
            assertCounts(KEY, second);
        }
        assertThat(server.requests()).isOne();
        assertCounts(KEY, 240);
        assertThat(server.requests()).as("refreshed ahead").isEqualTo(2);
        assertCounts(KEY, 241);
        assertCounts(KEY, 479);
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void a_flood_of_unknown_key_ids_fetches_once_in_thirty_seconds() {
        assertCounts(KEY, 0);
        for (int i = 1; i <= 1_000; i++) {
            assertRefused(unknown(i % 60), 60);
        }
        assertThat(server.requests()).isEqualTo(2);
        for (int second = 61; second <= 180; second++) {
            assertRefused(unknown(second), second);
            assertRefused(unknown(-second), second);
            assertCounts(KEY, second);
        }
        assertThat(server.requests())
                .as("at 0, 60, 90, 120, 150 and 180 seconds")
                .isEqualTo(6);
    }

    @Test
    void a_new_key_is_found_after_at_most_thirty_seconds_and_a_removed_one_counts_no_more() {
        assertCounts(KEY, 0);
        server.serve(Forge.jwks(NEXT.jwk()));

        assertRefused(NEXT.token(payload(29)), 29);
        assertCounts(NEXT, 30);
        assertRefused(KEY.token(payload(31)), 31);
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void the_last_good_keys_count_for_an_hour_of_outage() {
        assertCounts(KEY, 0);
        server.fail(500);

        for (int second = 60; second < 3_600; second += 60) {
            assertCounts(KEY, second);
        }
        assertThat(server.requests())
                .as("tried every minute from the fourth on")
                .isEqualTo(57);
        assertUnavailable(KEY, 3_600, "status 500");

        server.serve(Forge.jwks(KEY.jwk()));
        assertUnavailable(KEY, 3_604, "status 500");
        assertCounts(KEY, 3_605);
    }

    @Test
    void a_key_that_is_missing_during_an_outage_is_unavailable_and_not_refused() {
        assertCounts(KEY, 0);
        server.fail(503);

        assertRefused(NEXT.token(payload(1)), 1);
        assertUnavailable(NEXT, 30, "status 503");
        assertUnavailable(NEXT, 31, "status 503");
        assertThat(server.requests()).isEqualTo(2);
        assertCounts(KEY, 32);

        server.serve(Forge.jwks(KEY.jwk(), NEXT.jwk()));
        assertCounts(NEXT, 60);
    }

    @Test
    void an_issuer_that_was_never_reached_is_tried_every_five_seconds() {
        server.fail(500);
        assertUnavailable(KEY, 0, "status 500");
        for (int i = 0; i < 100; i++) {
            assertUnavailable(KEY, 4, "status 500");
        }
        assertThat(server.requests()).isOne();
        server.serve(Forge.jwks(KEY.jwk()));
        assertCounts(KEY, 5);
    }

    @Test
    void nobody_listens() throws IOException {
        String address = server.address();
        server.close();

        assertUnavailable(issuer(address), KEY, 0, "https://localhost");
    }

    @Test
    void a_response_that_is_no_usable_document_does_not_count() throws IOException {
        Forge small = Forge.rsa("key-1", 1024);
        for (String document : List.of(
                "",
                "{}",
                "[]",
                "null",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[null,1,\"x\",[{}]]}",
                Forge.jwks(KEY.jwk()) + "x",
                Forge.jwks(KEY.jwk()).replace("\"keys\"", "\"keys\":[],\"keys\""),
                Forge.jwks(KEY.jwk().replace("\"kid\"", "\"id\"")),
                Forge.jwks(KEY.jwk("\"use\":\"enc\"")),
                Forge.jwks(KEY.jwk("\"key_ops\":[\"sign\"]")),
                Forge.jwks(KEY.jwk("\"d\":\"AAAA\"")),
                Forge.jwks(small.jwk()),
                Forge.jwks(small.jwk("\"p\":\"AAAA\"")),
                Forge.jwks("{\"kty\":\"oct\",\"kid\":\"key-1\",\"k\":\"" + "A".repeat(43) + "\"}"),
                Forge.jwks("{\"kty\":\"OKP\",\"kid\":\"key-1\",\"crv\":\"Ed25519\",\"x\":\"" + "A".repeat(43) + "\"}"),
                Forge.jwks("{\"kty\":\"EC\",\"kid\":\"key-1\",\"crv\":\"P-256\",\"x\":\"" + "A".repeat(43)
                        + "\",\"y\":\"" + "A".repeat(43) + "\"}"))) {
            server.serve(document);
            TrustedIssuer fresh = issuer(server.address());
            assertUnavailable(fresh, KEY, 0, document.isEmpty() || !document.contains("kty") ? "JWKS" : "");
        }
    }

    @Test
    void unusable_keys_do_not_disturb_the_others() {
        Forge rsa = Forge.rsa("rsa");
        server.serve(Forge.jwks(
                "{\"kty\":\"new\"}",
                KEY.jwk("\"d\":\"AAAA\""),
                Forge.rsa("small", 1024).jwk(),
                rsa.jwk("\"alg\":\"RS256\",\"x5c\":[\"not a certificate\"],\"x5t\":\"?\""),
                NEXT.jwk("\"key_ops\":[\"verify\"],\"later\":{\"a\":[1]}")));

        assertCounts(rsa, 0);
        assertCounts(NEXT, 0);
        assertRefused(KEY.token(payload(0)), 0);
        assertThat(server.requests()).isOne();
    }

    @Test
    void a_key_for_another_algorithm_does_not_check_this_one() {
        Forge rsa = Forge.rsa("rsa");
        server.serve(Forge.jwks(rsa.jwk("\"alg\":\"RS512\"")));

        assertRefused(rsa.token(payload(0)), 0);
    }

    @Test
    void redirects_are_not_followed() throws IOException {
        try (JwksServer other = JwksServer.start(Forge.jwks(KEY.jwk()))) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                server.handle(exchange -> {
                    exchange.getResponseHeaders().set("Location", other.address());
                    JwksServer.respond(exchange, status, "");
                });
                assertUnavailable(issuer(server.address()), KEY, 0, "redirects are not followed");
            }
            assertThat(other.requests()).isZero();
        }
    }

    @Test
    void a_document_of_more_than_fifty_kilobytes_is_not_read() {
        String padded = "{\"pad\":\"" + "x".repeat(10_000_000) + "\","
                + Forge.jwks(KEY.jwk()).substring(1);
        server.serve(padded);
        assertUnavailable(KEY, 0, "longer than 51200 bytes");

        server.serve(Forge.jwks(KEY.jwk()) + " ".repeat(45_000));
        assertCounts(KEY, 5);
    }

    @Test
    void a_server_that_hangs_delays_one_request_by_the_timeout() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.handle(exchange -> await(end));
        long before = System.nanoTime();

        assertUnavailable(
                builder(server.address()).timeout(Duration.ofMillis(100)).audience(AUDIENCE), KEY, 0, "timed out");

        end.countDown();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_body_that_arrives_byte_by_byte_is_given_up() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.handle(exchange -> {
            exchange.sendResponseHeaders(200, 10_000);
            for (int i = 0; i < 1_000 && !isOver(end, 20); i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
            }
        });

        assertUnavailable(
                builder(server.address()).timeout(Duration.ofMillis(100)).audience(AUDIENCE), KEY, 0, "took longer");
        end.countDown();
    }

    /** Such a head satisfies every timeout of a read, so another request ends it. */
    @Test
    void a_head_that_arrives_byte_by_byte_is_given_up_when_another_request_needs_the_keys() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try (ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Future<?> serving = executor.submit(() -> {
                try (Socket connection = slow.accept()) {
                    connection.getOutputStream().write("HTTP/1.1 200 OK\r\nX: ".getBytes(US_ASCII));
                    asked.countDown();
                    while (!isOver(end, 20)) {
                        connection.getOutputStream().write('x');
                    }
                } catch (SocketException e) {
                    return "closed by the client";
                }
                return "not closed";
            });
            TrustedIssuer here = TrustedIssuer.of(ISSUER)
                    .jwksOverLocalHttp("http://localhost:" + slow.getLocalPort() + "/")
                    .algorithms(ES256)
                    .timeout(Duration.ofMillis(100))
                    .audience(AUDIENCE);
            Future<?> first = executor.submit(() -> assertUnavailable(here, KEY, 0, ISSUER));
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

            while (!first.isDone()) {
                assertUnavailable(here, KEY, 0, ISSUER);
            }

            first.get();
            assertThat(serving.get(60, TimeUnit.SECONDS)).isEqualTo("closed by the client");
        } finally {
            end.countDown();
            executor.shutdownNow();
        }
    }

    @Test
    void one_request_fetches_while_the_others_go_on_with_the_keys_they_have() throws Exception {
        assertCounts(KEY, 0);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        server.handle(exchange -> {
            asked.countDown();
            await(end);
            JwksServer.respond(exchange, 200, Forge.jwks(KEY.jwk()));
        });
        TrustedIssuer slow = issuer;
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> refreshing = executor.submit(
                    () -> slow.verify(KEY.token(payload(250)), at(250)).isPresent());
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

            for (int i = 0; i < 50; i++) {
                assertCounts(KEY, 250);
            }
            assertThat(server.requests()).isEqualTo(2);

            end.countDown();
            assertThat(refreshing.get(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            end.countDown();
            executor.shutdownNow();
        }
    }

    @Test
    void an_issuer_that_hangs_delays_requests_once_and_then_the_last_good_keys_count() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        TrustedIssuer hasty =
                builder(server.address()).timeout(Duration.ofMillis(500)).audience(AUDIENCE);
        assertThat(hasty.verify(KEY.token(payload(0)), at(0))).isPresent();
        server.handle(exchange -> await(end));
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(executor.submit(
                        () -> hasty.verify(KEY.token(payload(301)), at(301)).isPresent()));
            }
            for (Future<Boolean> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
            }
            for (int i = 0; i < 100; i++) {
                assertThat(hasty.verify(KEY.token(payload(302)), at(302))).isPresent();
            }
            assertThat(server.requests()).as("one at the start, one that hangs").isEqualTo(2);
        } finally {
            end.countDown();
            executor.shutdownNow();
        }
    }

    @Test
    void requests_that_come_at_once_share_the_first_fetch() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        server.handle(exchange -> {
            asked.countDown();
            await(end);
            JwksServer.respond(exchange, 200, Forge.jwks(KEY.jwk()));
        });
        ExecutorService executor = Executors.newFixedThreadPool(16);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(executor.submit(
                        () -> issuer.verify(KEY.token(payload(0)), NOW).isPresent()));
            }
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            end.countDown();

            for (Future<Boolean> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(server.requests()).isOne();
        } finally {
            end.countDown();
            executor.shutdownNow();
        }
    }

    @Test
    void no_thread_stays_behind() {
        List<String> before = threads();

        assertCounts(KEY, 0);
        assertCounts(KEY, 300);

        assertThat(threads())
                .filteredOn(JwksTest::isOfHttpClient)
                .filteredOn(name -> !before.contains(name))
                .isEmpty();
    }

    @Test
    void a_server_whose_certificate_is_not_trusted_gives_no_keys() {
        TrustedIssuer plain = TrustedIssuer.of(ISSUER)
                .jwks(server.address())
                .algorithms(ES256)
                .timeout(Duration.ofSeconds(5))
                .audience(AUDIENCE);

        assertUnavailable(plain, KEY, 0, "certification path");
    }

    @Test
    void a_server_with_a_certificate_for_another_host_gives_no_keys() {
        assertUnavailable(issuer(server.address().replace("localhost", "127.0.0.1")), KEY, 0, "127.0.0.1");
    }

    @Test
    void an_issuer_on_this_machine_needs_no_tls_if_that_is_chosen() throws IOException {
        try (JwksServer local = JwksServer.startWithoutTls(Forge.jwks(KEY.jwk()))) {
            TrustedIssuer here = TrustedIssuer.of(ISSUER)
                    .jwksOverLocalHttp(local.address())
                    .algorithms(ES256)
                    .audience(AUDIENCE);

            assertThat(here.verify(KEY.token(payload(0)), NOW)).isPresent();
        }
    }

    /** The threads of HttpClient, and those that HttpURLConnection needs for connections that it keeps. */
    private static boolean isOfHttpClient(String thread) {
        return thread.startsWith("HttpClient-") || thread.startsWith("Keep-Alive-");
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static boolean isOver(CountDownLatch latch, int millis) throws IOException {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static TrustedIssuer issuer(String address) {
        return builder(address).audience(AUDIENCE);
    }

    /** The timeout is generous, because the machine may be busy; tests of the timeout set their own. */
    private static TrustedIssuer.Builder builder(String address) {
        return TrustedIssuer.of(ISSUER)
                .jwks(address)
                .tls(JwksServer.TLS)
                .timeout(Duration.ofSeconds(5))
                .algorithms(ES256, RS256);
    }

    private static Instant at(int second) {
        return NOW.plusSeconds(second);
    }

    private static String payload(int second) {
        return "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"alice\",\"iat\":"
                + at(second).getEpochSecond() + ",\"exp\":" + at(second + 300).getEpochSecond() + "}";
    }

    /** A token with a key id that no document has; its signature does not matter. */
    private static String unknown(int number) {
        return Forge.encode("{\"alg\":\"ES256\",\"kid\":\"unknown" + number + "\"}") + "."
                + Forge.encode(payload(Math.abs(number))) + "." + Forge.encode(new byte[64]);
    }

    private void assertCounts(Forge key, int second) {
        assertThat(issuer.verify(key.token(payload(second)), at(second)))
                .as("at %d s", second)
                .isPresent();
    }

    private void assertRefused(String token, int second) {
        assertThat(issuer.verify(token, at(second))).as("at %d s", second).isEmpty();
    }

    private void assertUnavailable(Forge key, int second, String why) {
        assertUnavailable(issuer, key, second, why);
    }

    private static void assertUnavailable(TrustedIssuer issuer, Forge key, int second, String why) {
        assertThatThrownBy(() -> issuer.verify(key.token(payload(second)), at(second)))
                .isInstanceOfSatisfying(SessionUnavailableException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.KEYS_UNAVAILABLE);
                    assertThat(e.status()).isEqualTo(503);
                })
                .hasMessageContaining(why)
                .hasMessageContaining(ISSUER);
    }
}
