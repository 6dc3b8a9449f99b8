package dev.sojourn.jwt;

import static dev.sojourn.jwt.Texts.DAY;
import static dev.sojourn.jwt.Texts.NOW;
import static dev.sojourn.jwt.Texts.SECRET;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.tools.SealedText;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fuzzes what untrusted bytes reach: the text of a sealed session or token. The bytes are also used as the header and as
 * the content of a text with the right key, so that the code behind the encryption is reached. Every build runs the inputs
 * in {@code src/test/resources}; with {@code JAZZER_FUZZ=1}, the build searches for new ones.
 */
class JweFuzzTest {
    /** The only text that was sealed for this purpose; it is also among the inputs. */
    private static final String ISSUED =
            "eyJraWQiOiJxYkpGRXoiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiZGlyIn0..aXNzdWVkLXRleHQh.WIsdpRsJ9tBcGCnOds9om9"
                    + "DfRGVEWkGBOb-Z4gksClF3m-tY.GcBNPMfdV8gLi0ZmrnsPfw";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final Map<String, String> HEADER =
            Map.of("alg", "dir", "enc", "A256GCM", "kid", SealedText.kid(SECRET, NOW));

    private final Jwe format = Jwe.secret(SECRET).application("fuzz").forPurpose("session id");
    private final SecretKeySpec key = SealedText.key(SECRET, "fuzz", "session id", NOW);
    private final Jwe access = Jwe.secret(SECRET).application("fuzz").forPurpose("access");
    private final AccessTokenFormat tokens = AccessTokens.sealed(access);

    @FuzzTest(maxDuration = "2m")
    void only_an_issued_text_opens_and_nothing_throws(byte[] bytes) {
        assertIssuedOrClosed(new String(bytes, ISO_8859_1));
        assertIssuedOrClosed(new String(bytes, UTF_8));
        assertThat(tokens.verify(new String(bytes, ISO_8859_1), NOW)).isEmpty();

        Opened withHeader = format.open(SealedText.encrypt(key, bytes, bytes, 12, 16), NOW, DAY);
        if (withHeader instanceof Opened.Content content) {
            assertThat(content.bytes()).isEqualTo(bytes);
            assertThat(JSON.readValue(bytes, Object.class)).isEqualTo(HEADER);
        }
        if (bytes.length < 6_000) {
            assertReadAsWritten(tokens.verify(access.seal(bytes, NOW), NOW));
        }
    }

    private void assertIssuedOrClosed(String text) {
        assertThat(format.open(text, NOW, DAY) instanceof Opened.Content).isEqualTo(text.equals(ISSUED));
    }

    /** Asserts that a content that is read is written and read again as the same. */
    private void assertReadAsWritten(Optional<AccessToken> token) {
        if (token.isPresent()) {
            AccessToken again = tokens.verify(
                            tokens.issue(token.get()), token.get().issuedAt())
                    .orElseThrow();
            assertThat(again.subject()).isEqualTo(token.get().subject());
            assertThat(again.tokenId()).isEqualTo(token.get().tokenId());
            assertThat(again.sessionId()).isEqualTo(token.get().sessionId());
            assertThat(again.sessionKey()).isEqualTo(token.get().sessionKey());
            assertThat(again.sessionCreatedAt()).isEqualTo(token.get().sessionCreatedAt());
            assertThat(again.expiresAt()).isEqualTo(token.get().expiresAt()).isAfter(Instant.EPOCH);
            assertThat(again.claims().sameAs(token.get().claims())).isTrue();
        }
    }
}
