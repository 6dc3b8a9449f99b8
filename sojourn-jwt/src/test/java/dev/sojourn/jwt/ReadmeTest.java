package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.DAY;
import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.OTHER;
import static dev.sojourn.jwt.Texts.SECRET;
import static dev.sojourn.jwt.Texts.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.TestExchange;
import dev.sojourn.tools.Quotation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code and the figures of README.md. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/sojourn/jwt/ReadmeTest.java");

    /** Stands in for the environment, so that the quoted lines run as they are. */
    @SuppressWarnings("JavaLangClash") // on purpose
    private static final class System {
        private static final Map<String, String> ENVIRONMENT = Map.of(
                "SOJOURN_SECRET", SECRET, "SIGNING_KEY", read(Path.of("src/test/resources/dev/sojourn/jwt/rsa.pem")));

        static String getenv(String name) {
            return Objects.requireNonNull(ENVIRONMENT.get(name));
        }
    }

    @Test
    void the_quoted_lines_issue_tokens_and_check_them() throws IOException {
        SessionStore revoked = new MemoryStore();
        // sealed
        Jwe seal = Jwe.secret(System.getenv("SOJOURN_SECRET")).application("shop");
        SealedSessions sessions = SealedSessions.create(c -> c.seal(seal).revocations(Revocations.in(revoked)));
        AccessTokenFormat sealed = AccessTokens.sealed(seal);
        // signed
        TokenKeys keys = TokenKeys.of(TokenKey.fromPem(System.getenv("SIGNING_KEY")));
        AccessTokenFormat signed =
                AccessTokens.signed(keys).issuer("https://shop.example.com").audience("https://orders.example.com");
        // others
        TokenVerifier others = TrustedIssuer.of("https://id.example.com/realms/shop")
                .jwks("https://id.example.com/realms/shop/protocol/openid-connect/certs")
                .algorithms(SignatureAlgorithm.RS256)
                .audience("https://orders.example.com");
        // end

        AccessToken token = new AccessToken(
                null,
                "alice",
                null,
                "AAAAAAAAAAAAAAAAAAAAAA",
                StoreKey.of("key"),
                NOW,
                NOW,
                NOW.plusSeconds(300),
                JsonMembers.EMPTY);
        assertThat(seal.open(seal.seal(utf8("content"), NOW), NOW, DAY)).isInstanceOf(Opened.Content.class);
        String text = new TestExchange("/")
                .serveSealed(sessions, session -> session.login("alice"))
                .token();
        new TestExchange("/", "Cookie: __Host-id=" + text)
                .serveSealed(sessions, session -> assertThat(session.subject()).isEqualTo("alice"));
        for (AccessTokenFormat format : List.of(sealed, signed)) {
            assertThat(format.verify(format.issue(token), NOW))
                    .hasValueSatisfying(read -> assertThat(read.subject()).isEqualTo("alice"));
            assertThat(others.verify(format.issue(token), NOW)).isEmpty();
        }
        assertThat(Quotation.javaBlocks(README).stream().map(Quotation::withoutWhitespace))
                .containsExactly(
                        quoted("// sealed", "// signed"),
                        quoted("// signed", "// others"),
                        quoted("// others", "// end"));
    }

    private static String quoted(String begin, String end) throws IOException {
        return Quotation.withoutWhitespace(Quotation.linesBetween(SOURCE, begin, end));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_steps_to_replace_a_secret_leave_no_node_without_a_key() throws IOException {
        assertThat(Files.readString(README))
                .contains("`Jwe.secret(current, next)`", "`Jwe.secret(next, current)`", "`Jwe.secret(next)`");
        List<Jwe> steps =
                List.of(Jwe.secret(SECRET), Jwe.secret(SECRET, OTHER), Jwe.secret(OTHER, SECRET), Jwe.secret(OTHER));

        for (int step = 1; step < steps.size(); step++) {
            Jwe before = steps.get(step - 1);
            Jwe after = steps.get(step);
            assertThat(before.open(after.seal(utf8("content"), NOW), NOW, DAY)).isInstanceOf(Opened.Content.class);
            // Before the last step, the texts of the former secret have ended.
            assertThat(after.open(before.seal(utf8("content"), NOW), NOW, DAY)).isInstanceOf(Opened.Content.class);
        }
    }

    @Test
    void the_table_of_sizes_is_exact() throws IOException {
        String page = Files.readString(README);
        Jwe seal = Jwe.secret(SECRET);

        Stream.of("90 bytes | 221 ", "180 bytes | 341 ", "189 bytes | 353 ", "2,987 bytes | 4,084 ")
                .peek(row -> assertThat(page).contains("| " + row + "characters |"))
                .map(row -> row.replaceAll("[^0-9|]", "").split("\\|"))
                .forEach(row ->
                        assertThat(seal.sealedLength(Integer.parseInt(row[0]))).isEqualTo(Integer.parseInt(row[1])));
    }
}
