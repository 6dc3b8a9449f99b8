package dev.sojourn.jwt;

import static dev.sojourn.jwt.SignatureAlgorithm.ES256;
import static dev.sojourn.jwt.SignatureAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import dev.sojourn.TokenViews;
import dev.sojourn.jwt.ViewService.Response;
import dev.sojourn.testing.SettableClock;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a client of a service sees when the key document of an issuer is hostile or out of reach: the rows of the table of
 * attacks that concern JWKS, over real HTTP. {@link JwksTest} has the details of when keys are fetched.
 */
class JwksOverHttpTest {
    private static final String ISSUER = "https://id.example.com";
    private static final String AUDIENCE = "https://orders.example.com";
    private static final Forge KEY = Forge.ec("key-1");
    private static final Forge NEXT = Forge.ec("key-2");
    private static final Forge SHORT = Forge.rsa("short", 1024);

    private final SettableClock clock = new SettableClock();
    private final CountDownLatch end = new CountDownLatch(1);
    private JwksServer issuer;
    private JwksServer elsewhere;
    private ViewService service;

    @BeforeEach
    void start() throws IOException {
        clock.set(Instant.ofEpochSecond(1_800_000_000));
        issuer = JwksServer.start(Forge.jwks(KEY.jwk()));
        elsewhere = JwksServer.start(Forge.jwks(KEY.jwk()));
        service = service(Duration.ofSeconds(5));
    }

    /** The timeout is generous, because the machine may be busy. */
    private ViewService service(Duration timeout) throws IOException {
        TrustedIssuer trusted = TrustedIssuer.of(ISSUER)
                .jwks(issuer.address())
                .tls(JwksServer.TLS)
                .timeout(timeout)
                .algorithms(ES256, RS256)
                .audience(AUDIENCE);
        return ViewService.start(TokenViews.create(c -> c.trust(trusted).clock(clock)));
    }

    @AfterEach
    void stop() {
        end.countDown();
        service.close();
        issuer.close();
        elsewhere.close();
    }

    private String tokenOf(Forge key) {
        long now = clock.instant().getEpochSecond();
        return key.token("{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"bob\",\"iat\":" + now
                + ",\"exp\":" + (now + 300) + "}");
    }

    private void assertCounts(Forge key) throws IOException {
        Response response = service.get(tokenOf(key));
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).startsWith("bob");
    }

    private void assertRefused(Forge key) throws IOException {
        Response response = service.get(tokenOf(key));
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.values("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
    }

    /** The client is asked to repeat the request; nothing signs it out, and nothing shows where the keys are. */
    private void assertUnavailable(Forge key) throws IOException {
        Response response = service.get(tokenOf(key));
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.values("Retry-After")).containsExactly("1");
        assertThat(response.values("WWW-Authenticate")).isEmpty();
        assertThat(response.values("Set-Cookie")).isEmpty();
        assertThat(response.body()).doesNotContain("https://localhost").doesNotContain(ISSUER);
    }

    /**
     * A response of the issuer's server that has no usable key.
     *
     * @param name what is wrong
     * @param response what the server does
     */
    private record Row(String name, Hostile response) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Makes a handler for a running test. */
    @FunctionalInterface
    private interface Hostile {
        HttpHandler in(JwksOverHttpTest test);
    }

    private static Row document(String name, String document) {
        return new Row(name, test -> exchange -> JwksServer.respond(exchange, 200, document));
    }

    private static Row redirect(int status) {
        return new Row("a redirect with " + status, test -> exchange -> {
            exchange.getResponseHeaders().set("Location", test.elsewhere.address());
            JwksServer.respond(exchange, status, "");
        });
    }

    static Stream<Row> hostile() {
        return Stream.of(
                redirect(301),
                redirect(302),
                redirect(303),
                redirect(307),
                redirect(308),
                new Row("an error", test -> exchange -> JwksServer.respond(exchange, 500, Forge.jwks(KEY.jwk()))),
                new Row("a response that ends early", test -> exchange -> {
                    exchange.sendResponseHeaders(200, 10_000);
                    exchange.getResponseBody().write('{');
                }),
                document(
                        "10 MB",
                        "{\"pad\":\"" + "x".repeat(10_000_000) + "\","
                                + Forge.jwks(KEY.jwk()).substring(1)),
                document("an empty body", ""),
                document("a page", "<html>Please sign in</html>"),
                document("no keys", Forge.jwks()),
                document("a name twice", Forge.jwks(KEY.jwk()).replace("{\"keys\"", "{\"keys\":[],\"keys\"")),
                document("text after the document", Forge.jwks(KEY.jwk()) + "x"),
                document("a private key", Forge.jwks(KEY.jwk("\"d\":\"AAAA\""))),
                document(
                        "a private RSA key",
                        Forge.jwks(Forge.rsa("key-1").jwk("\"d\":\"AAAA\",\"p\":\"AAAA\",\"q\":\"AAAA\""))),
                document(
                        "a shared secret",
                        Forge.jwks("{\"kty\":\"oct\",\"kid\":\"key-1\",\"k\":\"" + "A".repeat(43) + "\"}")),
                document("a key for encryption", Forge.jwks(KEY.jwk("\"use\":\"enc\""))),
                document("a key without an id", Forge.jwks(KEY.jwk().replace("\"kid\"", "\"id\""))),
                document("RSA with 1,024 bits", Forge.jwks(SHORT.jwk())),
                document("a point off the curve", Forge.jwks(offTheCurve())),
                document(
                        "a point at infinity",
                        Forge.jwks("{\"kty\":\"EC\",\"kid\":\"key-1\",\"crv\":\"P-256\",\"x\":\"" + "A".repeat(43)
                                + "\",\"y\":\"" + "A".repeat(43) + "\"}")));
    }

    /** Returns a key whose second coordinate is one too large. */
    private static String offTheCurve() {
        String jwk = KEY.jwk();
        int from = jwk.indexOf("\"y\":\"") + 5;
        String y = jwk.substring(from, jwk.indexOf('"', from));
        byte[] other = new BigInteger(1, Base64.getUrlDecoder().decode(y))
                .xor(BigInteger.ONE)
                .setBit(256)
                .toByteArray();
        return jwk.replace(y, Forge.encode(Arrays.copyOfRange(other, other.length - 32, other.length)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void a_document_without_a_usable_key_is_a_503_until_the_issuer_has_one(Row row) throws IOException {
        issuer.handle(row.response().in(this));

        assertUnavailable(KEY);
        assertUnavailable(SHORT);
        assertThat(issuer.requests())
                .as("after a failure, one fetch in five seconds")
                .isOne();
        assertThat(elsewhere.requests()).as("redirects are not followed").isZero();

        issuer.serve(Forge.jwks(KEY.jwk()));
        clock.advance(Duration.ofSeconds(5));
        assertCounts(KEY);
        assertThat(issuer.requests()).isEqualTo(2);
    }

    @Test
    void a_server_that_hangs_is_a_503_after_the_timeout() throws IOException {
        issuer.handle(exchange -> {
            try {
                assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        try (ViewService hasty = service(Duration.ofMillis(100))) {
            long before = System.nanoTime();

            assertThat(hasty.get(tokenOf(KEY)).status()).isEqualTo(503);

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void keys_that_do_not_count_leave_the_others_usable() throws IOException {
        issuer.serve(Forge.jwks(
                SHORT.jwk(), offTheCurve().replace("key-1", "key-3"), NEXT.jwk("\"d\":\"AAAA\""), KEY.jwk()));

        assertCounts(KEY);
        assertRefused(SHORT);
        assertRefused(NEXT);
        assertThat(issuer.requests()).isOne();
    }

    @Test
    void a_flood_of_unknown_key_ids_is_401_and_one_fetch_in_thirty_seconds() throws IOException {
        for (int round = 1; round <= 3; round++) {
            for (int i = 0; i < 50; i++) {
                assertRefused(Forge.ec("unknown" + i));
            }
            assertThat(issuer.requests()).isEqualTo(round);
            clock.advance(Duration.ofSeconds(30));
        }
        assertCounts(KEY);
    }

    @Test
    void in_an_outage_the_last_good_keys_count_for_an_hour_and_a_missing_one_is_a_503() throws IOException {
        assertCounts(KEY);
        issuer.fail(500);

        for (int minute = 1; minute < 60; minute++) {
            clock.advance(Duration.ofMinutes(1));
            assertCounts(KEY);
        }
        assertUnavailable(NEXT);
        clock.advance(Duration.ofMinutes(1));
        assertUnavailable(KEY);

        issuer.serve(Forge.jwks(KEY.jwk(), NEXT.jwk()));
        clock.advance(Duration.ofSeconds(5));
        assertCounts(KEY);
        assertCounts(NEXT);
    }
}
