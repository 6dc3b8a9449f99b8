package dev.sojourn.proof.attacks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.Transports;
import dev.sojourn.proof.site.RawResponse;
import dev.sojourn.proof.site.Site;
import dev.sojourn.spi.TokenFormat;
import dev.sojourn.testing.TestExchange;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class A10OversizedTokensTest {
    private static final int NAME = "__Host-id".length();

    /** A token format with tokens of any length. */
    private record Padded(int length) implements TokenFormat {
        @Override
        public String write(String id) {
            return id + "~".repeat(length - id.length());
        }

        @Override
        public Optional<VerifiedId> read(String token) {
            return token.contains("~")
                    ? Optional.of(new VerifiedId(token.substring(0, token.indexOf('~')), false))
                    : Optional.empty();
        }
    }

    @Test
    void a_cookie_of_4096_bytes_is_sent_and_works() {
        try (Site site = new Site(c -> c.tokenFormat(new Padded(4096 - NAME)))) {
            String token = site.get("/set?x").token();
            assertThat(token).hasSize(4096 - NAME);
            assertThat(site.getAs(token, "/read").body()).isEqualTo("x");
        }
    }

    @Test
    void a_cookie_of_4097_bytes_is_an_error_response_without_a_cookie() {
        try (Site site = new Site(c -> c.tokenFormat(new Padded(4097 - NAME)))) {
            RawResponse response = site.get("/set?x");
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.cookies()).isEmpty();
            assertThat(response.body()).doesNotContain("~");
        }
    }

    @Test
    void an_oversized_token_opens_nothing() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            ForgedTokens.assertNotAccepted(site, Site.cookie("A".repeat(60_000)));
            ForgedTokens.assertNotAccepted(site, Site.cookie("A".repeat(60_000) + token));
            ForgedTokens.assertNotAccepted(site, Site.cookie(token + "A".repeat(60_000)));
            ForgedTokens.assertNotAccepted(site, Site.cookie(token + ".".repeat(60_000)));
        }
    }

    @Test
    void the_session_cookie_is_found_in_a_header_of_sixty_four_kilobytes() {
        try (Site site = new Site()) {
            String token = site.startSession("x");
            String many = "a=;".repeat(21_000);
            assertThat(site.get("/read", "Cookie: " + many + "__Host-id=" + token)
                            .body())
                    .isEqualTo("x");
            assertThat(site.get("/read", "Cookie: " + ";".repeat(64_000) + "__Host-id=" + token)
                            .body())
                    .isEqualTo("x");
            site.store().clearCalls();
            RawResponse tooMany = site.get("/read", "Cookie: " + "__Host-id=;".repeat(5_800));
            assertThat(tooMany.body()).isEqualTo("null");
            assertThat(tooMany.cookies()).singleElement().asString().startsWith("__Host-id=;");
            assertThat(site.store().calls()).isEmpty();
        }
    }

    /** Quadratic work would take many minutes; linear work takes a fraction of a second. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void half_a_million_pairs_are_read_in_linear_time() {
        String pairs =
                IntStream.range(0, 500_000).mapToObj(i -> "name" + i + "=value").collect(Collectors.joining("; "));

        assertThat(Transports.cookie()
                        .read(new TestExchange("/", "Cookie: " + pairs + "; __Host-id=last"))
                        .tokens())
                .containsExactly("last");
    }
}
