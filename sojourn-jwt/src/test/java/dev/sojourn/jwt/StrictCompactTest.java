package dev.sojourn.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StrictCompactTest {
    private static final Set<String> SEALED = Set.of("alg", "enc", "kid");
    private static final Set<String> SIGNED = Set.of("alg", "kid", "typ");
    private static final String HEADER = "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"abcdef\"}";
    private static final String REST = "..AAAAAAAAAAAAAAAA.QUJD.AAAAAAAAAAAAAAAAAAAAAA";

    @Test
    void a_token_in_its_one_spelling_is_read() {
        StrictCompact sealed = StrictCompact.jwe(encode(HEADER) + REST, SEALED).orElseThrow();

        assertThat(sealed.header("alg")).isEqualTo("dir");
        assertThat(sealed.header("enc")).isEqualTo("A256GCM");
        assertThat(sealed.header("kid")).isEqualTo("abcdef");
        assertThat(sealed.header("typ")).isNull();
        assertThat(sealed.part(1)).isEmpty();
        assertThat(sealed.bytes(3)).isEqualTo("ABC".getBytes(StandardCharsets.UTF_8));
        assertThat(sealed).hasToString("StrictCompact[redacted]");
    }

    @Test
    void white_space_and_the_order_of_the_members_are_free() {
        assertThat(header("{\"kid\":\"a\",\r\n \"alg\":\"dir\" }\n")).isPresent();
        assertThat(header("{}")).isPresent();
    }

    @Test
    void a_header_may_have_only_the_members_that_the_caller_allows() {
        for (String other : List.of(
                "\"crit\":[\"exp\"]",
                "\"crit\":[]",
                "\"b64\":false",
                "\"b64\":false,\"crit\":[\"b64\"]",
                "\"zip\":\"DEF\"",
                "\"cty\":\"JWT\"",
                "\"typ\":\"JWT\"",
                "\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "\"jku\":\"https://example.com/keys\"",
                "\"x5u\":\"https://example.com/keys\"",
                "\"x5c\":[\"AAAA\"]",
                "\"x5t\":\"AAAA\"",
                "\"x5t#S256\":\"AAAA\"",
                "\"p2c\":2147483647",
                "\"p2s\":\"AAAA\"",
                "\"epk\":{}",
                "\"apu\":\"AAAA\"",
                "\"ALG\":\"dir\"",
                "\"other\":\"\"")) {
            assertThat(header("{\"alg\":\"dir\",\"kid\":\"a\"," + other + "}"))
                    .as(other)
                    .isEmpty();
            assertThat(header("{" + other + ",\"alg\":\"dir\",\"kid\":\"a\"}"))
                    .as(other)
                    .isEmpty();
        }
    }

    @Test
    void every_member_of_a_header_is_a_text() {
        for (String kid : List.of("1", "1.5", "null", "true", "[]", "{}", "[\"a\"]", "{\"a\":1}")) {
            assertThat(header("{\"alg\":\"dir\",\"kid\":" + kid + "}")).as(kid).isEmpty();
        }
    }

    @Test
    void a_header_with_two_members_of_one_name_is_refused() {
        assertThat(header("{\"alg\":\"dir\",\"alg\":\"dir\"}")).isEmpty();
        assertThat(header("{\"alg\":\"dir\",\"kid\":\"a\",\"\\u0061lg\":\"none\"}"))
                .isEmpty();
    }

    @Test
    void a_header_is_one_json_object_and_nothing_else() {
        for (String text : List.of(
                "",
                " {}",
                "\ufeff{}",
                "{} {}",
                "{}x",
                "{}}",
                "{}\0",
                "{} // c",
                "/* c */{}",
                "{/* c */}",
                "{'alg':'dir'}",
                "{alg:\"dir\"}",
                "{\"alg\":\"dir\",}",
                "{\"alg\":\"dir\"",
                "{\"alg\":\"di\nr\"}",
                "{\"alg\"}",
                "[]",
                "[{}]",
                "\"alg\"",
                "null",
                "1")) {
            assertThat(header(text)).as(text).isEmpty();
        }
    }

    @Test
    void a_header_in_another_encoding_than_utf_8_is_refused() {
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThat(header(HEADER.getBytes(charset))).as(charset.name()).isEmpty();
        }
        assertThat(header("{\"kid\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();
    }

    @Test
    void a_deep_or_long_header_is_refused_without_an_exception() {
        assertThat(header("{\"kid\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"))
                .isEmpty();
        assertThat(header("{\"kid\":" + "1".repeat(5_000) + "}")).isEmpty();
        assertThat(header("{\"kid\":\"" + "a".repeat(5_000) + "\"}")).isPresent();
        assertThat(header("{\"kid\":\"" + "a".repeat(6_100) + "\"}")).isEmpty();
    }

    @Test
    void a_text_of_more_than_8_kib_is_refused() {
        String start = encode(HEADER) + "..AAAAAAAAAAAAAAAA.";
        String end = ".AAAAAAAAAAAAAAAAAAAAAA";
        int room = StrictCompact.LONGEST - start.length() - end.length();

        assertThat(StrictCompact.jwe(start + "A".repeat(room / 4 * 4) + end, SEALED))
                .isPresent();
        assertThat(StrictCompact.jwe(start + "A".repeat(room / 4 * 4 + 4) + end, SEALED))
                .isEmpty();
        assertThat(StrictCompact.jwe(".".repeat(1_000_000), SEALED)).isEmpty();
    }

    @Test
    void only_base64url_without_padding_and_without_unused_bits_is_read() {
        String token = encode(HEADER) + "..AAAAAAAAAAAAAAAA.QUI.AAAAAAAAAAAAAAAAAAAAAA";
        assertThat(StrictCompact.jwe(token, SEALED)).isPresent();

        for (String content :
                List.of("QUJ", "QUK", "QUI=", "QQ", "QU", "QR", "QUI\n", " QUI", "Q UI", "Q", "Q+I", "Q/I", "QÜI")) {
            assertThat(StrictCompact.jwe(token.replace("QUI", content), SEALED).isPresent())
                    .as(content)
                    .isEqualTo(content.equals("QQ"));
        }
        for (String around : List.of("\n", " ", "\0", "=", "\ufeff", "\uff21", ".")) {
            assertThat(StrictCompact.jwe(token + around, SEALED)).as(around).isEmpty();
            assertThat(StrictCompact.jwe(around + token, SEALED)).as(around).isEmpty();
        }
    }

    @Test
    void each_kind_has_its_number_of_parts_and_says_which_may_be_empty() {
        String header = encode(HEADER);
        for (String text : List.of("", ".", "..", "....", header, header + ".QQ", header + ".QQ.QQ.QQ")) {
            assertThat(StrictCompact.jwe(text, SEALED)).as(text).isEmpty();
            assertThat(StrictCompact.jws(text, SIGNED)).as(text).isEmpty();
        }
        assertThat(StrictCompact.jwe(header + ".QQ.QQ.QQ.QQ", SEALED)).isPresent();
        assertThat(StrictCompact.jwe(header + "..QQ..QQ", SEALED)).isPresent();
        assertThat(StrictCompact.jwe(header + "...QQ.QQ", SEALED)).isEmpty();
        assertThat(StrictCompact.jwe(header + "..QQ.QQ.", SEALED)).isEmpty();
        assertThat(StrictCompact.jwe(header + "..QQ.QQ.QQ.", SEALED)).isEmpty();

        String signed = encode("{\"alg\":\"ES256\",\"kid\":\"a\",\"typ\":\"at+jwt\"}");
        assertThat(StrictCompact.jws(signed + ".QQ.QQ", SIGNED)).isPresent();
        assertThat(StrictCompact.jws(signed + ".QQ.", SIGNED)).isEmpty();
        assertThat(StrictCompact.jws(signed + "..QQ", SIGNED)).isEmpty();
        assertThat(StrictCompact.jwe(signed + ".QQ.QQ", SIGNED)).isEmpty();
        assertThat(StrictCompact.jws(header + "..QQ.QQ.QQ", SEALED)).isEmpty();
    }

    @Test
    void the_json_serialization_is_refused() {
        String json = "{\"protected\":\"" + encode(HEADER) + "\",\"iv\":\"\",\"ciphertext\":\"\",\"tag\":\"\"}";

        assertThat(StrictCompact.jwe(json, SEALED)).isEmpty();
        assertThat(StrictCompact.jws(json, SIGNED)).isEmpty();
    }

    private static Optional<StrictCompact> header(String json) {
        return header(json.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<StrictCompact> header(byte[] json) {
        return StrictCompact.jwe(Base64.getUrlEncoder().withoutPadding().encodeToString(json) + REST, SEALED);
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
